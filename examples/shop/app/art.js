// A picture for every journey, drawn from where it is: the sun by its latitude, hills by its place, sea by its distance.
const PALETTES = [
  ['#f9d9a8', '#f2a679', '#7d4f6b', '#3c2f4a'],
  ['#cfe8ef', '#8fc1d4', '#3f7f8c', '#1f4a57'],
  ['#fbe3d0', '#e8987a', '#a34d4f', '#4f2a3a'],
  ['#dfeccf', '#a5c88b', '#4f8a5b', '#24513c'],
  ['#d9d7f1', '#a7a0d8', '#5c5aa0', '#2c2c5c'],
  ['#fdeeb8', '#f0bf62', '#b8743a', '#5c3a26'],
];

/** Numbers from 0 to 1 that follow from a seed. */
function dice(seed) {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 3266489917) >>> 0;
    return state / 2 ** 32;
  };
}

function hills(roll, base, height) {
  const points = Array.from({ length: 6 }, (_, i) => [i * 64, base - roll() * height]);
  const curve = points.slice(1).map(([x, y], i) => `S${x - 32} ${y} ${x} ${(y + points[i][1]) / 2}`).join('');
  return `M0 ${points[0][1]}${curve}V120H0Z`;
}

export function picture({ id, lat }) {
  const roll = dice(id + 1);
  const [sky, sun, far, near] = PALETTES[Math.floor(roll() * PALETTES.length)];
  const y = 22 + Math.min(52, Math.abs(lat) * 0.75);
  const x = 50 + roll() * 220;
  return `<svg viewBox="0 0 320 120" preserveAspectRatio="xMidYMid slice" aria-hidden="true"><rect width="320" height="120" fill="${sky}"/>
    <circle cx="${x.toFixed(0)}" cy="${y.toFixed(0)}" r="17" fill="${sun}"/><path d="${hills(roll, 92, 46)}" fill="${far}" opacity=".72"/>
    <path d="${hills(roll, 110, 34)}" fill="${near}"/></svg>`;
}
