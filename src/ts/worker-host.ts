/** In a worker's file: has it hold databases for the pages that open them by `kilat/worker`. Importing it does nothing. */
import { compile, compileInline } from './load.js';
import { openWith } from './open.js';
import inlined from './wasm-inline.js';
import { serve } from './worker/serve.js';

/** Begins to listen. Call it at once: what pages say before is lost. Other messages to the worker are left alone. */
export function host() {
  serve((options) => openWith(({ wasm }) => (wasm ? compile(wasm) : compileInline(inlined)), options));
}
