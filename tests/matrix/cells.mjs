// The cells of the matrix. A cell has a toolchain of pinned versions, what it shows, the setting that a user of it needs,
// if any, and `run(world)`, which throws where it fails: `world` is `{ project, browser }`.
import { browserCells } from './plain.mjs';
import { bundlerCells } from './bundlers.mjs';
import { runtimeCells } from './runtimes.mjs';

export const CELLS = [...bundlerCells, ...browserCells, ...runtimeCells];

/** Cells that need nothing of npm: a part of `npm test`. */
export const OWN_CELLS = CELLS.filter(({ toolchain }) => Object.keys(toolchain).length === 0);
