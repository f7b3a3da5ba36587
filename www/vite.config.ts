import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2023', chunkSizeWarningLimit: 4_000 },
  worker: { format: 'es' },
  server: { host: '127.0.0.1' },
});
