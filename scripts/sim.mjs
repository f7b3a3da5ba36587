// npm run sim: the protocol in many simulated worlds, or with each of its rules broken (`-- --mutants`).
import { at, must, run, runMain } from './shell.mjs';

const binary = at('target/sim/examples/sim');

/** Builds the simulator: the code as released, with the mutants in it. */
export async function buildSim() {
  const args = ['build', '--profile', 'sim', '--features', 'sim', '--example', 'sim', '--quiet'];
  await must('The simulator does not compile.', 'cargo', args);
}

/** Runs seeds 1 to `seeds`, as a part of `npm test`: a seed passes or fails. */
export async function simulate(seeds) {
  const began = Date.now();
  await buildSim();
  const { code, output } = await run(binary, ['--seeds', String(seeds)]);
  const violations = Number(/^sim: .*, (\d+) violations$/m.exec(output)?.[1] ?? seeds);
  const failed = code === 0 ? 0 : Math.max(violations, 1);
  return { name: `simulation, ${seeds} seeds`, ms: Date.now() - began, passed: seeds - failed, failed, skipped: 0 };
}

await runMain(import.meta.url, async (args) => {
  await buildSim();
  const { code } = await run(binary, args);
  return code;
});
