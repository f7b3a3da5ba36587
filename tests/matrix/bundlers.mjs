// Cells of bundlers and frameworks: the same page, built and served by each.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { at, pause } from '../../scripts/shell.mjs';
import { answerOf, serve, visitTwice, withPage } from './browser.mjs';
import { start } from './project.mjs';

const REACT = { react: '19.3.1', 'react-dom': '19.3.1' };
const NODE = process.execPath;

/** The page, with its three uses of a database, or with the two that need no `new URL('./worker.js', import.meta.url)`. */
function copyPage(project, { worker = true } = {}) {
  project.copy('page');
  if (!worker) project.write('main.js', readFileSync(project.at('main-here.js'), 'utf8'));
}

async function visitFolder(browser, folder, uses) {
  const server = await serve({ '/': folder });
  try {
    await visitTwice(browser, server.address, uses);
  } finally {
    await server.stop();
  }
}

/** A development server finds out by the first visit what a page needs, and reloads the page: that visit is not counted. */
async function visitServer(browser, started, uses, { develops = false } = {}) {
  try {
    if (develops) {
      await withPage(browser, async (page) => {
        await page.goto(started.address);
        await answerOf(page);
        await pause(1500);
        await answerOf(page);
      });
    }
    await visitTwice(browser, started.address, uses);
  } finally {
    await started.stop();
  }
}

const VITE_WORKER = "worker: { format: 'es' }";

function vite(version) {
  const name = `vite-${version.split('.')[0]}`;
  const toolchain = { vite: version };
  const bin = (project) => project.at('node_modules/vite/bin/vite.js');
  const configure = (project) => project.write('vite.config.js', `export default { ${VITE_WORKER} };\n`);
  const dev = (project) => start(project, NODE, [bin(project), '--port', '0', '--host', '127.0.0.1'], /(http:\/\/127\.0\.0\.1:\d+\/)/);
  return [
    {
      name: `${name} build`,
      place: name,
      toolchain,
      setting: `\`${VITE_WORKER}\` for a worker of your own`,
      async run({ project, browser }) {
        copyPage(project);
        configure(project);
        await project.run(NODE, [bin(project), 'build', '--outDir', 'out']);
        await visitFolder(browser, project.at('out'), 3);
      },
    },
    {
      name: `${name} slim`,
      place: name,
      toolchain,
      shows: SLIM,
      setting: "`import wasm from 'kilat/kilat_bg.wasm?url'`",
      async run({ project, browser }) {
        copyPage(project);
        project.copy('slim-vite');
        await project.run(NODE, [bin(project), 'build', '--outDir', 'out']);
        await visitFolder(browser, project.at('out'), 1);
      },
    },
    {
      name: `${name} dev`,
      place: name,
      toolchain,
      setting: '',
      async run({ project, browser }) {
        copyPage(project);
        configure(project);
        await visitServer(browser, await dev(project), 3, { develops: true });
      },
    },
    {
      name: `${name} hot`,
      place: name,
      toolchain,
      shows: 'modules replaced under a running page: one node',
      setting: '',
      async run({ project, browser }) {
        project.copy('hot');
        const started = await dev(project);
        try {
          await withPage(browser, (page) => replaceTwice(project, page, started.address));
        } finally {
          await started.stop();
        }
      },
    },
  ];
}

/** Edits a module that opens a database, twice, and asks how many nodes there are. */
async function replaceTwice(project, page, address) {
  await page.goto(address);
  const first = await answerOf(page);
  assert.deepEqual([first.generation, first.peers], [0, 0]);
  for (const generation of [1, 2]) {
    const file = project.at('hot.js');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/generation = \d/, `generation = ${generation}`));
    for (let tries = 0; (await answerOf(page)).generation !== generation; tries++) {
      assert.ok(tries < 300, `the page has not heard of generation ${generation}`);
      await pause(100);
    }
  }
  // A second node would be known to the first by now.
  await pause(500);
  const last = await page.evaluate(() => globalThis.now());
  assert.deepEqual({ ...last, loads: 1 }, { generation: 2, id: first.id, peers: 0, role: 'leader', loads: 1 });
}

