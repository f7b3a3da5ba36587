/** The WebAssembly module: compiled once a page, whatever it comes from. */
import { KilatError } from './errors.js';

/** Where the module is: `kilat/kilat_bg.wasm`, served by you. */
export type WasmSource = URL | string | Response | Promise<Response> | WebAssembly.Module | BufferSource;

const WASM = 'application/wasm';

const compiled = new Map<unknown, Promise<WebAssembly.Module>>();

/** Compiles what `source` gives; a second time for the same source costs nothing. */
export function compile(source: WasmSource): Promise<WebAssembly.Module> {
  const key = source instanceof URL ? source.href : source;
  return once(key, () => compileSource(source));
}

/** Compiles a module that is inlined as gzip in base64. */
export function compileInline(gzippedBase64: string): Promise<WebAssembly.Module> {
  return once(compileInline, async () => {
    const packed = bytesOf(gzippedBase64);
    const inflate = () => {
      const { readable, writable } = new DecompressionStream('gzip');
      const writer = writable.getWriter();
      // What goes wrong here, the reader hears of.
      writer.write(packed).catch(() => {});
      writer.close().catch(() => {});
      return new Response(readable, { headers: { 'Content-Type': WASM } });
    };
    // Browser: not every engine compiles a stream that a script has made.
    return compileStream(inflate()).catch(async () => WebAssembly.compile(await inflate().arrayBuffer()));
  });
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const { fromBase64 } = Uint8Array as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> };
  if (fromBase64) return fromBase64.call(Uint8Array, base64);
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Compiles while the bytes come, where the engine is able to. */
async function compileStream(response: Response): Promise<WebAssembly.Module> {
  const streams = 'compileStreaming' in WebAssembly && response.headers.get('Content-Type') === WASM;
  return streams ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

function once(key: unknown, make: () => Promise<WebAssembly.Module>): Promise<WebAssembly.Module> {
  let module = compiled.get(key);
  if (!module) {
    module = make().catch((error: unknown) => {
      compiled.delete(key);
      if (error instanceof KilatError) throw error;
      throw new KilatError('LOAD', `the WebAssembly module could not be compiled: ${String(error)}`);
    });
    compiled.set(key, module);
  }
  return module;
}

async function compileSource(source: WasmSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return WebAssembly.compile(source as BufferSource);
  const response = await (typeof source === 'string' || source instanceof URL ? fetch(source) : source);
  if (!(response instanceof Response)) {
    throw new KilatError('OPTION', 'option wasm must be a URL, a Response, a WebAssembly.Module or its bytes');
  }
  if (!response.ok) throw new KilatError('LOAD', `${response.url} answered ${response.status}`);
  // One without an address was made by a script, not sent by a server.
  return response.url ? compileStream(response) : WebAssembly.compile(await response.arrayBuffer());
}
