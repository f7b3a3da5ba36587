// Kelana: a shop that starts, reads and orders with the network off.
import { open } from 'kilat';
import { createCache } from 'kilat/cache';
import { picture } from './art.js';
import { Journeys } from './journeys.js';
import { Orders } from './orders.js';

const PAGE = 24;
const STATES = {
  queued: ['waits for the network', '◷'],
  sending: ['is on its way', '↑'],
  done: ['is confirmed', '✓'],
  dead: ['was refused', '!'],
};

const one = (selector) => document.querySelector(selector);
const money = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR', maximumFractionDigits: 0 });
const number = new Intl.NumberFormat('en');
const escape = (text) => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);

if ('serviceWorker' in navigator) navigator.serviceWorker.register('sw.js');

const db = await open({ name: 'kelana' });
const journeys = new Journeys(db);
const orders = new Orders(db, later);
const cache = createCache(db, { maxBytes: 2e6 });
const seatsLeft = cache.cached('seats', async (id, { signal }) => {
  const response = await fetch(`seats/${id}`, { signal });
  if (!response.ok) throw new Error(`seats: ${response.status}`);
  return (await response.json()).left;
}, { ttl: 60, staleWhileRevalidate: 7 * 86_400, tags: ['seats'] });

let limit = PAGE;
let frame = 0;

/** What many events ask for is drawn once. */
function later() {
  frame ||= requestAnimationFrame(() => {
    frame = 0;
    draw();
  });
}

const view = () => (['favourites', 'orders'].includes(location.hash.slice(1)) ? location.hash.slice(1) : 'journeys');

function draw() {
  const shown = view();
  document.body.dataset.view = shown;
  for (const link of document.querySelectorAll('nav a')) {
    const isHere = link.hash.slice(1) === shown;
    if (isHere) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  const all = orders.all();
  const waiting = all.filter(({ state }) => state === 'queued' || state === 'sending').length;
  const favourites = orders.favourites();
  one('#count-favourites').textContent = favourites.length || '';
  one('#count-orders').textContent = all.length || '';
  drawList(shown === 'favourites' ? journeys.some(favourites) : journeys.find(one('#search').value, limit), shown);
  drawOrders(all, waiting);
  drawNetwork(waiting);
}

function drawList(list, shown) {
  const asked = one('#search').value.trim();
  one('#list').innerHTML = list.map(card).join('');
  one('#more').hidden = shown !== 'journeys' || list.length < limit;
  const total = journeys.count;
  one('#title').textContent = shown === 'favourites' ? 'Your favourites' : asked ? `Journeys to “${asked}”` : 'Where to next?';
  one('#found').textContent =
    shown === 'favourites'
      ? list.length === 0 ? 'Nothing yet: the heart on a journey keeps it here.' : `${list.length} kept`
      : asked && list.length === 0 ? 'No city of that name. Try fewer letters.'
      : asked ? `${list.length}${list.length === limit ? ' or more' : ''} found in ${number.format(total)}`
      : total === 0 ? 'Fetching the catalogue…' : `${number.format(total)} cities, all of them on this device`;
}

function card(journey) {
  const isFavourite = orders.isFavourite(journey.id);
  const left = seatsLeft.peek(journey.id);
  const name = escape(journey.name);
  return `<li class="card"><div class="art">${picture(journey)}
    <button class="heart" data-favourite="${journey.id}" aria-pressed="${isFavourite}" aria-label="Favourite: ${name}"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 20.3 4.6 13a4.9 4.9 0 0 1 7-6.9l.4.4.4-.4a4.9 4.9 0 0 1 7 6.9Z"/></svg></button></div>
    <div class="words"><h3>${name}</h3><p>${escape(journey.country)}</p>
    <p class="facts">${journey.days} days · ${number.format(journey.km)} km${left === undefined ? '' : ` · ${left} seats`}</p></div>
    <div class="buy"><strong>${money.format(journey.price)}</strong><button class="order" data-order="${journey.id}" aria-label="Order a journey to ${name}">Order</button></div></li>`;
}

function drawOrders(all, waiting) {
  one('#order-list').innerHTML = all.map(({ id, name, country, price, state, at }) => {
    const [words, sign] = STATES[state];
    const time = new Date(at).toLocaleTimeString('en', { hour: '2-digit', minute: '2-digit' });
    const acts = state === 'dead'
      ? `<button data-retry="${id}">Try again</button><button data-cancel="${id}">Remove</button>`
      : state === 'queued' ? `<button data-cancel="${id}" aria-label="Cancel ${escape(name)}">Cancel</button>` : '';
    return `<li class="${state}"><span class="sign" aria-hidden="true">${sign}</span><div><b>${escape(name)}</b>, ${escape(country)}
      <small>${money.format(price)} · ${time} · ${words}</small></div><span class="acts">${acts}</span></li>`;
  }).join('');
  one('#order-hint').textContent = all.length === 0 ? 'No orders yet. They can be placed with the network off, too.'
    : waiting > 0 ? `${waiting} of ${all.length} will be sent as soon as there is a network.` : 'All of them have reached us.';
}

function drawNetwork(waiting) {
  const isOff = !navigator.onLine;
  const pill = one('#network');
  pill.dataset.state = isOff ? 'off' : waiting > 0 ? 'busy' : 'on';
  pill.textContent = isOff ? (waiting > 0 ? `Offline, ${waiting} waiting` : 'Offline') : waiting > 0 ? `Sending ${waiting}` : 'Online';
}

document.addEventListener('click', async (event) => {
  const button = event.target.closest?.('button');
  if (!button) return;
  const { favourite, order, retry, cancel } = button.dataset;
  const found = (id) => orders.all().find((one) => one.id === id);
  if (favourite) {
    await orders.toggleFavourite(favourite);
    one(`[data-favourite="${favourite}"]`)?.focus();
  } else if (order) {
    const journey = journeys.get(order);
    await orders.place(journey, 1);
    one('#said').textContent = `${journey.name} is ordered${navigator.onLine ? '' : ': it will be sent when the network is back'}.`;
  } else if (retry) await orders.retry(found(retry));
  else if (cancel) await orders.cancel(found(cancel));
  else if (button.id === 'more') limit += PAGE;
  else return;
  later();
});

one('#search').addEventListener('input', () => {
  limit = PAGE;
  if (view() !== 'journeys') location.hash = '#journeys';
  draw();
});
one('form').addEventListener('submit', (event) => event.preventDefault());
for (const event of ['online', 'offline', 'hashchange']) addEventListener(event, later);

/** Tells tests, and who measures, when the first row stood there. */
function noteFirstRow() {
  if (one('.card')) document.documentElement.dataset.firstRowMs ??= String(Math.round(performance.now()));
}

draw();
noteFirstRow();
await orders.resume();
await journeys.refresh(() => {
  draw();
  noteFirstRow();
}).catch(() => false);
draw();
document.documentElement.dataset.ready = String(journeys.count);
// What is shown first tells its seats; they are asked for once in all tabs, and known with the network off.
await Promise.allSettled(journeys.find('', PAGE).map(({ id }) => seatsLeft(id)));
later();