/** A bundler that is run by a script of the project's. */
function scripted(name, toolchain, fixture, { worker = true, slim = false, setting = '' } = {}) {
  return {
    name,
    place: name.replace(' slim', '').replace(' ', '-'),
    toolchain,
    shows: slim ? SLIM : undefined,
    setting,
    async run({ project, browser }) {
      copyPage(project, { worker });
      project.copy(fixture);
      if (slim) project.copy('slim-webpack');
      await project.run(NODE, ['build.mjs']);
      writeFileSync(project.at('out/index.html'), readFileSync(project.at('index.html')));
      await visitFolder(browser, project.at('out'), slim ? 1 : worker ? 3 : 2);
    },
  };
}

const SLIM = '`kilat/slim`, the module as a file of its own';
const SLIM_SETTING = "`new URL('kilat/kilat_bg.wasm', import.meta.url)`";

const NO_WORKER = 'a worker of your own is an entry of its own';
const NEXT = { next: '16.4.6', ...REACT };
const nextBin = (project) => project.at('node_modules/next/dist/bin/next');
const QUIET = { NEXT_TELEMETRY_DISABLED: '1', CI: '1' };

export const bundlerCells = [
  ...['5.4.21', '6.4.6', '7.3.8', '8.3.8'].flatMap(vite),
  scripted('webpack 5', { webpack: '5.112.1' }, 'webpack'),
  scripted('webpack 5 slim', { webpack: '5.112.1' }, 'webpack', { slim: true, setting: SLIM_SETTING }),
  scripted('rspack 2', { '@rspack/core': '2.3.3' }, 'rspack'),
  scripted('rspack 2 slim', { '@rspack/core': '2.3.3' }, 'rspack', { slim: true, setting: SLIM_SETTING }),
  {
    name: 'next 16 build',
    place: 'next-16',
    toolchain: NEXT,
    shows: 'app router; a server that renders and imports kilat; production',
    setting: '',
    async run({ project, browser }) {
      project.copy('next');
      await project.run(NODE, [nextBin(project), 'build'], QUIET);
      const started = await start(project, NODE, [nextBin(project), 'start', '-p', '0', '-H', '127.0.0.1'], /Local:\s+(http:\/\/\S+:\d+)/, QUIET);
      await visitServer(browser, started, 2);
    },
  },
  {
    name: 'next 16 dev',
    place: 'next-16',
    toolchain: NEXT,
    setting: '',
    async run({ project, browser }) {
      project.copy('next');
      const started = await start(project, NODE, [nextBin(project), 'dev', '-p', '0', '-H', '127.0.0.1'], /Local:\s+(http:\/\/\S+:\d+)/, QUIET);
      await visitServer(browser, started, 2, { develops: true });
    },
  },
  {
    name: 'parcel 2',
    place: 'parcel-2',
    toolchain: { parcel: '2.16.4' },
    setting: '`"@parcel/resolver-default": { "packageExports": true }` in package.json, for `kilat/...`',
    async run({ project, browser }) {
      copyPage(project);
      await project.run(NODE, [project.at('node_modules/parcel/lib/bin.js'), 'build', 'index.html', '--dist-dir', 'out', '--no-cache']);
      await visitFolder(browser, project.at('out'), 3);
    },
  },
  scripted('rollup 4', { rollup: '4.68.8', '@rollup/plugin-node-resolve': '16.0.3' }, 'rollup', { worker: false, setting: NO_WORKER }),
  {
    name: 'bun build',
    place: 'bun',
    toolchain: { bun: '1.4.5' },
    setting: NO_WORKER,
    async run({ project, browser }) {
      copyPage(project, { worker: false });
      await project.run(project.at('node_modules/bun/bin/bun.exe'), ['build', 'main.js', '--outdir', 'out', '--target', 'browser']);
      writeFileSync(project.at('out/index.html'), readFileSync(project.at('index.html')));
      await visitFolder(browser, project.at('out'), 2);
    },
  },
  {
    name: 'esbuild',
    place: 'plain',
    toolchain: {},
    setting: NO_WORKER,
    async run({ project, browser }) {
      copyPage(project, { worker: false });
      const esbuild = await import('esbuild');
      const { warnings } = await esbuild.build({
        entryPoints: [project.at('main.js')], outdir: project.at('out'), bundle: true, format: 'esm', logLevel: 'silent',
      });
      assert.deepEqual(warnings.map(({ text }) => text), []);
      writeFileSync(project.at('out/index.html'), readFileSync(at('tests/matrix/fixtures/page/index.html')));
      await visitFolder(browser, project.at('out'), 2);
    },
  },
];
