// The same small application in Svelte, in runes mode; one number is read as a store.
import { mount, unmount } from 'svelte';
import { open } from 'kilat';
import App from './App.svelte';

let drawn = 0;
const state = $state({ rows: 0, key: 'count' });

globalThis.app = {
  async start(options) {
    globalThis.db = await open(options);
    const component = mount(App, { target: document.body, props: { db, state, note: () => drawn++ } });
    app.unmount = () => unmount(component);
  },
  rows: (n) => (state.rows = n),
  show: (key) => (state.key = key),
  drawn: () => drawn,
};
