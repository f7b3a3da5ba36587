// Orders: written down first, then put into the outbox under their own id, which is the key that the server knows them by.
import { createOutbox } from 'kilat/outbox';

const CHANGED = 'shop:changed';

export class Orders {
  constructor(db, onChange) {
    this.db = db;
    this.outbox = createOutbox(db, { name: 'orders', pauseMax: 30 });
    this.outbox.on(onChange);
    db.subscribe(CHANGED, onChange);
  }

  /** What was written down and did not reach the outbox before its tab died. */
  async resume() {
    for (const order of this.all()) if (!order.letter) await this.post(order);
  }

  async place(journey, travellers) {
    const order = { id: crypto.randomUUID(), journey: journey.id, name: journey.name, country: journey.country, price: journey.price * travellers, travellers, at: Date.now(), letter: null };
    await this.db.multi().set(`order:${order.id}`, order).zadd('orders', order.at, order.id).exec();
    await this.post(order);
    return order;
  }

  async post(order) {
    const body = JSON.stringify({ journey: order.name, country: order.country, travellers: order.travellers });
    const headers = { 'content-type': 'application/json' };
    const { id } = await this.outbox.send('orders', { method: 'POST', headers, body, idempotencyKey: order.id });
    await this.db.set(`order:${order.id}`, { ...order, letter: id });
    await this.db.publish(CHANGED, order.id);
  }

  /** Newest first, each with its letter: null when it has been delivered for long. */
  all() {
    const ids = this.db.call('ZRANGE', 'orders', 0, -1, 'REV');
    return ids.map((id) => this.db.get(`order:${id}`)).filter(Boolean).map((order) => ({ ...order, state: this.stateOf(order) }));
  }

  stateOf({ letter }) {
    if (!letter) return 'queued';
    // Letters that were delivered are kept for an hour, dead ones until they are discarded.
    return this.outbox.get(letter)?.state ?? 'done';
  }

  retry({ letter }) {
    return this.outbox.retry(letter);
  }

  async cancel({ id, letter }) {
    if (letter) await this.outbox.discard(letter);
    await this.db.multi().delete(`order:${id}`).zrem('orders', id).exec();
    await this.db.publish(CHANGED, id);
  }

  favourites() {
    return this.db.call('ZRANGE', 'favourites', 0, -1, 'REV');
  }

  isFavourite(id) {
    return this.db.zscore('favourites', String(id)) !== null;
  }

  async toggleFavourite(id) {
    if (this.isFavourite(id)) await this.db.zrem('favourites', String(id));
    else await this.db.zadd('favourites', Date.now(), String(id));
    await this.db.publish(CHANGED, 'favourites');
  }
}
