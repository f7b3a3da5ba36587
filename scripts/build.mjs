// Build: Rust to wasm, wasm to glue, TypeScript and all into pkg/. `--dev` is quick and unoptimized.
//
//   cargo build          target/wasm32-unknown-unknown/{debug,release}/kilat.wasm
//   wasm-bindgen         target/glue/kilat_wasm.js, .d.ts, kilat_wasm_bg.wasm (and wasm-opt in a release)
//   gzip + base64        target/glue/wasm-inline.js: the default export is a string
//   esbuild, oxc, tsc    pkg/<entry>.js and the chunks that they share, kilat.global.js, cli.js, *.d.ts; pkg/kilat_bg.wasm
//
// TypeScript imports the glue as if it lay in src/ts: './kilat_wasm.js', './wasm-inline.js', './worker-script.js'
// (rootDirs in tsconfig.json, the plugin below). A step whose inputs are unchanged is left out.
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { makeFactory } from './glue.mjs';
import { shortenNames } from './names.mjs';
import { nameByOrder } from './order.mjs';
import { Stop, at, duration, must, runMain, say } from './shell.mjs';
import { setUpBuild } from './setup.mjs';

const GLUE = at('target/glue');
const CLI = 'src/ts/cli/main.ts';
/**
 * What may be loaded together shares chunks; what is not has copies of its own: in one piece it is a twentieth smaller than
 * in the five that it would be in, and is asked for at once.
 */
const SHARING = [
  ['index'],
  ['slim'],
  ['worker-host'],
  ['worker', 'worker-inline', 'cache', 'outbox', 'keyv', 'react', 'vue', 'svelte'],
];
/**
 * What can be imported: `x` is src/ts/x.ts or src/ts/x/index.ts, becomes pkg/x.js and is `kilat/x` by a line under
 * `exports` in package.json. What is a peer dependency there stays an import.
 */
export const ENTRIES = SHARING.flat();
/** What an entry loads when it is first needed; it is nobody's to import, and imports nothing. */
const LATER = ['compact'];
const WASM_FEATURES = [
  '--enable-bulk-memory',
  '--enable-mutable-globals',
  '--enable-nontrapping-float-to-int',
  '--enable-sign-ext',
  '--enable-reference-types',
  '--enable-multivalue',
];

/**
 * V8 compiles a function whole when it is first called, by the thread that calls it: what Rust has kept apart stays apart,
 * and what is hardly more than a call is no function of its own.
 */
const OPENING = ['--one-caller-inline-max-function-size=200', '--always-inline-max-function-size=12'];

/**
 * V8 compiles all functions of such a script while it loads, beside the thread that runs it, and not each when it is first
 * called: nearly all of those that are called while a database opens are called once.
 */
const EAGER = '//# allFunctionsCalledOnLoad\n';
/** Where there are fewer bytes, there is little to be called. */
const EAGER_MIN = 4000;

export async function build({ dev = false, tools = null } = {}) {
  const began = Date.now();
  const { wasmBindgen, wasmOpt } = tools ?? (await setUpBuild());
  const raw = await compileRust(dev);
  const madeGlue = await makeGlue({ raw, dev, wasmBindgen, wasmOpt });
  const madePackage = await makePackage(dev);
  const what = dev ? 'development' : 'release';
  say(
    madeGlue || madePackage
      ? `build: ${what} build in pkg/ (${duration(Date.now() - began)})`
      : `build: pkg/ is current (${duration(Date.now() - began)})`,
  );
}

/**
 * What is not marked as worth it is inlined only where it is small: an eighth of the wasm less, at 1.05 of the time. `2` is
 * as fast as `3` and a thirteenth smaller; `s` saves a seventieth more, at 1.03 (bench/builds.mjs).
 */
const INLINED_MAX = 50;
const LEVEL = '-Copt-level=2';

async function compileRust(dev) {
  const inlining = `target.wasm32-unknown-unknown.rustflags=["-Cllvm-args=-inline-threshold=${INLINED_MAX}"]`;
  // A cdylib alone: with an rlib beside it all that is public is kept whole until it is linked.
  const args = ['rustc', '--lib', '--crate-type', 'cdylib', '--target', 'wasm32-unknown-unknown', '--quiet'];
  const release = dev ? [] : ['--release', '--config', inlining, '--', LEVEL];
  await must('The Rust code does not compile to wasm.', 'cargo', [...args, ...release], { quiet: true });
  return at('target/wasm32-unknown-unknown', dev ? 'debug' : 'release', 'kilat.wasm');
}

