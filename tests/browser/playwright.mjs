// Chromium by Playwright, for tests of a page's elements: what a user clicks, types and reads.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ARGS } from './drivers/chromium.mjs';
import { findChromium } from '../../scripts/setup.mjs';

const executablePath = await findChromium();

const other = (process.env.KILAT_BROWSER || 'chromium') !== 'chromium' && 'it is of Chromium only';

/** Options of a test that needs it. */
export const needsChromium = { skip: other || (!executablePath && 'no Chromium'), timeout: 180_000 };

/** A browser context with a fresh profile; it ends with the test. */
export async function chromiumContext(t) {
  const { chromium } = await import('playwright-core');
  const profile = mkdtempSync(join(tmpdir(), 'kilat-profile-'));
  const context = await chromium.launchPersistentContext(profile, { executablePath, args: ARGS, chromiumSandbox: false });
  t.after(async () => {
    await context.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });
  return context;
}
