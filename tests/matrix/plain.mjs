// Cells without a bundler, and those of workers and policies: what a browser loads from a static server.
import assert from 'node:assert/strict';
import { AGAIN, answerOf, FIRST, serve, visitTwice, withPage } from './browser.mjs';

/** As strict as a page that runs WebAssembly can be. */
const STRICT = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; img-src data:";

const page = (scripts) => `<!doctype html><meta charset="utf-8"><title>waiting</title><link rel="icon" href="data:,">${scripts}`;

/** A cell whose files lie in `fixtures/plain`, beside the installed package as `/kilat/`. */
function plain(name, use, { shows = '', setting = '', headers = {} } = {}) {
  return {
    name,
    place: 'plain',
    toolchain: {},
    shows,
    setting,
    async run({ project, browser }) {
      project.copy('plain', 'site');
      project.copy('page', 'site');
      const server = await serve({ '/': project.at('site'), '/kilat/': project.at('node_modules/kilat/pkg') }, headers);
      try {
        await use({ project, browser, server });
      } finally {
        await server.stop();
      }
    },
  };
}

const IMPORTS = JSON.stringify({
  imports: Object.fromEntries(
    [['kilat', 'index'], ['kilat/slim', 'slim'], ['kilat/worker', 'worker'], ['kilat/worker-inline', 'worker-inline']]
      .map(([name, file]) => [name, `/kilat/${file}.js`]),
  ),
});
const IMPORT_MAP = `<script type="importmap">${IMPORTS}</script>`;

export const browserCells = [
  plain('script tag', async ({ project, browser, server }) => {
    // Workers have no import map: the worker's file says where kilat is.
    project.write('site/engine.worker.js', "import { host } from '/kilat/worker-host.js';\n\nhost();\n");
    project.write('site/index.html', page(`${IMPORT_MAP}<script type="module" src="./main.js"></script>`));
    await visitTwice(browser, server.address, 3);
  }, { shows: '`type="module"` and an import map', setting: 'an import map, or `import ... from "/kilat/index.js"`' }),

  plain('slim', async ({ project, browser, server }) => {
    project.write('site/index.html', page(`${IMPORT_MAP}<script type="module" src="./slim-main.js"></script>`));
    await visitTwice(browser, server.address, 1);
  }, { shows: '`kilat/slim`, the module served beside it', setting: "`wasm: '/kilat_bg.wasm'`" }),

  plain('classic script', async ({ project, browser, server }) => {
    project.write('site/index.html', page('<script src="/kilat/kilat.global.js"></script><script src="./classic.js"></script>'));
    await visitTwice(browser, server.address, 1);
  }, { shows: '`kilat.global.js`, the global `kilat`' }),

  plain('two copies', async ({ project, browser, server }) => {
    project.write('site/index.html', page('<script src="/kilat/kilat.global.js"></script><script type="module" src="./twice.js"></script>'));
    await withPage(browser, async (tab) => {
      await tab.goto(server.address);
      assert.deepEqual(await answerOf(tab), { same: true, peers: 0, seen: '1', code: 'WRONGTYPE', ours: true });
    });
  }, { shows: 'kilat loaded twice in a page: one node' }),

  plain('strict CSP', async ({ project, browser, server }) => {
    project.write('site/engine.worker.js', "import { host } from '/kilat/worker-host.js';\n\nhost();\n");
    project.write('site/index.html', page('<script type="module" src="./strict.js"></script>'));
    await visitTwice(browser, server.address, 2);
  }, { shows: `\`${STRICT.split('; ')[1]}\`, a worker too`, headers: { 'content-security-policy': STRICT } }),

  plain('CSP, blob worker', async ({ project, browser, server }) => {
    project.write('site/index.html', page('<script type="module" src="./blob.js"></script>'));
    await visitTwice(browser, server.address, 1);
    const strict = await serve({ '/': project.at('site'), '/kilat/': project.at('node_modules/kilat/pkg') }, { 'content-security-policy': STRICT });
    try {
      await withPage(browser, async (tab) => {
        await tab.goto(strict.address);
        await assert.rejects(answerOf(tab), /failed: LOAD the worker could not be loaded/);
      });
    } finally {
      await strict.stop();
    }
  }, {
    shows: '`kilat/worker-inline`; where the policy forbids it, the error says so',
    setting: '`worker-src blob:`',
    headers: { 'content-security-policy': `${STRICT}; worker-src blob:` },
  }),

  plain('dedicated worker', async ({ project, browser, server }) => {
    const esbuild = await import('esbuild');
    const bundle = (format, outfile) => esbuild.build({
      stdin: { contents: "import { use } from './use.js';\nuse().then((answer) => postMessage(answer));\n", resolveDir: project.at('site') },
      outfile, bundle: true, format, logLevel: 'silent', nodePaths: [project.at('node_modules')],
    });
    await bundle('iife', project.at('site/worker-classic.js'));
    await bundle('esm', project.at('site/worker-module.js'));
    for (const type of ['classic', 'module']) {
      project.write('site/index.html', page(`<script>
        const worker = new Worker('./worker-${type}.js', { type: '${type}' });
        worker.onmessage = ({ data }) => (document.title = JSON.stringify([data]));
        worker.onerror = (event) => (document.title = 'failed: ' + event.message);
      </script>`));
      await visitTwice(browser, server.address, 1);
    }
  }, { shows: 'kilat itself in a worker, bundled: classic and module' }),

  plain('service worker', async ({ project, browser, server }) => {
    const esbuild = await import('esbuild');
    await esbuild.build({
      entryPoints: [project.at('site/service.js')], outfile: project.at('site/service-classic.js'),
      bundle: true, format: 'iife', logLevel: 'silent', nodePaths: [project.at('node_modules')],
    });
    const module = "import { open } from '/kilat/index.js';\n";
    project.write('site/service-module.js', module + (await read(project.at('site/service.js'))).replace(/^import .*\n/, ''));
    project.write('site/index.html', page('<script src="./register.js"></script>'));
    for (const type of ['classic', 'module']) await serviceTwice(browser, `${server.address}?${type}`);
  }, { shows: 'bundled, and `type: module`; stopped and started again in between' }),
];

async function read(file) {
  const { readFile } = await import('node:fs/promises');
  return readFile(file, 'utf8');
}

/** A service worker that writes, is stopped as browsers stop them, and reads when it is started again. */
async function serviceTwice(browser, address) {
  await withPage(browser, async (tab, context) => {
    await tab.goto(address);
    assert.deepEqual(await answerOf(tab), FIRST, 'first start');
    const session = await context.newCDPSession(tab);
    await session.send('ServiceWorker.enable');
    await session.send('ServiceWorker.stopAllWorkers');
    assert.deepEqual(await tab.evaluate(() => globalThis.ask()), { ...AGAIN, starts: 1 }, 'after a stop');
  });
}
