import { negotiators } from '../../test/support/core-domain.js';
import { quote, References } from './references.js';

test('a thing is referred to by id, slug, name or alias', () => {
  const references = new References(negotiators());
  expect(['russia', 'Russia', 'moscow'].map((each) => references.id('party', 'party', each))).toEqual(
    Array(3).fill('russia'),
  );
  expect(references.findings).toEqual([]);
});

test('nothing is referred to by nothing', () => {
  const references = new References(negotiators());
  expect([references.id('party', 'party', null), references.id('party', 'party', undefined)]).toEqual([
    null,
    null,
  ]);
  expect(references.ids('party', 'addressees', null)).toEqual([]);
  expect(references.findings).toEqual([]);
});

test('each kind has names of its own', () => {
  const references = new References(negotiators());
  expect(references.id('speaker', 'speaker', 'Russia')).toBeNull();
  expect(references.findings).toEqual([
    {
      code: 'unknown-reference',
      path: 'speaker',
      message: 'no speaker in this dossier is called "Russia"',
      candidates: [],
    },
  ]);
});

test('what two things are called is refused with both as candidates', () => {
  const references = new References(negotiators());
  expect(references.id('party', 'against', 'The Enemy')).toBeNull();
  expect(references.findings).toEqual([
    {
      code: 'ambiguous-reference',
      path: 'against',
      message: 'more than one party is called "The Enemy": give its id or slug',
      candidates: [
        { id: 'russia', slug: 'russia', name: 'Russia' },
        { id: 'ukraine', slug: 'ukraine', name: 'Ukraine' },
      ],
    },
  ]);
});

test('everything that cannot be resolved is found, each at its place', () => {
  const references = new References(negotiators());
  references.id('topic', 'topic', 'peace');
  expect(references.ids('party', 'addressees', ['russia', 'France', 'kyiv', 'Spain'])).toEqual([
    'russia',
    'ukraine',
  ]);
  references.miss('statement', 'refersTo', 'said-1');
  expect(references.findings.map(({ path, message }) => `${path}: ${message}`)).toEqual([
    'topic: no topic in this dossier is called "peace"',
    'addressees.1: no party in this dossier is called "France"',
    'addressees.3: no party in this dossier is called "Spain"',
    'refersTo: no statement in this dossier is called "said-1"',
  ]);
});

test('a long reference is cut where it is quoted, never within a character', () => {
  expect(quote('short "name"')).toBe('"short \\"name\\""');
  expect(quote('😀'.repeat(1_000))).toBe(`"${'😀'.repeat(80)}…"`);
  expect(quote('x'.repeat(80))).toBe(`"${'x'.repeat(80)}"`);
  expect(quote('x'.repeat(81))).toBe(`"${'x'.repeat(80)}…"`);
});
