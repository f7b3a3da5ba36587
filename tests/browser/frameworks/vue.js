// The same small application in Vue.
import { createApp, defineComponent, h, shallowRef } from 'vue';
import { open } from 'kilat';
import { kilat, useKey, useKilat, useQuery } from 'kilat/vue';

let drawn = 0;

const Row = defineComponent({
  props: ['id'],
  setup(props) {
    const name = useQuery((db) => db.hget(`row:${props.id}`, 'name'));
    return () => {
      drawn += 1;
      return h('li', { id: `row-${props.id}` }, name.value ?? '-');
    };
  },
});

const rows = shallowRef(0);
const shown = shallowRef('count');

const App = defineComponent({
  setup() {
    const db = useKilat();
    const count = useKey(shown);
    return () => h('main', null, [
      h('p', { id: 'state' }, db.value ? 'open' : 'opening'),
      h('p', { id: 'count' }, String(count.value)),
      h('ul', null, Array.from({ length: rows.value }, (_, id) => h(Row, { key: id, id }))),
    ]);
  },
});

globalThis.app = {
  async start(options) {
    const opening = open(options);
    const application = createApp(App).use(kilat, opening);
    application.mount(document.body.appendChild(document.createElement('div')));
    globalThis.db = await opening;
    app.unmount = () => application.unmount();
  },
  rows: (n) => (rows.value = n),
  show: (key) => (shown.value = key),
  drawn: () => drawn,
};
