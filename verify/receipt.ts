import { createHash } from 'node:crypto';
import { canonicalObject } from './canonical.js';
import { readEntry, type Entry } from './entry.js';
import { isSignedBy, readCheckpoint, readKey } from './note.js';
import { leafOf, parentOf } from './tree.js';
import { must } from './wrong.js';

export interface CheckedReceipt {
  readonly entry: Entry;
  readonly payload: string | null;
  readonly size: number;
}

/** Checks a receipt (C2SP tlog-proof) by a verifier key: that the log which the key signs has the event, and that these are its words. */
export function checkReceipt(text: string, key: string): CheckedReceipt {
  const where = 'the receipt';
  const end = text.indexOf('\n\n') + 1;
  const [first, extra = '', index = '', ...path] = text.slice(0, end).split('\n').slice(0, -1);
  must(end > 0 && first === 'c2sp.org/tlog-proof@v1', where, 'is no tlog-proof');
  must(
    extra.startsWith('extra ') && /^index (0|[1-9]\d{0,14})$/.test(index),
    where,
    'has no extra line or no index',
  );
  const named = canonicalObject(
    fromBase64(extra.slice(6)).toString(),
    ['entry', 'payload', 'salt'],
    'its extra line',
  );
  const { entry: entryText, payload, salt } = named;
  must(typeof entryText === 'string', where, 'has no entry');
  const bytes = Buffer.from(entryText);
  const entry = readEntry(bytes.toString('latin1'), where);
  must(entry.sequence === Number(index.slice(6)) + 1, where, `its entry is that of event ${entry.sequence}`);
  checkPayload(payload, salt, entry, `event ${entry.sequence}`);
  const verifier = readKey(key, 'the key that was given');
  const checkpoint = readCheckpoint(text.slice(end + 1), 'its checkpoint');
  must(verifier.name === checkpoint.origin, 'the key that was given', `is not a key of ${checkpoint.origin}`);
  must(
    checkpoint.origin === `standpoint/dossier/${entry.dossier}`,
    'its checkpoint',
    'is of another dossier',
  );
  must(
    isSignedBy(checkpoint, verifier, 'its checkpoint'),
    'its checkpoint',
    'is not signed by the key that was given',
  );
  const root = rootBy(
    path.map((each) => fromBase64(each).toString('latin1')),
    leafOf(bytes),
    entry.sequence - 1,
    checkpoint.size,
  );
  must(root === checkpoint.root, where, 'the event is not in the log that the checkpoint covers');
  return { entry, payload: typeof payload === 'string' ? payload : null, size: checkpoint.size };
}

function checkPayload(payload: unknown, salt: unknown, { payloadHash }: Entry, where: string): void {
  if (payload === null && salt === null) return;
  must(typeof payload === 'string' && typeof salt === 'string', where, 'has no payload, or no salt');
  const digest = createHash('sha256').update(fromBase64(salt)).update(payload).digest('base64');
  must(digest === payloadHash, where, 'its payload and salt are not what its entry commits to');
}

/** RFC 9162, 2.1.3.2: the root to which the path leads. Base64; empty where the path has another length than it must have. */
function rootBy(path: readonly string[], leaf: string, index: number, size: number): string {
  let [node, position, last] = [leaf, index, size - 1];
  if (index >= size) return '';
  for (const sibling of path) {
    if (last === 0) return '';
    if (position % 2 === 1 || position === last) {
      node = parentOf(sibling, node);
      while (position % 2 === 0 && position > 0) [position, last] = [position / 2, Math.floor(last / 2)];
    } else node = parentOf(node, sibling);
    [position, last] = [Math.floor(position / 2), Math.floor(last / 2)];
  }
  return last === 0 ? Buffer.from(node, 'latin1').toString('base64') : '';
}

function fromBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  must(bytes.toString('base64') === text, 'the receipt', 'has a line that is not base64');
  return bytes;
}
