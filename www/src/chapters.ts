/** What the tour says and does. The code shown is the code run. */
import type { Kilat } from 'kilat';
import { formatMs, sleep } from './page';
import type { Cities } from './cities';
import type { Tabs } from './tabs';

export interface Tools {
  db: Kilat;
  tabs: Tabs;
  cities: Cities;
}

export interface Step {
  title: string;
  text: string;
  code?: string;
  picture?: string;
  button?: string;
  run?: (tools: Tools, say: (text: string) => void) => Promise<string>;
}

export interface Chapter {
  title: string;
  about: string;
  steps: Step[];
}

const PICTURE = `<svg class="picture" viewBox="0 0 330 190" role="img" aria-label="Three tabs, one of which leads: writes go to it,
 it commits them to IndexedDB, then sends them to the others, which read from their own copy">
<rect class="led" x="115" y="12" width="100" height="46" rx="7"/><text x="165" y="31" text-anchor="middle">Tab 1 leads</text>
<text class="soft" x="165" y="47" text-anchor="middle">all the data</text>
<rect x="6" y="80" width="100" height="46" rx="7"/><text x="56" y="99" text-anchor="middle">Tab 2 follows</text>
<text class="soft" x="56" y="115" text-anchor="middle">all the data</text>
<rect x="224" y="80" width="100" height="46" rx="7"/><text x="274" y="99" text-anchor="middle">Tab 3 follows</text>
<text class="soft" x="274" y="115" text-anchor="middle">all the data</text>
<rect x="105" y="148" width="120" height="34" rx="7"/><text x="165" y="169" text-anchor="middle">IndexedDB: the log</text>
<path d="M165 58 V146" marker-end="url(#a)"/><path d="M115 50 L72 78" marker-end="url(#a)"/><path d="M215 50 L258 78" marker-end="url(#a)"/>
<text class="soft" x="170" y="106">1 commit</text><text class="soft" x="40" y="62">2 records</text>
<text class="soft" x="246" y="62">2 records</text>
<defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="currentColor" stroke="none"/></marker></defs></svg>`;

const json = (value: unknown) => JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ');