/** wasm-bindgen and wasm-opt, then the inlined form. Answers whether there was anything to do. */
async function makeGlue({ raw, dev, wasmBindgen, wasmOpt }) {
  const scripts = ['build', 'glue', 'names', 'order'].map((name) => readFileSync(at(`scripts/${name}.mjs`)));
  const stamp = hash([dev ? 'dev' : 'release', readFileSync(raw), ...scripts]);
  if (stampIs('glue', stamp)) return false;
  rmSync(GLUE, { recursive: true, force: true });
  await must('wasm-bindgen could not make the glue.', wasmBindgen, [
    raw,
    '--target=web',
    '--omit-default-module-path',
    '--out-name=kilat_wasm',
    `--out-dir=${GLUE}`,
  ]);
  const wasm = join(GLUE, 'kilat_wasm_bg.wasm');
  shortenNames(wasm, join(GLUE, 'kilat_wasm.js'));
  makeFactory(GLUE);
  if (!dev) {
    const [optimized, named] = ['optimized.wasm', 'named.wasm'].map((name) => join(GLUE, name));
    const optimize = (passes, from, to) =>
      must('wasm-opt could not optimize the module.', process.execPath, [wasmOpt, ...passes, '--strip-debug', ...WASM_FEATURES, from, '-o', to]);
    await optimize(['-O3', ...OPENING, '--strip-producers'], wasm, optimized);
    nameByOrder(optimized, named);
    await optimize(['--reorder-functions-by-name'], named, wasm);
    for (const file of [optimized, named]) rmSync(file);
  }
  const packed = gzipSync(readFileSync(wasm), { level: dev ? 1 : 9 }).toString('base64');
  writeFileSync(join(GLUE, 'wasm-inline.js'), `export default "${packed}";\n`);
  for (const name of ['wasm-inline', 'worker-script']) {
    writeFileSync(join(GLUE, `${name}.d.ts`), 'declare const text: string;\nexport default text;\n');
  }
  setStamp('glue', stamp);
  return true;
}

/** Bundles and declarations. */
async function makePackage(dev) {
  const sources = filesUnder(at('src/ts'));
  const inputs = [...sources, at('scripts/build.mjs'), at('tsconfig.json'), at('package.json'), stampFile('glue')];
  const stamp = hash([dev ? 'dev' : 'release', ...inputs.flatMap((file) => [file, readFileSync(file)])]);
  if (stampIs('package', stamp) && [...ENTRIES, 'cli'].every((name) => existsSync(at('pkg', `${name}.js`)))) return false;

  for (const name of readdirSync(at('pkg'))) {
    if (name !== 'README.md') rmSync(at('pkg', name), { recursive: true });
  }
  cpSync(join(GLUE, 'kilat_wasm_bg.wasm'), at('pkg/kilat_bg.wasm'));
  await makeWorkerScript(dev);
  await Promise.all([bundleEntries(dev), bundleCli(dev), bundleGlobal(dev)]);
  await declare(ENTRIES.map(sourceOf));
  setStamp('package', stamp);
  return true;
}

function sourceOf(entry) {
  const found = [`src/ts/${entry}.ts`, `src/ts/${entry}/index.ts`].find((file) => existsSync(at(file)));
  if (!found) throw new Stop(`The entry ${entry} has no source: src/ts/${entry}.ts.`);
  return found;
}

async function bundleEntries(dev) {
  const { peerDependencies = {} } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
  const inlined = readFileSync(join(GLUE, 'wasm-inline.js'));
  const chunk = `chunk-${hash([inlined]).slice(0, 8).toUpperCase()}.js`;
  writeFileSync(at('pkg', chunk), inlined);
  const plugins = ['inlined', 'later', 'glue'].map((name) => ({ name, setup: (plugin) => RESOLVE[name](plugin, chunk) }));
  const bundleSharing = (entries) =>
    bundle(dev, {
      entryPoints: Object.fromEntries(entries.map((entry) => [entry, at(sourceOf(entry))])),
      outdir: at('pkg'),
      splitting: true,
      chunkNames: 'chunk-[hash]',
      format: 'esm',
      target: 'es2022',
      platform: 'neutral',
      external: ['node:*', ...Object.keys(peerDependencies).flatMap((name) => [name, `${name}/*`])],
      plugins,
    });
  await Promise.all([...SHARING, ...LATER.map((later) => [later])].map(bundleSharing));
  for (const entry of ENTRIES) dropBareImports(at('pkg', `${entry}.js`));
  for (const name of readdirSync(at('pkg'))) {
    if (/^(chunk-.*|index|slim|worker-host)\.js$/.test(name) && name !== chunk) compileEagerly(at('pkg', name));
  }
}

/** Chunks that are imported for nothing but their order: bundlers of users warn of them, for no chunk has side effects. */
function dropBareImports(file) {
  const text = readFileSync(file, 'utf8');
  const kept = text.replace(/(^|;)import ?"\.\/chunk-\w+\.js";\n?/gm, '$1');
  if (kept !== text) writeFileSync(file, kept);
}

function compileEagerly(file) {
  const text = readFileSync(file, 'utf8');
  if (text.length >= EAGER_MIN) writeFileSync(file, EAGER + text);
}

/** For a classic script tag and importScripts: all of `kilat` as the global `kilat`. */
async function bundleGlobal(dev) {
  await bundle(dev, {
    entryPoints: [at(sourceOf('index'))],
    outfile: at('pkg/kilat.global.js'),
    format: 'iife',
    globalName: 'kilat',
    target: 'es2022',
    platform: 'neutral',
  });
  compileEagerly(at('pkg/kilat.global.js'));
}

