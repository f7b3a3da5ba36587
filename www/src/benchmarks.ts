/** What the last `npm run bench` has written: marks, plots and tables. Nothing is measured here. */

interface Result {
  date: string;
  quick: boolean;
  title: string;
  table: string[][];
  versions: Record<string, string>;
  machine: { cpu: string; cores: number; memoryGiB: number; load: number };
  browser?: string;
  redis?: string;
}

interface Marks extends Result {
  marks: { what: string; text: string; reached: boolean | null }[];
}

const RESULTS = import.meta.glob<unknown>('../../bench/results/*.json', { eager: true, import: 'default' });
const PLOTS = import.meta.glob<string>('../../bench/plots/*.svg', { eager: true, import: 'default', query: '?url' });

const ORDER = ['node', 'page', 'tabs', 'server', 'native', 'memory', 'growth', 'blocking', 'hits', 'wall', 'size'];
const main = document.getElementById('results') as HTMLElement;

function make<K extends keyof HTMLElementTagNameMap>(tag: K, text = '', ...children: Node[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  element.textContent = text;
  element.append(...children);
  return element;
}

function tableOf(title: string, head: string[], rows: string[][]): HTMLElement {
  const headings = head.map((text) => Object.assign(make('th', text), { scope: 'col' }));
  const lines = rows.map(([first = '', ...cells]) => make('tr', '', Object.assign(make('th', first), { scope: 'row' }), ...cells.map((cell) => make('td', cell))));
  const scroll = make('div', '', make('table', '', make('thead', '', make('tr', '', ...headings)), make('tbody', '', ...lines)));
  scroll.className = 'scroll';
  // What scrolls must be reached by keys too.
  scroll.tabIndex = 0;
  scroll.role = 'region';
  scroll.ariaLabel = title;
  return scroll;
}

function section(title: string, ...children: Node[]) {
  main.append(make('section', '', make('h2', title), ...children));
}

const hint = (text: string) => Object.assign(make('p', text), { className: 'hint' });

function where({ date, quick, machine, versions, browser, redis }: Result): string {
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const place = [`${date.slice(0, 16).replace('T', ' ')} UTC`, `${machine.cores} cores (${machine.cpu})`, `load ${machine.load.toFixed(1)} before`];
  const programs = [...packages, ...(browser ? [browser] : []), ...(redis ? [`redis-server ${redis}`] : [])];
  return [...place, ...(quick ? ['a quick run'] : []), ...programs].join(' · ');
}

function showMarks(result: Marks) {
  const measured = result.marks.filter(({ reached }) => reached !== null);
  const table = tableOf('marks', ['mark', 'measured', 'reached?'], result.marks.map(({ what, text, reached }) => [what, text, reached === null ? '–' : reached ? 'reached' : 'missed']));
  for (const cell of table.querySelectorAll('td:last-child')) cell.className = cell.textContent ?? '';
  section(`Marks: ${measured.filter(({ reached }) => reached).length} of ${measured.length} reached`, table, hint(where(result)));
}

function show(name: string, result: Result) {
  const plots = Object.entries(PLOTS).filter(([path]) => new RegExp(`/${name}(-\\w+)?\\.svg$`).test(path));
  const pictures = plots.map(([path, src]) => Object.assign(make('img'), { src, alt: `${result.title}: the table below as a picture (${path.split('/').pop()})` }));
  const [head = [], ...rows] = result.table;
  section(`${name}: ${result.title}`, ...pictures, tableOf(`table of ${name}`, head, rows), hint(where(result)));
}

const resultOf = (name: string) => RESULTS[`../../bench/results/${name}.json`];
const marks = resultOf('marks') as Marks | undefined;
if (marks) showMarks(marks);
for (const name of ORDER) {
  const result = resultOf(name) as Result | undefined;
  if (result?.table) show(name, result);
}
if (main.children.length === 0) section('No results', hint('npm run bench writes them.'));
