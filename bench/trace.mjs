// The tasks of a page by Chromium's trace: how long each took, and what was in the longest.
const CATEGORIES = ['disabled-by-default-devtools.timeline', 'devtools.timeline', 'toplevel', 'v8', '__metadata'];
const SAMPLES = ['disabled-by-default-v8.cpu_profiler'];
const LONGEST = 12;

/**
 * Answers `{ tasks: [{ ms, cpuMs }], longest, ...measured }`: the tasks of the page's main thread while `run` ran, and with
 * `isProfiled` lines about the longest.
 */
export async function traced(tab, run, { isProfiled = false } = {}) {
  const { connection } = tab.browser;
  const done = new Promise((resolve) => {
    const off = connection.on(({ method, params, session }) => {
      if (method !== 'Tracing.tracingComplete' || session !== tab.session) return;
      off();
      resolve(params.stream);
    });
  });
  const includedCategories = isProfiled ? [...CATEGORIES, ...SAMPLES] : CATEGORIES;
  const traceConfig = { includedCategories, recordMode: 'recordAsMuchAsPossible', traceBufferSizeInKb: 1_000_000 };
  await tab.send('Tracing.start', { transferMode: 'ReturnAsStream', traceConfig });
  // Tells the page's thread from those of other pages.
  const mark = `kilat ${Date.now()}`;
  await tab.evaluate((mark) => console.timeStamp(mark), mark);
  await run();
  await tab.send('Tracing.end');
  const events = await readStream(tab, await done);
  const marked = events.find(({ name, args }) => name === 'TimeStamp' && args?.data?.message === mark);
  if (!marked) throw new Error('the trace does not show the page');
  const mine = events.filter(({ pid, tid }) => pid === marked.pid && tid === marked.tid);
  const tasks = mine.filter(({ name, ph, ts }) => name === 'RunTask' && ph === 'X' && ts >= marked.ts).sort((a, b) => b.dur - a.dur);
  return {
    // A processor's clock may go in steps of milliseconds.
    tasks: tasks.map(({ dur, tdur = dur }) => ({ ms: dur / 1000, cpuMs: Math.min(dur, tdur) / 1000 })),
    longest: isProfiled ? tasks.slice(0, LONGEST).map((task) => describe(task, mine)) : [],
  };
}

async function readStream(tab, handle) {
  let text = '';
  for (let eof = false; !eof; ) {
    const part = await tab.send('IO.read', { handle, size: 2 ** 24 });
    text += part.base64Encoded ? Buffer.from(part.data, 'base64').toString() : part.data;
    eof = part.eof;
  }
  return JSON.parse(text).traceEvents;
}

/** A line: what a task was for most of its time, by the names of the events within it. */
function describe(task, events) {
  const within = events.filter(({ ts, dur, ph, name }) => ph === 'X' && name !== 'RunTask' && ts >= task.ts && ts + dur <= task.ts + task.dur && dur > task.dur / 20);
  const parts = within.sort((a, b) => b.dur - a.dur).slice(0, 6).map(({ name, dur, args }) => {
    const of = args?.data?.type ?? args?.data?.functionName ?? args?.src_func ?? '';
    return `${name} ${of} ${(dur / 1000).toFixed(1)}`.replace(/ +/g, ' ');
  });
  return `${(task.dur / 1000).toFixed(1)} ms (${((task.tdur ?? 0) / 1000).toFixed(1)} on the processor): ${parts.join(', ')}`;
}
