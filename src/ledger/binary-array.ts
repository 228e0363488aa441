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

export const bytes = (values: readonly Buffer[]): Buffer => encodeSized(values, OID.bytea);

const HYPHENATED = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Throws TypeError: what is no uuid would leave whatever the memory held before. */
function writeUuid(value: string, into: Buffer, at: number): void {
  if (!HYPHENATED.test(value)) throw new TypeError(`${JSON.stringify(value)} is no uuid.`);
  into.write(value.replaceAll('-', ''), at, 'hex');
}

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
    values.map((value) => (value === null ? null : Buffer.from(value, 'utf8'))),
    elementType,
  );
}

function encodeSized(values: readonly (Buffer | null)[], elementType: number): Buffer {
  const size = values.reduce((sum, value) => sum + 4 + (value?.length ?? 0), HEADER);
  const into = Buffer.allocUnsafe(size);
  let at = HEADER;
  for (const value of values) {
    at = into.writeInt32BE(value?.length ?? NULL_LENGTH, at);
    at += value?.copy(into, at) ?? 0;
  }
  return header(into, elementType, values.length, values.includes(null));
}
