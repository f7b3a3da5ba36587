// The catalogue in kilat: a hash of rows, and a sorted set of words that is searched by prefix.
const BATCH = 1500;

const countries = new Intl.DisplayNames('en', { type: 'region' });

/** Lower case without accents: what people type. */
const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

export function countryOf(code) {
  try {
    return countries.of(code);
  } catch {
    return code;
  }
}

export class Journeys {
  constructor(db) {
    this.db = db;
  }

  get version() {
    return this.db.get('catalogue:version');
  }

  get count() {
    return this.db.hlen('journeys');
  }

  /** Takes what the server has, if it is something else; `onFirst` is called when the first rows can be shown. */
  async refresh(onFirst) {
    const response = await fetch('catalogue.json');
    if (!response.ok) throw new Error(`the catalogue: ${response.status}`);
    const { version, rows } = await response.json();
    if (version === this.version) return false;
    await this.db.delete('journeys:words');
    for (let at = 0; at < rows.length; at += BATCH) {
      const part = rows.slice(at, at + BATCH);
      const fields = part.flatMap((row, i) => [String(at + i), JSON.stringify(row)]);
      const words = part.flatMap((row, i) => wordsOf(row, at + i)).flatMap((word) => [0, word]);
      await Promise.all([this.db.call('HSET', 'journeys', ...fields), this.db.call('ZADD', 'journeys:words', ...words)]);
      if (at === 0) onFirst();
    }
    await this.db.set('catalogue:version', version);
    return true;
  }

  get(id) {
    const text = this.db.hget('journeys', String(id));
    if (text === null) return null;
    const [name, country, lat, lng, km, days, price] = JSON.parse(text);
    return { id: Number(id), name, country: countryOf(country), lat, lng, km, days, price };
  }

  /** The first so many; the window's when nothing is asked. */
  find(asked, limit) {
    const text = plain(asked.trim());
    if (text === '') return this.some(Array.from({ length: limit }, (_, id) => id));
    const words = this.db.call('ZRANGEBYLEX', 'journeys:words', `[${text}`, `[${text}\u{10ffff}`, 'LIMIT', 0, limit * 3);
    const ids = new Set(words.map((word) => Number(word.slice(word.indexOf('\0') + 1))));
    // What the window shows has the lowest ids: of many cities of one name the known one comes first.
    return this.some([...ids].sort((a, b) => a - b).slice(0, limit));
  }

  some(ids) {
    return ids.map((id) => this.get(id)).filter(Boolean);
  }
}

/** A row is found by every word that its name or its country has, and by what follows the word. */
function wordsOf([name, country], id) {
  return [plain(name), plain(countryOf(country))].flatMap((text) => {
    const words = text.split(/[\s-]+/);
    return words.map((_, i) => `${words.slice(i).join(' ')}\0${id}`);
  });
}