/** The script of worker-inline's worker, as a string. */
async function makeWorkerScript(dev) {
  const outfile = join(GLUE, 'worker-script.js');
  await bundle(dev, {
    entryPoints: [at('src/ts/worker/script.ts')],
    outfile,
    format: 'iife',
    target: 'es2022',
    platform: 'neutral',
  });
  writeFileSync(outfile, `export default ${JSON.stringify(readFileSync(outfile, 'utf8'))};\n`);
}

async function bundleCli(dev) {
  const outfile = at('pkg/cli.js');
  const banner = readFileSync(at(CLI), 'utf8').startsWith('#!') ? {} : { js: '#!/usr/bin/env node' };
  const plugins = ['later', 'glue'].map((name) => ({ name, setup: RESOLVE[name] }));
  await bundle(dev, { entryPoints: [at(CLI)], outfile, format: 'esm', target: 'node20', platform: 'node', banner, plugins });
  chmodSync(outfile, 0o755);
}

async function bundle(dev, options) {
  const esbuild = await import('esbuild');
  try {
    const { outputFiles } = await esbuild.build({
      absWorkingDir: at('.'),
      bundle: true,
      write: false,
      charset: 'utf8',
      minify: !dev,
      legalComments: 'none',
      logLevel: 'warning',
      define: { KILAT_RELEASE: JSON.stringify(JSON.parse(readFileSync(at('package.json'), 'utf8')).version) },
      plugins: [{ name: 'glue', setup: RESOLVE.glue }],
      ...options,
    });
    for (const { path, text } of outputFiles) writeFileSync(path, dev ? text : await shorten(path, text, options.format === 'esm'));
  } catch (error) {
    if (error.errors) throw new Stop("The TypeScript could not be bundled: see esbuild's errors above.");
    throw error;
  }
}

/** A thirtieth less than what esbuild leaves, packed: it names all that is local anew, the same wherever that is possible. */
async function shorten(path, text, module) {
  const { minify } = await import('vite');
  // What a classic script declares is everybody's.
  const { code, errors } = await minify(path, text, { module, compress: { target: 'es2022' }, mangle: { toplevel: module } });
  if (errors.length > 0) throw new Stop(`${path} could not be minified: ${errors[0].message}`);
  // Not all bundlers know a template for the name of a file.
  return code.replace(/\bimport\(`([^`$]+)`\)/g, 'import("$1")');
}

/** Where imports lead that are no files of src/ts. */
const RESOLVE = {
  glue: (plugin) => {
    plugin.onResolve({ filter: /\/(kilat_wasm|wasm-inline|worker-script)(\.js)?$/ }, ({ path }) => {
      const file = join(GLUE, `${path.split('/').pop().replace(/\.js$/, '')}.js`);
      return { path: file, sideEffects: false };
    });
  },
  /** What is loaded when it is first needed lies beside the bundle. */
  later: (plugin) => {
    for (const name of LATER) plugin.onResolve({ filter: new RegExp(`^\\./${name}\\.js$`) }, ({ path }) => ({ path, external: true }));
  },
  /** The module is one chunk, which all that have it inside share. */
  inlined: (plugin, chunk) => {
    plugin.onResolve({ filter: /\/wasm-inline\.js$/ }, () => ({ path: `./${chunk}`, external: true, sideEffects: false }));
  },
};

async function declare(sources) {
  const config = at('target/tsconfig.build.json');
  const compilerOptions = {
    noEmit: false,
    allowImportingTsExtensions: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: at('src/ts'),
    outDir: at('pkg'),
  };
  const files = [...sources.map((source) => at(source)), at('src/ts/release.d.ts')];
  writeFileSync(config, JSON.stringify({ extends: '../tsconfig.json', compilerOptions, files, include: [] }));
  await must('The TypeScript has errors.', process.execPath, [at('node_modules/typescript/bin/tsc'), '-p', config]);
}

function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
    .sort();
}

function hash(parts) {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part).update('\0');
  return sum.digest('hex');
}

const stampFile = (step) => at('target/stamps', step);
const stampIs = (step, stamp) => existsSync(stampFile(step)) && readFileSync(stampFile(step), 'utf8') === stamp;

function setStamp(step, stamp) {
  mkdirSync(dirname(stampFile(step)), { recursive: true });
  writeFileSync(stampFile(step), stamp);
}

/** The playground as static files, in www/dist. */
export async function buildPlayground() {
  const began = Date.now();
  const { build: bundleWith } = await import('vite');
  await bundleWith({ configFile: at('www/vite.config.ts'), logLevel: 'warn' });
  say(`build: the playground in www/dist/ (${duration(Date.now() - began)})`);
}

await runMain(import.meta.url, async (args) => {
  await build({ dev: args.includes('--dev') });
  if (!args.includes('--dev')) await buildPlayground();
});
