// The cells of the matrix that need nothing of npm; the others run by `npm run matrix`.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { runCell } from '../../scripts/matrix.mjs';
import { findChromium } from '../../scripts/setup.mjs';
import { launch } from '../matrix/browser.mjs';
import { OWN_CELLS } from '../matrix/cells.mjs';
import { pack } from '../matrix/project.mjs';

const skip = (await findChromium()) ? false : 'no Chromium';
let tarball;
let browser;

before(async () => {
  if (skip) return;
  tarball = await pack();
  browser = await launch();
});

after(() => browser?.close());

for (const cell of OWN_CELLS) {
  test(cell.name, { skip }, async () => {
    const { state, error } = await runCell(cell, tarball, browser);
    if (error) throw error;
    assert.equal(state, 'passes');
  });
}
