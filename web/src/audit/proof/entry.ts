import { fromBase64, joined, sha256, toBase64, utf8 } from './bytes.js';

/** As much of an entry (docs/proof.md) as is read here. */
export interface Envelope {
  readonly dossier: string;
  readonly sequence: number;
  readonly type: string;
  readonly recordedAt: string;
  readonly recordedBy: string;
  readonly payloadHash: string;
}

/** Null: it is no entry. */
export function readEntry(entry: string): Envelope | null {
  try {
    const value: unknown = JSON.parse(entry);
    const has = (key: string, type: string): boolean =>
      typeof value === 'object' && value !== null && key in value && typeof Reflect.get(value, key) === type;
    const texts = ['dossier', 'type', 'recordedAt', 'recordedBy', 'payloadHash'];
    return has('sequence', 'number') && texts.every((key) => has(key, 'string'))
      ? (value as Envelope) // holds: each field has just been looked at
      : null;
  } catch {
    return null;
  }
}

/** Whether a payload, byte for byte, is the one that an entry commits to: SHA-256(salt ‖ payload). */
export async function isPayloadOf(
  { payloadHash }: Envelope,
  payload: string,
  salt: string,
): Promise<boolean> {
  const bytes = fromBase64(salt);
  return bytes !== null && toBase64(await sha256(joined(bytes, utf8(payload)))) === payloadHash;
}

/** The entries of a bundle (C2SP tlog-tiles): each behind its length in two bytes. Null where it is cut off. */
export function entriesOf(bundle: Uint8Array): Uint8Array[] | null {
  const view = new DataView(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  const entries: Uint8Array[] = [];
  for (let place = 0; place < bundle.length;) {
    if (place + 2 > bundle.length) return null;
    const length = view.getUint16(place);
    if (place + 2 + length > bundle.length) return null;
    entries.push(bundle.subarray(place + 2, place + 2 + length));
    place += 2 + length;
  }
  return entries;
}

/** C2SP tlog-tiles: 1234067 is `x001/x234/067`. */
export function tilePath(index: number): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? [];
  return groups.map((group, place) => (place < groups.length - 1 ? `x${group}` : group)).join('/');
}
