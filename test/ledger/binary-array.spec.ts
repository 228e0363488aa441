import fc from 'fast-check';
import { Client } from 'pg';
import {
  booleans,
  bytes,
  instants,
  integers,
  jsons,
  longs,
  texts,
  uuids,
} from '../../src/ledger/binary-array.js';

let client: Client;

beforeAll(async () => {
  client = new Client({ connectionString: process.env['STANDPOINT_TEST_SERVICE_URL'] });
  await client.connect();
});

afterAll(() => client.end());

async function roundTrip(type: string, parameter: Buffer): Promise<unknown> {
  const { rows } = await client.query<{ back: unknown }>(`SELECT $1::${type}[] AS back`, [parameter]);
  return rows[0]?.back;
}

async function comesBack<T>(
  type: string,
  values: fc.Arbitrary<T>,
  encode: (values: T[]) => Buffer,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(values, { maxLength: 50 }), async (array) => {
      expect(await roundTrip(type, encode(array))).toEqual(array);
    }),
  );
}

describe('PostgreSQL reads from our binary arrays', () => {
  it('uuids, and nulls among them', () => comesBack('uuid', fc.option(fc.uuid()), uuids));

  it('uuids in capitals, as small letters', async () => {
    const uuid = '018F2B0C-ABCD-7DEF-8123-456789ABCDEF';
    expect(await roundTrip('uuid', uuids([uuid]))).toEqual([uuid.toLowerCase()]);
  });

  it('integers of 32 bits', () =>
    comesBack('integer', fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), integers));

  it('integers as large as a number holds, and nulls among them', async () => {
    const values = [Number.MIN_SAFE_INTEGER, -1, null, 0, Number.MAX_SAFE_INTEGER];
    expect(await roundTrip('bigint', longs(values))).toEqual(
      values.map((value) => (value === null ? null : String(value))),
    );
    expect(() => longs([0.5])).toThrow('0.5 is no integer.');
    expect(() => longs([2 ** 53])).toThrow(RangeError);
  });

  it('instants of all years that are written with four digits, and nulls among them', () =>
    comesBack(
      'timestamptz',
      fc.option(fc.date({ min: new Date('0001-01-01Z'), max: new Date('9999-12-31Z'), noInvalidDate: true })),
      (dates) => instants(dates.map((date) => date && date.getTime())),
    ));

  it('truth values, and nulls among them', () => comesBack('boolean', fc.option(fc.boolean()), booleans));

  it('JSON, and nulls among it', () =>
    comesBack('json', fc.option(fc.array(fc.nat())), (values) =>
      jsons(values.map((value) => value && JSON.stringify(value))),
    ));

  // PostgreSQL's text holds every character but U+0000; half a surrogate pair is no character.
  it('texts of any characters', () =>
    comesBack(
      'text',
      fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\u0000', '').toWellFormed()),
      texts,
    ));

  it('bytes', () =>
    comesBack(
      'bytea',
      fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
      bytes,
    ));

  it('nothing', async () => {
    expect(await roundTrip('uuid', uuids([]))).toEqual([]);
    expect(await roundTrip('integer', integers([]))).toEqual([]);
    expect(await roundTrip('text', texts([]))).toEqual([]);
    expect(await roundTrip('bytea', bytes([]))).toEqual([]);
  });
});

describe('a binary array', () => {
  // Break: the look at the length in writeUuid; the array then holds the beginning of what is too long.
  it.each([
    '',
    'x',
    '018f2b0c-abcd-7def-8123-456789abcde',
    '018f2b0cabcd7def8123456789abcdef0000',
    'x018f2b0c-abcd-7def-8123-456789abcdef',
    '018f2b0c-abcd-7def-8123-456789abcdefx',
  ])('does not take %j for a uuid', (text) => {
    expect(() => uuids([text])).toThrow(new TypeError(`${JSON.stringify(text)} is no uuid.`));
  });

  // Break: the look at HYPHENS in writeUuid, or `wrong *= byte`; the array then holds zeros for what is no digit.
  it('does not take for a uuid what has another character anywhere', () => {
    const uuid = '018f2b0c-abcd-7def-8123-456789abcdef';
    fc.assert(
      fc.property(
        fc.nat({ max: uuid.length - 1 }),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
        (at, character) => {
          fc.pre(character.length === 1 && !(uuid[at] === '-' ? /-/ : /[\da-f]/i).test(character));
          const text = uuid.slice(0, at) + character + uuid.slice(at + 1);
          expect(() => uuids([text])).toThrow(new TypeError(`${JSON.stringify(text)} is no uuid.`));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('does not take for an instant what is none', () => {
    for (const number of [0.5, NaN, 2 ** 53])
      expect(() => instants([number])).toThrow(`${number} is no instant in milliseconds.`);
  });

  it('does not take a number that is none of 32 bits', () => {
    for (const number of [2 ** 31, -(2 ** 31) - 1, 1.5, NaN])
      expect(() => integers([number])).toThrow(/integer|out of range/);
  });
});
