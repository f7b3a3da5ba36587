/** The WebAssembly module: compiled once a page, whatever it comes from. */
import { KilatError } from './errors.js';

/** Where the module is: `kilat/kilat_bg.wasm`, served by you. */
export type WasmSource = URL | string | Response | Promise<Response> | WebAssembly.Module | BufferSource;

const compiled = new Map<unknown, Promise<WebAssembly.Module>>();

/** Compiles what `source` gives; a second time for the same source costs nothing. */
export function compile(source: WasmSource): Promise<WebAssembly.Module> {
  const key = source instanceof URL ? source.href : source;
  return once(key, () => compileSource(source));
}

/** Compiles a module that is inlined as gzip in base64. */
export function compileInline(gzippedBase64: string): Promise<WebAssembly.Module> {
  return once(compileInline, async () => {
    const packed = Uint8Array.from(atob(gzippedBase64), (char) => char.charCodeAt(0));
    const inflated = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
    const headers = { 'Content-Type': 'application/wasm' };
    return WebAssembly.compile(await new Response(inflated, { headers }).arrayBuffer());
  });
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
  return WebAssembly.compile(await response.arrayBuffer());
}
