// Runs the JavaScript of one page of the documentation: `node page.mjs <page> <module> ...`. The modules are its blocks,
// in order; those that open no database of their own find `db`, an empty one in memory, shared by the page.
import { pathToFileURL } from 'node:url';
import { open } from '../../../pkg/index.js';

const [, , page, ...modules] = process.argv;
// What blocks print is for readers.
console.log = console.warn = () => {};
globalThis.documentation = { db: await open({ name: page, persistent: false }) };
for (const module of modules) await import(pathToFileURL(module).href);
// Databases that blocks have opened are still open.
process.exit(0);
