/**
 * Browser: Chromium's IndexedDB is LevelDB, which takes up the log that a killed browser left half written and goes on behind
 * it. At the next start it cannot read that log, and all that the site had stored is dropped. A database that is deleted, even
 * an empty one, makes it begin a new log, within some milliseconds and beside everything else.
 */

const NAME = 'kilat:torn';

/** Whether it is such a browser: no other tells of dropped data. */
const isNeeded = () => typeof IDBVersionChangeEvent !== 'undefined' && 'dataLoss' in IDBVersionChangeEvent.prototype;

/** For the first tab that opens a database: what may have been left half written is behind it then. Waits for nothing. */
export function leaveTornLog() {
  if (!isNeeded()) return;
  try {
    const request = indexedDB.open(NAME, 1);
    request.onerror = (event) => event.preventDefault();
    request.onsuccess = () => {
      request.result.close();
      indexedDB.deleteDatabase(NAME).onerror = (event) => event.preventDefault();
    };
  } catch {
    // Storage is not to be had: nothing is torn.
  }
}
