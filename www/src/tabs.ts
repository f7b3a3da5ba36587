/** The picture of the tabs, and the buttons that open, kill and freeze them. */
import type { Kilat } from 'kilat';
import { NAME, Picture } from './nodes';
import { byId, element, explain, formatMs, sleep } from './page';

export class Tabs {
  readonly picture: Picture;
  private workers = new Map<string, Worker>();

  constructor(private db: Kilat) {
    this.picture = new Picture(db, 'tab', () => this.draw(), () => location.replace(new URL('killed.html', document.baseURI)));
    this.picture.start();
    byId('tab-open').onclick = () => window.open(location.pathname, '_blank', 'noopener');
    byId('tab-worker').onclick = () => void this.addNode();
    byId('tab-kill').onclick = () => void this.run(() => this.killLeader());
    byId('tab-freeze').onclick = () => void this.run(() => this.freezeLeader(8_000));
    setInterval(() => this.draw(), 1_000);
  }

  /** Adds a node in a worker of this page; resolves when it has opened. */
  addNode(): Promise<string> {
    const worker = new Worker(new URL('./node-worker.ts', import.meta.url), { type: 'module' });
    return new Promise((resolve, reject) => {
      worker.onmessage = (event: MessageEvent<{ id?: string; error?: string }>) => {
        const { id, error } = event.data;
        if (!id) return reject(new Error(error));
        this.workers.set(id, worker);
        resolve(id);
      };
      worker.onerror = (event) => reject(new Error(event.message));
    });
  }

  /** Ends the leader without a word, and measures until the next write is acknowledged. */
  async killLeader(): Promise<string> {
    const leader = this.picture.leader();
    if (!leader) return 'Nobody leads at this moment.';
    if (leader.id === this.picture.id) {
      if (this.picture.nodes().length > 1) {
        this.picture.kill(leader.id);
        return 'This tab led, and is gone.';
      }
      return 'This tab leads and is alone. Open a tab, or add a node here, so that another can take over.';
    }
    const worker = this.workers.get(leader.id);
    if (worker) {
      worker.terminate();
      this.workers.delete(leader.id);
    } else this.picture.kill(leader.id);
    const began = performance.now();
    this.picture.gone(leader.id);
    return `${leader.label} was killed. ${await this.nextWrite(began)}`;
  }

  /** Makes the leader hang; another takes over when it has shown no progress for 3 s. */
  async freezeLeader(ms: number): Promise<string> {
    const leader = this.picture.leader();
    if (!leader) return 'Nobody leads at this moment.';
    const began = performance.now();
    this.picture.freeze(leader.id, ms);
    if (leader.id === this.picture.id) return 'This tab leads, and hangs. Watch another one take over.';
    await sleep(100);
    return `${leader.label} hangs. ${await this.nextWrite(began)}`;
  }

  /** Makes sure that a worker of this page leads, and that another one waits to follow it. */
  async prepare(): Promise<string> {
    while (this.workers.size < 2) await this.addNode();
    for (let tries = 0; tries < 50; tries++) {
      const leader = this.picture.leader();
      if (leader && this.workers.has(leader.id)) return leader.label;
      if (leader?.id === this.picture.id) await this.db.call('FAILOVER');
      await sleep(200);
    }
    return this.picture.leader()?.label ?? 'nobody';
  }

  private async nextWrite(began: number): Promise<string> {
    await this.db.call('INCR', 'failover:writes');
    const took = formatMs(performance.now() - began);
    await sleep(150);
    const { epoch } = this.db.status();
    return `The next write was acknowledged after ${took}, in epoch ${epoch}.`;
  }

  private async run(act: () => Promise<string>) {
    const hint = byId('tabs-hint');
    hint.textContent = '…';
    hint.textContent = await act().catch(explain);
  }

  private draw() {
    const nodes = this.picture.nodes();
    const top = Math.max(0, ...nodes.map((node) => node.seq));
    const items = nodes.map((node) => {
      const leads = node.role === 'leader';
      const lag = top - node.seq;
      const state = node.silent ? 'silent' : leads ? 'leads' : lag > 0 ? `lag ${lag}` : 'follows';
      const title = node.self ? 'this tab' : node.label;
      return element('li', { class: `${leads ? 'leader' : ''} ${node.silent ? 'silent' : ''}` },
        element('b', {}, title, leads ? element('span', { class: 'crown', 'aria-hidden': 'true' }, '⚡') : null),
        element('small', {}, state),
        element('small', {}, `epoch ${node.epoch} · seq ${node.seq}`));
    });
    byId('tabs-picture').replaceChildren(element('ul', { class: 'nodes', 'aria-label': `Nodes of ${NAME}` }, ...items));
  }
}
