import { Roster, sameNameKey } from './roster.js';

const party = (id: string, name: string, aliases: string[] = [], slug: string | null = null) => ({
  id,
  slug,
  name,
  aliases,
});

const found = (roster: Roster<ReturnType<typeof party>>, reference: string): string => {
  const resolution = roster.resolve(reference);
  return resolution.status === 'found' ? resolution.thing.id : resolution.status;
};

test.each([
  ['case', 'KYIV'],
  ['white space around and within', '  the \t  Kremlin\n', 'The Kremlin'],
  ['Unicode composition', 'Sa\u0303o Tome\u0301', 'São Tomé'],
])('names are the same whatever their %s', (_, written, name = 'Kyiv') => {
  expect(sameNameKey(written)).toBe(sameNameKey(name));
});

test('names that differ in a letter or an accent are not the same', () => {
  expect(sameNameKey('Zelensky')).not.toBe(sameNameKey('Zelenskyy'));
  expect(sameNameKey('Sao Tome')).not.toBe(sameNameKey('São Tomé'));
  expect(sameNameKey('Weiß')).not.toBe(sameNameKey('Weiss'));
  expect(sameNameKey('New Age')).not.toBe(sameNameKey('Newage'));
});

test('a thing is found by its id, its slug, its name and every alias', () => {
  const roster = new Roster<ReturnType<typeof party>>();
  roster.put(party('1', 'Ukraine', ['Kyiv', 'Kiev'], 'ukraine'));
  expect(['1', 'ukraine', 'Ukraine', 'kyiv', ' KIEV '].map((each) => found(roster, each))).toEqual(
    Array(5).fill('1'),
  );
  expect(found(roster, 'Russia')).toBe('unknown');
});

test('a name that two things bear is ambiguous, and both are candidates', () => {
  const roster = new Roster<ReturnType<typeof party>>();
  roster.put(party('1', 'Congo', ['DRC']));
  roster.put(party('2', 'Republic of the Congo', ['congo']));
  expect(roster.resolve('Congo')).toMatchObject({
    status: 'ambiguous',
    candidates: [{ id: '1' }, { id: '2' }],
  });
  expect(found(roster, 'DRC')).toBe('1');
});

test('a thing that bears a name twice is named by it for certain', () => {
  const roster = new Roster<ReturnType<typeof party>>();
  roster.put(party('1', 'Kyiv', ['kyiv', 'KYIV']));
  expect(found(roster, 'Kyiv')).toBe('1');
});

test('an id and a slug name one thing for certain, even where another bears them as its name', () => {
  const roster = new Roster<ReturnType<typeof party>>();
  roster.put(party('1', 'Ukraine', [], 'kyiv'));
  roster.put(party('2', 'kyiv', ['1']));
  expect([found(roster, 'kyiv'), found(roster, '1'), found(roster, 'Kyiv')]).toEqual(['1', '1', '2']);
});

test('a slug is no name: only as it is written', () => {
  const roster = new Roster<ReturnType<typeof party>>();
  roster.put(party('1', 'Ukraine', [], 'ua'));
  expect(found(roster, 'UA')).toBe('unknown');
});

test('a thing that is replaced is found by its new names and no longer by its old ones', () => {
  const roster = new Roster<ReturnType<typeof party>>();
  roster.put(party('1', 'Ukraine', ['Kiev']));
  roster.put(party('2', 'Kiev Rus'));
  roster.put(party('1', 'Ukraine', ['Kyiv']));
  expect(['Kyiv', 'Ukraine', 'Kiev'].map((each) => found(roster, each))).toEqual(['1', '1', 'unknown']);
  expect(roster.size).toBe(2);
});

test('things are listed in the order in which they were added, however often they are replaced', () => {
  const roster = new Roster<ReturnType<typeof party>>();
  for (const [id, name] of [
    ['2', 'B'],
    ['1', 'A'],
    ['2', 'C'],
  ] as const)
    roster.put(party(id, name));
  expect(roster.all().map(({ name }) => name)).toEqual(['C', 'A']);
});
