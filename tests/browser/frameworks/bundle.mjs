// Builds one of the applications as a user would: `kilat` and its like are packages, Svelte's components are compiled.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { compile, compileModule } from 'svelte/compiler';
import { at } from '../../../scripts/shell.mjs';

const svelte = {
  name: 'svelte',
  setup(plugin) {
    plugin.onLoad({ filter: /\.svelte$/ }, ({ path }) => {
      const { js } = compile(readFileSync(path, 'utf8'), { filename: basename(path), generate: 'client' });
      return { contents: js.code, loader: 'js' };
    });
    plugin.onLoad({ filter: /\.svelte\.js$/ }, ({ path }) => {
      const { js } = compileModule(readFileSync(path, 'utf8'), { filename: basename(path), generate: 'client' });
      return { contents: js.code, loader: 'js' };
    });
  },
};

const ENTRIES = ['react', 'vue', 'svelte'];

/** Bundles `source` of this folder into `<folder>/app.js`. */
export async function bundle(source, folder) {
  await build({
    entryPoints: [at('tests/browser/frameworks', source)],
    outfile: join(folder, 'app.js'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['browser', 'production'],
    define: { 'process.env.NODE_ENV': '"production"', __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' },
    alias: Object.fromEntries([...ENTRIES.map((name) => [`kilat/${name}`, at(`pkg/${name}.js`)]), ['kilat', at('pkg/index.js')]]),
    plugins: [svelte],
    logLevel: 'warning',
  });
}
