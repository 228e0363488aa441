import fc from 'fast-check';
import { entry } from '../../test/support/core-domain.js';
import { foldPositions } from './position.js';
import { shiftKind, shiftsOf, type ShiftKind } from './shift.js';
import { STANCES, type Stance } from './stance.js';

const plain = (stance: Stance) => ({ stance, conditions: [] });

/** From each stance (row) to each (column), in the order of the scale; on the diagonal only the conditions differ. */
const KINDS: Record<Stance, readonly ShiftKind[]> = {
  opposed: ['conditions-changed', 'softened', 'withdrawn', 'reversed', 'reversed'],
  skeptical: ['strengthened', 'conditions-changed', 'withdrawn', 'reversed', 'reversed'],
  noncommittal: ['strengthened', 'strengthened', 'conditions-changed', 'strengthened', 'strengthened'],
  open: ['reversed', 'reversed', 'withdrawn', 'conditions-changed', 'strengthened'],
  supportive: ['reversed', 'reversed', 'withdrawn', 'softened', 'conditions-changed'],
};

const moves = STANCES.flatMap((from) =>
  STANCES.map((to, column) => [from, to, KINDS[from][column] ?? 'adopted'] as const),
);

test.each(moves)('from %s to %s a party is said to have %s', (from, to, kind) => {
  expect(shiftKind(plain(from), { stance: to, conditions: from === to ? ['monitors'] : [] })).toBe(kind);
});

test.each(STANCES)('the first position, %s, is adopted', (stance) => {
  expect(shiftKind(null, plain(stance))).toBe('adopted');
});

test('a stance that changes together with its conditions is named by the stance', () => {
  expect(shiftKind(plain('open'), { stance: 'supportive', conditions: ['monitors'] })).toBe('strengthened');
});

test('a shift is dated by what was said, and names the statement that made it', () => {
  const first = entry(7, '2025-04-21', 'supportive');
  const second = entry(9, '2025-04-22', 'open', { conditions: ['monitors'] });
  expect(shiftsOf(foldPositions([first, second]))).toMatchObject([
    { at: first.said, kind: 'adopted', from: null, to: { stance: 'supportive' }, statement: 'entry 7' },
    {
      at: second.said,
      kind: 'softened',
      from: { stance: 'supportive' },
      to: { stance: 'open' },
      statement: 'entry 9',
    },
  ]);
});

test('a statement that is recorded late turns the first shift from adopted into reversed (positions.md)', () => {
  const history = [entry(12, '2024-08-10', 'opposed'), entry(7, '2025-04-21', 'supportive')];
  expect(shiftsOf(foldPositions(history)).map(({ kind }) => kind)).toEqual(['adopted', 'reversed']);
});

test('there are as many shifts as positions, each where its position begins, and only the first is adopted', () => {
  const stances = fc.array(fc.option(fc.constantFrom(...STANCES)), { maxLength: 20 });
  fc.assert(
    fc.property(stances, (all) => {
      const history = foldPositions(
        all.map((stance, origin) => entry(origin, '2025', stance, { said: origin })),
      );
      const shifts = shiftsOf(history);
      expect(shifts.map(({ at }) => at)).toEqual(history.map(({ from }) => from));
      expect(shifts.map(({ kind }) => kind === 'adopted')).toEqual(history.map((_, index) => index === 0));
    }),
  );
});
