/** The browser of keys: a page of SCAN, and the value of the one chosen. */
import type { Kilat } from 'kilat';
import { byId, element } from './page';

const SHOWN_MAX = 200;

/** How to see a value of each type: whole while it is small, then the first of it. */
const READERS: Record<string, { count?: string; whole: string[]; some: string[] }> = {
  string: { count: 'STRLEN', whole: ['GET'], some: ['GETRANGE', '0', '9999'] },
  'ReJSON-RL': { whole: ['JSON.GET'], some: [] },
  hash: { count: 'HLEN', whole: ['HGETALL'], some: ['HSCAN', '0', 'COUNT', '200'] },
  list: { count: 'LLEN', whole: ['LRANGE', '0', '-1'], some: ['LRANGE', '0', '199'] },
  set: { count: 'SCARD', whole: ['SMEMBERS'], some: ['SSCAN', '0', 'COUNT', '200'] },
  zset: { count: 'ZCARD', whole: ['ZRANGE', '0', '-1', 'WITHSCORES'], some: ['ZRANGE', '0', '199', 'WITHSCORES'] },
};
const WHOLE_MAX: Record<string, number> = { string: 10_000 };

export class Keys {
  private chosen = '';
  private drawn = -1;

  constructor(
    private db: Kilat,
    private text: (argv: string[]) => string,
  ) {
    byId('keys-pattern').oninput = () => this.draw();
    byId('keys-type').onchange = () => this.draw();
    setInterval(() => this.refresh(), 500);
    this.draw();
  }

  private refresh() {
    const { seq } = this.db.status();
    if (seq !== this.drawn && !document.hidden) this.draw();
  }

  private draw() {
    this.drawn = this.db.status().seq;
    const pattern = byId<HTMLInputElement>('keys-pattern').value || '*';
    const type = byId<HTMLSelectElement>('keys-type').value;
    const names = this.scan(pattern, type);
    byId('keys-list').replaceChildren(...names.map((name) => this.row(name)));
    const all = this.db.call('DBSIZE') as number;
    const shown = names.length < SHOWN_MAX ? `${names.length}` : `the first ${SHOWN_MAX}`;
    byId('keys-count').textContent = `${shown} of ${all.toLocaleString('en')} keys`;
    this.show();
  }

  private scan(pattern: string, type: string): string[] {
    const names: string[] = [];
    let cursor = '0';
    // A pattern that nothing matches would walk the whole table: enough is enough.
    for (let steps = 0; steps < 60 && names.length < SHOWN_MAX; steps++) {
      const only = type ? ['TYPE', type] : [];
      const reply = this.db.call('SCAN', cursor, 'MATCH', pattern, 'COUNT', 500, ...only) as [string, string[]];
      cursor = reply[0];
      names.push(...reply[1]);
      if (cursor === '0') break;
    }
    return names.slice(0, SHOWN_MAX).sort();
  }

  private row(name: string) {
    const ttl = this.db.call('PTTL', name) as number;
    const left = ttl < 0 ? '' : `${Math.ceil(ttl / 1000)} s`;
    const type = this.db.call('TYPE', name) as string;
    const button = element('button', { type: 'button', 'aria-current': this.chosen === name ? 'true' : undefined },
      element('span', { class: 'name' }, name),
      element('span', { class: 'ttl', title: 'time to live' }, left),
      element('span', { class: 'type' }, type === 'ReJSON-RL' ? 'JSON' : type));
    button.onclick = () => {
      this.chosen = name;
      this.draw();
    };
    return element('li', {}, button);
  }

  private show() {
    if (this.chosen === '') return;
    const type = this.db.call('TYPE', this.chosen) as string;
    const reader = READERS[type];
    const box = byId('keys-value');
    if (!reader) {
      box.replaceChildren(element('p', { class: 'hint' }, `${this.chosen} is gone.`));
      return;
    }
    const count = reader.count ? (this.db.call(reader.count, this.chosen) as number) : 1;
    const isWhole = count <= (WHOLE_MAX[type] ?? 500);
    const [command, ...rest] = isWhole ? reader.whole : reader.some;
    const encoding = this.db.call('OBJECT', 'ENCODING', this.chosen) as string;
    box.replaceChildren(
      element('h3', {}, this.chosen),
      element('p', { class: 'hint' }, `${type === 'ReJSON-RL' ? 'JSON' : type}, kept as ${encoding}${isWhole ? '' : `; the first of ${count.toLocaleString('en')}`}`),
      element('pre', { tabindex: '0' }, this.text([command!, this.chosen, ...rest])));
  }
}
