// Many deaths in a row: `npm run kills`, and ten of them in the tests.
//
// Three tabs write all the time. In each round the leader dies in one way, the ways in turn; then what was acknowledged
// since the round began is compared with what each tab reads. In the end the browser is killed once more, where its
// profile outlives it, and all rounds are compared with what a fresh one reads. A round that does not come to its end is told
// and counted, and the next one begins in a browser started anew.
import { ENDS, SLEEPS, isAwake, nextReign } from './deaths.mjs';
import { driver } from './drivers/index.mjs';
import { within } from './until.mjs';
import { follows, roleOf, world } from './world.mjs';
import { Writers } from './writers.mjs';

const TABS = 3;
/** A round that lasts longer does not end. */
const ROUND_MS_MAX = 300_000;
const OPEN = { name: 'kills' };

/** All tabs end at once; they are opened again. What is measured is the way to the first write after. */
const BROWSER = { needs: ['persistent'], isBrowser: true };

const ALL = { ...ENDS, ...SLEEPS, browser: BROWSER };

/** The ways that this engine knows, by name. */
export const ways = Object.fromEntries(
  Object.entries(ALL).filter(([, way]) => way.needs.every((capability) => driver.can.has(capability))),
);

/** Ways that are left out, because the engine lacks what they need. */
export const lacking = Object.keys(ALL).filter((name) => !ways[name]);

/** Runs rounds; `told` gets a line about each. Answers what `summary` takes, whatever befalls the browser. */
export async function runKills(t, { rounds, first = 0, told = () => {}, msMaxOf = () => ROUND_MS_MAX }) {
  const here = await world(t);
  const run = { here, tabs: [], past: [], rounds: [], failed: [], acknowledged: 0, lost: [], doubled: [], errors: {} };
  try {
    for (let i = 0; i < TABS; i++) run.tabs.push(await here.tab(OPEN));
    for (let round = first; round < first + rounds; round++) await tryRound(run, round, { told, msMax: msMaxOf(round) });
    if (!ways.browser) return run;
    await restart(run);
    // Each round has been counted; here only what is missing matters.
    for (const writers of run.past) await check(run, writers, run.tabs.slice(0, 1));
  } catch (error) {
    run.failed.push(`after round ${first + run.past.length - 1} the browser could not be brought back: ${error.message}`);
  }
  return run;
}

async function tryRound(run, round, { told, msMax }) {
  const name = Object.keys(ways)[round % Object.keys(ways).length];
  const before = run.past.length;
  try {
    const done = await inTime(runRound(run, round, name), msMax);
    run.rounds.push(done);
    const held = done.isHeldUp ? ', held up by the stopped process until it was woken' : '';
    told(`round ${round}: ${name}, ${done.isTakeover ? 'takeover' : 'reopened'} after ${done.tookMs} ms${held}, ${done.acknowledged} acknowledged`);
  } catch (error) {
    run.failed.push(`round ${round}: ${name} did not end: ${error.message}`);
    told(run.failed.at(-1));
    await restart(run);
    if (!ways.browser) return;
    for (const writers of run.past.slice(before)) run.acknowledged += await check(run, writers, run.tabs);
  }
}

async function inTime(round, ms) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it lasted longer than ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([round, late]);
  } finally {
    clearTimeout(timer);
    // What is given up may fail later.
    round.catch(() => {});
  }
}

async function runRound(run, round, name) {
  const { here } = run;
  const writers = new Writers({ prefix: `${round}:` });
  here.writers = writers;
  run.past.push(writers);
  const leader = await leaderFirst(run);
  const clients = run.tabs.map((_, i) => `${round}.${i}`);
  for (const [i, tab] of run.tabs.entries()) await writers.start(tab, clients[i]);

  const way = ways[name];
  const struck = way.isBrowser ? await killBrowser(run, writers, round) : await strike(run, way, leader, writers, clients);

  for (const [client, error] of Object.entries(writers.errors())) run.errors[client] = (run.errors[client] ?? 0) + error;
  const acknowledged = await check(run, writers, run.tabs);
  run.acknowledged += acknowledged;
  return { name, ...struck, acknowledged, isTakeover: !way.isBrowser };
}

/** The tab that leads comes first; all others follow. */
async function leaderFirst(run) {
  const roles = await within(async () => {
    const roles = await Promise.all(run.tabs.map(roleOf));
    const isSettled = roles.filter((role) => role === 'leader').length === 1 && roles.every((role) => role === 'leader' || role === 'follower');
    return isSettled && roles;
  }, 10_000);
  if (!roles) throw new Error(`no tab leads: ${await Promise.all(run.tabs.map(roleOf))}`);
  run.tabs.unshift(...run.tabs.splice(roles.indexOf('leader'), 1));
  return run.tabs[0];
}

