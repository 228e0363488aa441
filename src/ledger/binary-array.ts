/**
 * PostgreSQL's binary form of a one-dimensional array (array_send in src/backend/utils/adt/arrayfuncs.c): dimensions, has-null flag,
 * element type, length, lower bound, then each element behind its length. Sent as a parameter it saves the server from parsing text,
 * which is worth 1.3 to 1.6 times the speed of an append.
 */
export const uuids = (values: readonly (string | null)[]): Buffer => encode(values, OID.uuid, 16, writeUuid);

export const integers = (values: readonly (number | null)[]): Buffer =>
  encode(values, OID.int4, 4, (value, into, at) => {
    if (!Number.isInteger(value)) throw new RangeError(`${value} is no integer.`);
    into.writeInt32BE(value, at);
  });

/** Integers of 64 bits, as far as a number holds them. */
export const longs = (values: readonly (number | null)[]): Buffer => encode(values, OID.int8, 8, writeLong);

/** Instants as milliseconds since 1970; PostgreSQL counts microseconds since 2000. */
export const instants = (values: readonly (number | null)[]): Buffer =>
  encode(values, OID.timestamptz, 8, (value, into, at) => {
    if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no instant in milliseconds.`);
    into.writeBigInt64BE(BigInt(value - YEAR_2000) * 1_000n, at);
  });

export const booleans = (values: readonly (boolean | null)[]): Buffer =>
  encode(values, OID.bool, 1, (value, into, at) => into.writeInt8(value ? 1 : 0, at));

export const texts = (values: readonly (string | null)[]): Buffer => encodeTexts(values, OID.text);

/** JSON texts. */
export const jsons = (values: readonly (string | null)[]): Buffer => encodeTexts(values, OID.json);

export const bytes = (values: readonly Buffer[]): Buffer =>
  encodeSized(
    values,
    OID.bytea,
    (value) => value.length,
    (value, into, at) => value.copy(into, at),
  );

/** Where the 16 bytes of a uuid stand in its text (RFC 9562, 4), and where its hyphens do. */
const BYTES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34] as const;
const HYPHENS = [8, 13, 18, 23] as const;
const HYPHEN = 0x2d;
const UUID_LENGTH = 36;

/** What each hexadecimal digit is worth, by its code; NaN for what is none. */
const WORTH = Array.from({ length: 128 }, (_, code) => parseInt(String.fromCharCode(code), 16));

/** Throws TypeError: what is no uuid would leave whatever the memory held before. Digit by digit, which costs a quarter of an expression and a copy without hyphens. */
function writeUuid(value: string, into: Buffer, at: number): void {
  let wrong = value.length === UUID_LENGTH ? 0 : NaN;
  for (const place of HYPHENS) if (value.charCodeAt(place) !== HYPHEN) wrong = NaN;
  let to = at;
  for (const place of BYTES) {
    const byte = worth(value, place) * 16 + worth(value, place + 1);
    wrong *= byte;
    into[to++] = byte;
  }
  if (Number.isNaN(wrong)) throw new TypeError(`${JSON.stringify(value)} is no uuid.`);
}

const worth = (text: string, at: number): number => WORTH[text.charCodeAt(at)] ?? NaN;

function writeLong(value: number, into: Buffer, at: number): void {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no integer.`);
  into.writeBigInt64BE(BigInt(value), at);
}

const YEAR_2000 = Date.UTC(2000, 0);

const OID = {
  bool: 16,
  bytea: 17,
  int8: 20,
  int4: 23,
  json: 114,
  text: 25,
  timestamptz: 1184,
  uuid: 2950,
} as const;
const HEADER = 20;
const NULL_LENGTH = -1;

function header(into: Buffer, elementType: number, count: number, hasNull: boolean): Buffer {
  into.writeInt32BE(count === 0 ? 0 : 1, 0);
  into.writeInt32BE(hasNull ? 1 : 0, 4);
  into.writeInt32BE(elementType, 8);
  if (count === 0) return into.subarray(0, 12);
  into.writeInt32BE(count, 12);
  into.writeInt32BE(1, 16);
  return into;
}

function encode<T>(
  values: readonly (T | null)[],
  elementType: number,
  size: number,
  write: (value: T, into: Buffer, at: number) => void,
): Buffer {
  const into = Buffer.allocUnsafe(HEADER + values.length * (4 + size));
  let at = HEADER;
  let hasNull = false;
  for (const value of values) {
    at = into.writeInt32BE(value === null ? NULL_LENGTH : size, at);
    if (value === null) hasNull = true;
    else write(value, into, at);
    at += value === null ? 0 : size;
  }
  return header(into, elementType, values.length, hasNull).subarray(0, at);
}

function encodeTexts(values: readonly (string | null)[], elementType: number): Buffer {
  return encodeSized(
    values,
    elementType,
    (value) => Buffer.byteLength(value, 'utf8'),
    (value, into, at) => into.write(value, at, 'utf8'),
  );
}

function encodeSized<T>(
  values: readonly (T | null)[],
  elementType: number,
  sizeOf: (value: T) => number,
  write: (value: T, into: Buffer, at: number) => void,
): Buffer {
  const sizes = values.map((value) => (value === null ? 0 : sizeOf(value)));
  const into = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + 4 + size, HEADER));
  let at = HEADER;
  for (const [index, value] of values.entries()) {
    const size = sizes[index] ?? 0;
    at = into.writeInt32BE(value === null ? NULL_LENGTH : size, at);
    if (value !== null) write(value, into, at);
    at += size;
  }
  return header(into, elementType, values.length, values.includes(null));
}
