// Keys, values and orders that every contender is given: the same ones, made by a seed. Imports nothing.

/** 14 bytes: `key:0000000042`. */
export const keyOf = (i, prefix = 'key') => `${prefix}:${String(i).padStart(13 - prefix.length, '0')}`;

/** A generator of numbers in [0, 1): mulberry32. */
export function random(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function shuffle(list, seed = 1) {
  const next = random(seed);
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}

/** Text of so many ASCII bytes, another one for each `i`; flat, as text that came from a network is. */
export function valueOf(bytes, i = 0) {
  const head = `${i}:`;
  const text = head + 'abcdefghijklmnopqrstuvwxyz'.repeat(Math.ceil(bytes / 26));
  return JSON.parse(JSON.stringify(text.slice(0, bytes)));
}

/** An object whose JSON text has about 1 KB. */
export function objectOf(i = 0) {
  const comments = Array.from({ length: 8 }, (_, j) => ({ id: i * 8 + j, author: `user${j}`, text: valueOf(60, j), likes: j * 3, hidden: j % 2 === 0 }));
  return { id: i, name: `Ada ${i}`, tags: ['one', 'two', 'three'], comments };
}

/**
 * A trace of `length` key numbers below `keys` after Zipf's law with exponent `s`. The frequent ones are spread over
 * all numbers.
 */
export function zipf({ keys, length, s = 0.99, seed = 7 }) {
  const shares = new Float64Array(keys);
  let sum = 0;
  for (let i = 0; i < keys; i++) {
    sum += 1 / (i + 1) ** s;
    shares[i] = sum;
  }
  const places = shuffle(Uint32Array.from({ length: keys }, (_, i) => i), seed);
  const next = random(seed + 1);
  return Uint32Array.from({ length }, () => {
    const wanted = next() * sum;
    let [low, high] = [0, keys - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (shares[middle] < wanted) low = middle + 1;
      else high = middle;
    }
    return places[low];
  });
}
