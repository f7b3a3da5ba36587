// npm start: set-up, build, the playground on a local port. `--dev` builds in seconds, unoptimized; `--port N` asks for a port.
import { existsSync, watch } from 'node:fs';
import { Stop, at, runMain, say } from './shell.mjs';
import { setUpBuild } from './setup.mjs';
import { build } from './build.mjs';

/** Serves www/ and answers Vite's server. */
export async function serve({ port = 5173, strictPort = false } = {}) {
  if (!existsSync(at('www/index.html'))) throw new Stop('www/index.html is not there: there is no playground to serve.');
  const { createServer } = await import('vite');
  const server = await createServer({
    configFile: at('www/vite.config.ts'),
    logLevel: 'warn',
    clearScreen: false,
    server: { port, strictPort },
  });
  await server.listen();
  return server;
}

/** Builds again when Rust or TypeScript changes; Vite sees pkg/ change and reloads. */
function rebuildOnChange(options) {
  let timer = null;
  let running = false;
  const rebuild = async () => {
    if (running) return later();
    running = true;
    try {
      await build(options);
    } catch (error) {
      console.error(error instanceof Stop ? error.message : error);
    }
    running = false;
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(rebuild, 300);
  };
  watch(at('src'), { recursive: true }, later);
}

await runMain(import.meta.url, async (args) => {
  const tools = await setUpBuild();
  const options = { dev: args.includes('--dev'), tools };
  await build(options);
  const place = args.indexOf('--port');
  const server = await serve(place < 0 ? {} : { port: Number(args[place + 1]), strictPort: true });
  say(`The playground is at ${server.resolvedUrls.local[0]} (Ctrl+C ends it).`);
  rebuildOnChange(options);
});