async function strike(run, way, leader, writers, clients) {
  const { here } = run;
  await way.prepare(leader);
  const epoch = writers.epoch();
  const struckMs = Date.now();
  await way.strike(leader, here);
  const { atMs, isHeldUp } = await nextReign(way, leader, here, clients.slice(1), epoch);
  for (const client of clients.slice(1)) await writers.goOn(client);
  await way.after(leader, here);
  const isBack = Object.values(SLEEPS).includes(way);
  if (isBack && (await isAwake(leader))) {
    await follows(leader);
    await writers.goOn(clients[0]);
    await writers.stop(leader, clients[0]);
  } else {
    if (isBack) await leader.close();
    run.tabs[0] = await here.tab(OPEN);
  }
  for (let i = 1; i < run.tabs.length; i++) await writers.stop(run.tabs[i], clients[i]);
  return { tookMs: atMs - struckMs, isHeldUp };
}

async function killBrowser(run, writers, round) {
  const struckMs = Date.now();
  const client = `${round}.after`;
  await restart(run, (tab) => writers.start(tab, client));
  await writers.stop(run.tabs[0], client);
  return { tookMs: writers.acknowledged(client)[0].ms - struckMs, isHeldUp: false };
}

/** Kills the browser and opens it again; `begin` runs when there is one tab. */
async function restart(run, begin = () => {}) {
  await run.here.browser.kill();
  await run.here.relaunch();
  run.tabs = [await run.here.tab(OPEN)];
  await begin(run.tabs[0]);
  while (run.tabs.length < TABS) run.tabs.push(await run.here.tab(OPEN));
}

/** Notes what is missing or there twice in any of the tabs; answers how much was acknowledged. */
async function check(run, writers, tabs) {
  let acknowledged = 0;
  for (const [i, tab] of tabs.entries()) {
    const seen = await writers.check(tab);
    acknowledged = seen.acknowledged;
    const inTab = (sentence) => `in tab ${i + 1} of ${tabs.length}: ${sentence}`;
    if (seen.lost.length > 0) seen.lost[0] += ` (${await storageOf(tab)})`;
    run.lost.push(...seen.lost.map(inTab));
    run.doubled.push(...seen.doubled.map(inTab));
  }
  return acknowledged;
}

/** What a tab knows of its storage, where something is missing: its state, and what was found damaged. */
const storageOf = (tab) =>
  tab.evaluate(async () => {
    const told = [];
    const stop = db.on('corrupt', ({ message }) => told.push(message));
    await new Promise((resolve) => setTimeout(resolve));
    stop();
    return [`storage: ${db.status().storage.state}`, ...told].join('; ');
  });

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

/** The table and the last line, as text. */
export function summary({ rounds, failed, acknowledged, lost, doubled, errors }) {
  const lines = ['way of dying    rounds   median ms   worst ms'];
  for (const name of Object.keys(ways)) {
    const times = rounds.filter((round) => round.name === name && !round.isHeldUp).map(({ tookMs }) => tookMs);
    if (times.length === 0) continue;
    const cells = [String(times.length).padStart(8), String(median(times)).padStart(12), String(Math.max(...times)).padStart(11)];
    lines.push(`${name.padEnd(14)}${cells.join('')}${ways[name].isBrowser ? '   (from the kill to the first write of the browser opened again)' : ''}`);
  }
  lines.push('Redis Sentinel takes a leader for dead after 30000 ms, by default.');
  for (const name of lacking) lines.push(`${name}: left out, ${driver.name} cannot do it`);
  const told = Object.entries(errors).map(([code, count]) => `${code} ${count}`);
  lines.push(`errors that clients were answered: ${told.join(', ') || 'none'}`);
  lines.push(...failed);
  const heldUp = rounds.filter(({ isHeldUp }) => isHeldUp).length;
  if (heldUp > 0) {
    lines.push(`SIGSTOP: ${heldUp} rounds in which the process was stopped between a transaction's beginning and its commit, and`);
    lines.push('  all tabs waited until it was woken: counted here, and left out of the times');
  }
  const takeovers = rounds.filter(({ isTakeover, isHeldUp }) => isTakeover && !isHeldUp).map(({ tookMs }) => tookMs);
  const times = takeovers.length > 0 ? `takeover median ${median(takeovers)} ms, worst ${Math.max(...takeovers)} ms` : 'no takeover';
  const counts = `${rounds.length + failed.length} rounds (${heldUp} held up by a stopped process, ${failed.length} that did not end)`;
  lines.push(`kills: ${counts}, ${acknowledged} acknowledged writes, ${lost.length} lost, ${doubled.length} doubled, ${times}`);
  return lines.join('\n');
}
