// The service worker: the app's files and the catalogue are kept in kilat, in a small database of their own, so that a
// worker which starts for one file does not load the shop's. Orders are the outbox's matter.
import { open } from 'kilat';
import { strategies } from 'kilat/cache';
import { createOutbox } from 'kilat/outbox';

const FILES = ['./', 'main.js', 'style.css', 'manifest.webmanifest', 'icon.svg', 'icon-192.png'];

const db = open({ name: 'kelana-files' });
const shell = strategies.staleWhileRevalidate({ db, name: 'shell' });
const catalogue = strategies.networkFirst({ db, name: 'catalogue', networkTimeout: 3, maxBytes: 20e6 });

const paths = new Set(FILES.map((file) => new URL(file, location.href).pathname));

addEventListener('install', (event) => {
  event.waitUntil(shell.add(FILES).then(() => skipWaiting()));
});

addEventListener('activate', (event) => event.waitUntil(clients.claim()));

addEventListener('fetch', (event) => {
  const { pathname } = new URL(event.request.url);
  if (event.request.method !== 'GET') return;
  if (paths.has(pathname)) event.respondWith(shell(event));
  else if (pathname.endsWith('/catalogue.json')) event.respondWith(catalogue(event));
});

// Background Sync: the network is back, and perhaps no page is open.
addEventListener('sync', (event) => {
  event.waitUntil(sendOrders());
});

async function sendOrders() {
  const shop = await open({ name: 'kelana' });
  const outbox = createOutbox(shop, { name: 'orders' });
  try {
    await outbox.flush();
  } finally {
    outbox.close();
    await shop.close();
  }
}