export const CHAPTERS: Chapter[] = [
  {
    title: 'Architecture',
    about: 'Where your data is, and who may change it.',
    steps: [
      {
        title: 'Every tab holds everything',
        text: 'A read never leaves the tab: it is a function call into WebAssembly. One tab leads and takes the writes; it commits '
          + 'each to a log in IndexedDB, and only then tells the others and the caller.',
        picture: PICTURE,
      },
      {
        title: 'Reads are synchronous',
        text: 'A hundred thousand GETs, one after the other, in this tab:',
        code: "await db.set('greeting', 'hello')\nfor (let i = 0; i < 100_000; i++) db.get('greeting')",
        run: async ({ db }) => {
          await db.set('greeting', 'hello');
          const began = performance.now();
          for (let i = 0; i < 100_000; i++) db.get('greeting');
          const took = performance.now() - began;
          return `${formatMs(took)}: ${(took * 10).toFixed(0)} ns each`;
        },
      },
      {
        title: 'A write is done when it is safe',
        text: 'Its promise resolves when the transaction in IndexedDB is complete: closing, crashing or killing any tab, or the '
          + 'browser, loses nothing that was acknowledged.',
        code: "await db.set('safe', 'yes')",
        run: async ({ db }) => {
          const began = performance.now();
          await db.set('safe', 'yes');
          return `acknowledged after ${formatMs(performance.now() - began)}`;
        },
      },
      {
        title: 'What this tab knows of itself',
        text: 'The epoch is the number of the reign, the seq the position in the log.',
        code: 'db.status()',
        run: async ({ db }) => JSON.stringify(db.status(), null, 2),
      },
    ],
  },
  {
    title: 'Installation',
    about: 'One package, nothing to configure, the wasm inside.',
    steps: [
      { title: 'Install', text: 'ES modules, with types; works in Vite, esbuild and Node.js as it is.', code: 'npm install kilat' },
      {
        title: 'Open',
        text: 'The name is the database. The same name in another tab is the same data. This one is open already, so opening it '
          + 'again gives the same node:',
        code: "import { open } from 'kilat'\n\nconst db = await open({ name: 'playground' })",
        run: async ({ db }) => {
          const { open } = await import('kilat');
          const began = performance.now();
          const again = await open({ name: 'playground' });
          const { role, seq } = again.status();
          await again.close();
          return `open after ${formatMs(performance.now() - began)}: this node is the ${role}, at seq ${seq}, with ${db.call('DBSIZE')} keys`;
        },
      },
      {
        title: 'A Redis server of it',
        text: 'The same engine in Node.js answers redis-cli, redis-benchmark and any client library:',
        code: 'npx kilat serve --port 6379 --dir ./data\nnpx kilat cli',
      },
    ],
  },
  {
    title: 'CRUD',
    about: 'Create, read, update, delete: any JSON value, and every Redis type beside it.',
    steps: [
      {
        title: 'Create',
        text: 'An object, as it is.',
        code: "await db.set('user:1', { name: 'Ada', age: 36, tags: ['math'] })",
        run: async ({ db }) => json(await db.set('user:1', { name: 'Ada', age: 36, tags: ['math'] })),
      },
      {
        title: 'Read',
        text: 'At once, in any tab, without waiting.',
        code: "db.get('user:1')",
        run: async ({ db }) => json(db.get('user:1')),
      },
      {
        title: 'Update',
        text: 'With a patch, or with a function that is tried again when another tab was faster: atomic either way.',
        code: "await db.update('user:1', { age: 37 })\nawait db.update('user:1', (old) => ({ ...old, tags: [...old.tags, 'engines'] }))",
        run: async ({ db }) => {
          await db.update('user:1', { age: 37 });
          await db.update<{ tags: string[] }>('user:1', (old) => ({ ...old!, tags: [...(old?.tags ?? []), 'engines'] }));
          return json(db.get('user:1'));
        },
      },
      {
        title: 'Delete',
        text: 'And it is gone everywhere.',
        code: "await db.delete('user:1')\ndb.get('user:1')",
        run: async ({ db }) => {
          const removed = await db.delete('user:1');
          return `deleted: ${json(removed)}; now ${json(db.get('user:1'))}`;
        },
      },
      {
        title: 'Let it expire',
        text: 'A session that ends by itself after two seconds.',
        code: "await db.set('session', { user: 1 }, { ttl: 2 })",
        run: async ({ db }, say) => {
          await db.set('session', { user: 1 }, { ttl: 2 });
          say(`now: ${json(db.get('session'))}; waiting …`);
          await sleep(2_200);
          return `after 2.2 s: ${json(db.get('session'))}`;
        },
      },
      {
        title: 'Everything else Redis has',
        text: 'A leaderboard is a sorted set.',
        code: "await db.zadd('scores', 120, 'ada', 95, 'alan', 130, 'grace')\ndb.zrange('scores', 0, 1, 'REV')",
        run: async ({ db }) => {
          await db.zadd('scores', 120, 'ada', 95, 'alan', 130, 'grace');
          return json(db.zrange('scores', 0, 1, 'REV'));
        },
      },
    ],
  },
  {
    title: 'Fail-over',
    about: 'A leader dies, or hangs; another takes over, and nothing acknowledged is lost.',
    steps: [
      {
        title: 'Two more nodes',
        text: 'Each in a worker of this page, so that it can be killed without a word. One of them is handed the lead.',
        button: 'Add two nodes',
        run: async ({ tabs }) => `${await tabs.prepare()} leads; the picture under the prompt shows all of them`,
      },
      {
        title: 'Kill the leader while writing',
        text: 'A counter is raised as fast as answers come, the leader is killed in the middle, and the counter is compared with '
          + 'the number of acknowledgements.',
        button: 'Write, and kill',
        run: async ({ db, tabs }, say) => {
          await tabs.prepare();
          await db.call('SET', 'failover:counter', 0);
          let acknowledged = 0;
          let worst = 0;
          let writing = true;
          const writer = (async () => {
            while (writing) {
              const began = performance.now();
              await db.call('INCR', 'failover:counter');
              acknowledged += 1;
              worst = Math.max(worst, performance.now() - began);
            }
          })();
          await sleep(500);
          say(`${acknowledged} acknowledged; now the leader is killed …`);
          const what = await tabs.killLeader();
          await sleep(500);
          writing = false;
          await writer;
          await sleep(100);
          const counter = Number(db.call('GET', 'failover:counter'));
          const verdict = counter === acknowledged ? 'nothing lost, nothing done twice' : 'THEY DIFFER';
          return `${what}\n${acknowledged} acknowledged, the counter says ${counter}: ${verdict}. Slowest write ${formatMs(worst)}.`;
        },
      },
      {
        title: 'Freeze the leader',
        text: 'A hung tab keeps its lock for ever: no timer and no lock helps. Others notice that it makes no progress, take the lead, '
          + 'and the seal in the log makes the old one harmless when it wakes.',
        button: 'Freeze it for 8 s',
        run: async ({ tabs }, say) => {
          await tabs.prepare();
          say('hanging; a take-over comes after 3 s without progress …');
          return tabs.freezeLeader(8_000);
        },
      },
      {
        title: 'Now with real tabs',
        text: 'Open a second tab from under the prompt, and kill the one that leads.',
      },
    ],
  },
];
