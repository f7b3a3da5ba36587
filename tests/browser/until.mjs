import { pause } from '../../scripts/shell.mjs';

/** Answers the first truthy result of `ask`, asked again and again. */
export async function until(ask, what, ms = 20_000) {
  const answer = await within(ask, ms);
  if (answer) return answer;
  throw new Error(`waited ${ms} ms for ${what}`);
}

/** As `until`; after `ms` answers what there was at last. */
export async function within(ask, ms) {
  const end = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer || Date.now() > end) return answer;
    await pause(10);
  }
}
