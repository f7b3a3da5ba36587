/** A node of its own in a worker: the page can end it at once, as a crash would. */
import { open } from 'kilat';
import { NAME, Picture } from './nodes';

async function main() {
  const db = await open({ name: NAME });
  const picture = new Picture(db, 'node', () => {}, () => self.close());
  picture.start();
  self.postMessage({ id: picture.id });
}

main().catch((error: unknown) => self.postMessage({ error: String(error) }));
