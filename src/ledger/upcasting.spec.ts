import { upcast, type Vocabulary } from './upcasting.js';

const vocabulary: Vocabulary = {
  types: new Set(['name-given', 'never-changed', 'constructor']),
  upcasters: {
    'name-given': {
      1: (data) => ({ names: [data] }),
      2: (data) => ({ ...Object(data), language: 'en' }),
    },
    picky: {},
  },
};

const of = (type: string, schemaVersion: number, data: unknown = 'Ann') =>
  upcast(vocabulary, { type, schemaVersion, data });

test('an event is brought up to the schema version of today from whichever it has', () => {
  const today = { schemaVersion: 3, obscure: null };
  expect(of('name-given', 1)).toEqual({ ...today, data: { names: ['Ann'], language: 'en' } });
  expect(of('name-given', 2, { names: ['Bo'] })).toEqual({
    ...today,
    data: { names: ['Bo'], language: 'en' },
  });
  expect(of('name-given', 3, { names: ['Cy'] })).toEqual({ ...today, data: { names: ['Cy'] } });
});

test.each(['never-changed', 'constructor'])(
  'a type that never changed, %s, is at its first version',
  (type) => {
    expect(of(type, 1)).toEqual({ schemaVersion: 1, data: 'Ann', obscure: null });
  },
);

test.each([
  ['unheard-of', 1, 'unknown type of event'],
  ['picky', 1, 'unknown type of event'],
  ['name-given', 4, 'schema version 4, of which this code knows 3'],
  ['never-changed', 2, 'schema version 2, of which this code knows 1'],
  ['name-given', 0, 'schema version 0, from which no upcaster leads on'],
])('%s in schema version %i is left as it is, with the reason', (type, schemaVersion, reason) => {
  expect(of(type, schemaVersion)).toEqual({ schemaVersion, data: 'Ann', obscure: reason });
});

test.each([
  ['an error', new Error('no name'), 'cannot be upcast: no name'],
  ['anything else', 'no name', 'cannot be upcast: no name'],
])('an event that its upcaster refuses with %s is left as it is, with the reason', (_, refusal, reason) => {
  const refusing: Vocabulary = {
    types: new Set(['picky']),
    upcasters: {
      picky: {
        1: () => {
          throw refusal;
        },
      },
    },
  };
  const event = { type: 'picky', schemaVersion: 1, data: 'Ann' };
  expect(upcast(refusing, event)).toEqual({ schemaVersion: 1, data: 'Ann', obscure: reason });
});

test('without a vocabulary everything is taken as it is', () => {
  const event = { type: 'unheard-of', schemaVersion: 7, data: 'Ann' };
  expect(upcast(null, event)).toEqual({ schemaVersion: 7, data: 'Ann', obscure: null });
});
