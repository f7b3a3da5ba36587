/** The playground: an ordinary user of the package. */
import { open, type Kilat } from 'kilat';
import { Cities } from './cities';
import { Keys } from './keys';
import { NAME } from './nodes';
import { byId, explain, formatBytes } from './page';
import { Prompt } from './prompt';
import { Shell } from './shell';
import { Tabs } from './tabs';
import { Tour } from './tour';

const THEME_KEY = 'kilat-playground-theme';
const DURABILITY_KEY = 'kilat-playground-durability';

type Durability = 'memory' | 'everysec' | 'always';

function theme() {
  const root = document.documentElement;
  const chosen = localStorage.getItem(THEME_KEY);
  if (chosen) root.dataset['theme'] = chosen;
  byId('theme').onclick = () => {
    const dark = root.dataset['theme'] ? root.dataset['theme'] === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset['theme'] = dark ? 'light' : 'dark';
    localStorage.setItem(THEME_KEY, root.dataset['theme']);
  };
}

function notice(text: string) {
  const box = byId('notice');
  box.textContent = text;
  box.hidden = text === '';
}

/** The line of facts at the top. */
function facts(db: Kilat) {
  const draw = async () => {
    const status = db.status();
    byId('fact-role').textContent = status.role;
    byId('fact-epoch').textContent = String(status.epoch);
    byId('fact-seq').textContent = status.seq.toLocaleString('en');
    byId('fact-keys').textContent = (db.call('DBSIZE') as number).toLocaleString('en');
    const estimate = await navigator.storage?.estimate?.();
    byId('fact-stored').textContent = estimate ? formatBytes(estimate.usage ?? 0) : 'unknown';
  };
  void draw();
  setInterval(() => void draw(), 500);
}

/** A change of durability opens the database anew, at the level chosen. */
function durability(): Durability {
  const select = byId<HTMLSelectElement>('durability');
  const kept = localStorage.getItem(DURABILITY_KEY) as Durability | null;
  select.value = kept ?? 'everysec';
  select.onchange = () => {
    localStorage.setItem(DURABILITY_KEY, select.value);
    location.reload();
  };
  return select.value as Durability;
}

async function main() {
  theme();
  const db = await open({ name: NAME, durability: durability() });
  const shell = new Shell(db);
  const prompt = new Prompt(shell.commands(), (line) => shell.run(line), () => shell.sign());
  shell.onPush = (text) => prompt.push(text);
  const tabs = new Tabs(db);
  const cities = new Cities(db);
  new Keys(db, (argv) => shell.text(argv));
  new Tour({ db, tabs, cities });
  facts(db);
  db.on('quota', () => notice('Storage is full: writes are refused, reads go on.'));
  byId<HTMLInputElement>('prompt-input').focus({ preventScroll: true });
}

main().catch((error: unknown) => notice(`Kilat could not open: ${explain(error)}`));
