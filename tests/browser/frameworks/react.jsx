// A small application in React: a counter shown twice, a list of 1,000 rows, and a button's worth of controls on `app`.
import { createElement as h, memo, startTransition, useLayoutEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { open } from 'kilat';
import { KilatProvider, useKey, useKilat, useQuery } from 'kilat/react';

const drawn = new Map();
const torn = [];

const Row = memo(function Row({ id }) {
  const name = useQuery((db) => db.hget(`row:${id}`, 'name'), [id]);
  drawn.set(id, (drawn.get(id) ?? 0) + 1);
  return h('li', { id: `row-${id}` }, name ?? '-');
});

function Slow() {
  const until = performance.now() + 2;
  while (performance.now() < until);
  return h('b', { className: 'count' }, String(useKey('count') ?? 0));
}

let controls;

function App() {
  const db = useKilat();
  const [rows, setRows] = useState(0);
  const [, setRound] = useState(0);
  const count = useKey('count');
  controls = { setRows, setRound };
  useLayoutEffect(() => {
    const texts = new Set([...document.querySelectorAll('.count')].map((node) => node.textContent));
    if (texts.size > 1) torn.push([...texts]);
  });
  return h('main', null,
    h('p', { id: 'state' }, db ? 'open' : 'opening'),
    h('p', { id: 'count' }, String(count)),
    Array.from({ length: 20 }, (_, i) => h(Slow, { key: i })),
    h('ul', null, Array.from({ length: rows }, (_, id) => h(Row, { key: id, id }))));
}

globalThis.app = {
  async start(options) {
    const opening = open(options);
    const root = createRoot(document.body.appendChild(document.createElement('div')));
    root.render(h(KilatProvider, { db: opening }, h(App)));
    globalThis.db = await opening;
    app.unmount = () => root.unmount();
  },
  rows: (n) => controls.setRows(n),
  transition: () => startTransition(() => controls.setRound((n) => n + 1)),
  drawn: () => [...drawn.values()].reduce((sum, n) => sum + n, 0),
  torn,
};
