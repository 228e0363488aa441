import { must } from './wrong.js';

/** Whether it is written as a UUID is in an entry. */
export const isUuid = (text: string): boolean => WHOLE_UUID.test(text);

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const WHOLE_UUID = new RegExp(`^${UUID}$`);
const STRING = '"((?:[^"\\\\]|\\\\.)*)"';
const COUNT = '([1-9]\\d{0,14})';
/** The one way in which RFC 8785 writes the envelope. */
const ENTRY = new RegExp(
  `^\\{"causationId":(?:null|"${UUID}"),"correlationId":"${UUID}","dossier":"(${UUID})","id":"(${UUID})",` +
    `"payloadHash":"([A-Za-z0-9+/]{43}=)","recordedAt":"(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z)","recordedBy":${STRING},` +
    `"schemaVersion":${COUNT},"sequence":${COUNT},"stream":"([a-z][a-z-]*)/(${UUID})","streamVersion":${COUNT},"type":${STRING}\\}$`,
);

/** An event's envelope, as far as it is looked at. */
export interface Entry {
  readonly text: string;
  readonly dossier: string;
  readonly id: string;
  /** Base64. */
  readonly payloadHash: string;
  readonly recordedAt: string;
  readonly schemaVersion: number;
  readonly sequence: number;
  readonly kind: string;
  readonly stream: string;
  readonly streamVersion: number;
  readonly type: string;
}

/** Reads an entry of the log. `text`: its bytes as latin1. */
export function readEntry(text: string, where = ''): Entry {
  const match = ENTRY.exec(text);
  must(match !== null, where, 'its entry is not in the form of docs/proof.md');
  // holds: the expression has these groups, and none of them is optional
  const [, dossier, id, payloadHash, recordedAt, recordedBy, schema, sequence, kind, stream, version, type] =
    match as unknown as string[] & { length: 12 };
  must(isCanonical(recordedBy) && isCanonical(type), where, 'its entry is not in canonical JSON');
  return {
    text,
    dossier: dossier ?? '',
    id: id ?? '',
    payloadHash: payloadHash ?? '',
    recordedAt: recordedAt ?? '',
    schemaVersion: Number(schema),
    sequence: Number(sequence),
    kind: kind ?? '',
    stream: stream ?? '',
    streamVersion: Number(version),
    type: type ?? '',
  };
}

const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/** Whether JSON would write the string in just these bytes. */
function isCanonical(latin1 = ''): boolean {
  if (PLAIN.test(latin1)) return true;
  const bytes = Buffer.from(`"${latin1}"`, 'latin1');
  try {
    return Buffer.from(JSON.stringify(JSON.parse(bytes.toString()))).equals(bytes);
  } catch {
    return false;
  }
}
