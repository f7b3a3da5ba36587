import { join } from 'node:path';
import { defineConfig } from 'vite';

const root = import.meta.dirname;
const pkg = join(root, '..', 'pkg');

export default defineConfig({
  root,
  base: './',
  resolve: {
    alias: [
      { find: /^kilat$/, replacement: join(pkg, 'index.js') },
      { find: /^kilat\/slim$/, replacement: join(pkg, 'slim.js') },
      { find: /^kilat\/kilat_bg\.wasm/, replacement: join(pkg, 'kilat_bg.wasm') },
    ],
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    chunkSizeWarningLimit: 4_000,
    rollupOptions: { input: ['index.html', 'benchmarks.html'].map((page) => join(root, page)) },
  },
  worker: { format: 'es' },
  optimizeDeps: { exclude: ['kilat'] },
  server: { host: '127.0.0.1', fs: { allow: [join(root, '..')] } },
});
