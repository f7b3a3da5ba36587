/** The WebAssembly module: compiled once a page, whatever it comes from. */
import { KilatError } from './errors.js';

/** Where the module is: `kilat/kilat_bg.wasm`, served by you. */
export type WasmSource = URL | string | Response | Promise<Response> | WebAssembly.Module | BufferSource;

const WASM = 'application/wasm';

/** Bytes that are inflated in one turn: a millisecond's. */
const AT_ONCE = 64 * 1024;

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
      const stream = inTurns(packed).pipeThrough(new DecompressionStream('gzip'));
      return new Response(stream, { headers: { 'Content-Type': WASM } });
    };
    // Browser: not every engine compiles a stream that a script has made.
    return compileStream(inflate()).catch(async () => WebAssembly.compile(await inflate().arrayBuffer()));
  });
}

/**
 * Browser: bytes are inflated by the thread that hands them on, and Chromium sends what is asked of IndexedDB only on a later
 * turn of the thread that has asked: inflated at once, they would keep storage waiting.
 */
function inTurns(bytes: Uint8Array<ArrayBuffer>) {
  let at = 0;
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(stream) {
      await nextTurn();
      stream.enqueue(bytes.subarray(at, (at += AT_ONCE)));
      if (at >= bytes.length) stream.close();
    },
  });
}

/** Unlike a timer's, prompt in a hidden page too. */
export const nextTurn = () =>
  new Promise<void>((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve(port1.close());
    port2.postMessage(0);
  });

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
