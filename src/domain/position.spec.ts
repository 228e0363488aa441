import fc from 'fast-check';
import { entry } from '../../test/support/core-domain.js';
import { bySaidOrder, divided, foldPositions, positionAt, voicesAt, type Entry } from './position.js';
import { sameStance, STANCES } from './stance.js';

const day = (date: string): number => Date.parse(`${date}T00:00:00Z`);

/** Positions without their evidence's details: [stance, from, to, roles by entry]. */
const told = (entries: readonly Entry[]) =>
  foldPositions(entries).map(({ stance, from, to, evidence }) => ({
    stance,
    from: new Date(from).toISOString().slice(0, 10),
    to: to === null ? null : new Date(to).toISOString().slice(0, 10),
    evidence: evidence.map(({ entry: { id }, role }) => `${id} ${role}`),
  }));

describe('the worked example of positions.md', () => {
  const proposal = entry(7, '2025-04-21', 'supportive', { act: 'ProposalMade' });
  const clarification = entry(9, '2025-04-22', 'open');
  const rejection = entry(12, '2024-08-10', 'opposed', { act: 'ProposalRejected' });

  test('the proposal is adopted and the clarification softens it', () => {
    expect(told([proposal, clarification])).toEqual([
      { stance: 'supportive', from: '2025-04-21', to: '2025-04-22', evidence: ['entry 7 sets'] },
      { stance: 'open', from: '2025-04-22', to: null, evidence: ['entry 9 sets'] },
    ]);
  });

  test('the rejection that is recorded late comes first, and the present is unchanged', () => {
    const before = foldPositions([proposal, clarification]);
    const after = foldPositions([rejection, proposal, clarification]);
    expect(told([rejection, proposal])[0]).toEqual({
      stance: 'opposed',
      from: '2024-08-10',
      to: '2025-04-21',
      evidence: ['entry 12 sets'],
    });
    expect(after.slice(1)).toEqual(before);
  });
});

test('there is no position before the first stance, whatever was said', () => {
  expect(foldPositions([])).toEqual([]);
  expect(foldPositions([entry(1, '2025-01-01', null)])).toEqual([]);
  expect(positionAt([entry(1, '2025-01-02', 'open')], day('2025-01-01'))).toBeNull();
});

test('an entry without a stance is evidence of the position that it falls in', () => {
  expect(told([entry(1, '2025-01-01', 'open'), entry(2, '2025-01-02', null)])).toEqual([
    { stance: 'open', from: '2025-01-01', to: null, evidence: ['entry 1 sets', 'entry 2 evidence'] },
  ]);
});

test('conditions without a stance change nothing', () => {
  const conditional = entry(2, '2025-01-02', null, { conditions: ['monitors'] });
  expect(foldPositions([entry(1, '2025-01-01', 'open'), conditional])).toMatchObject([{ conditions: [] }]);
});

test('the same stance with the same set of conditions reaffirms, in whatever order they are named', () => {
  const one = entry(1, '2025-01-01', 'open', { conditions: ['monitors', 'prisoners'] });
  const other = entry(2, '2025-01-02', 'open', { conditions: ['prisoners', 'monitors', 'prisoners'] });
  expect(told([one, other])).toEqual([
    { stance: 'open', from: '2025-01-01', to: null, evidence: ['entry 1 sets', 'entry 2 reaffirms'] },
  ]);
});

test('the same stance with other conditions is another position', () => {
  const other = entry(2, '2025-01-02', 'open', { conditions: ['monitors'] });
  expect(foldPositions([entry(1, '2025-01-01', 'open'), other])).toHaveLength(2);
});

test('what was said at the same time counts in the order in which it was first recorded', () => {
  const entries = [entry(5, '2025-01-01', 'open'), entry(3, '2025-01-01', 'opposed')].toSorted(bySaidOrder);
  expect(told(entries)).toEqual([
    { stance: 'opposed', from: '2025-01-01', to: '2025-01-01', evidence: ['entry 3 sets'] },
    { stance: 'open', from: '2025-01-01', to: null, evidence: ['entry 5 sets'] },
  ]);
});

test('what is said at the very instant counts; what is said a millisecond later does not', () => {
  const entries = [entry(1, '2025-01-01', 'open'), entry(2, '2025-01-02', 'opposed')];
  expect(positionAt(entries, day('2025-01-02'))?.stance).toBe('opposed');
  expect(positionAt(entries, day('2025-01-02') - 1)).toMatchObject({ stance: 'open', to: null });
});

describe('voices', () => {
  const said = (origin: number, date: string, speaker: string | null, stance: Entry['stance']) =>
    entry(origin, date, stance, { speaker });

  test('each speaker’s own position is a voice; statements without a speaker are none', () => {
    const entries = [said(1, '2025-01-01', 'envoy', 'open'), said(2, '2025-01-02', null, 'opposed')];
    expect(voicesAt(entries, day('2025-02-01'))).toEqual([
      { speaker: 'envoy', stance: 'open', since: day('2025-01-01') },
    ]);
  });

  test('a voice that reaffirms has been since it first said so, whatever others said between', () => {
    const entries = [
      said(1, '2025-01-01', 'envoy', 'open'),
      said(2, '2025-01-02', 'minister', 'opposed'),
      said(3, '2025-01-03', 'envoy', 'open'),
    ];
    expect(voicesAt(entries, day('2025-02-01'))).toContainEqual({
      speaker: 'envoy',
      stance: 'open',
      since: day('2025-01-01'),
    });
  });

  test('voices are named in the order in which they first took a stance', () => {
    const entries = [
      said(1, '2025-01-01', 'envoy', null),
      said(2, '2025-01-02', 'minister', 'opposed'),
      said(3, '2025-01-03', 'envoy', 'open'),
    ];
    expect(voicesAt(entries, day('2025-02-01')).map(({ speaker }) => speaker)).toEqual(['minister', 'envoy']);
  });

  test('what is said later is not heard yet', () => {
    expect(voicesAt([said(1, '2025-01-02', 'envoy', 'open')], day('2025-01-01'))).toEqual([]);
  });

  test('a party is divided when two of its voices differ by two levels or more', () => {
    const voices = (...stances: (typeof STANCES)[number][]) =>
      stances.map((stance, index) => ({ speaker: `speaker ${index}`, stance, since: 0 }));
    expect(divided([])).toBe(false);
    expect(divided(voices('opposed'))).toBe(false);
    expect(divided(voices('open', 'noncommittal', 'open'))).toBe(false);
    expect(divided(voices('open', 'open', 'skeptical'))).toBe(true);
    expect(divided(voices('noncommittal', 'supportive'))).toBe(true);
  });
});

describe('for any entries in said-order', () => {
  const entries = fc
    .array(
      fc.record({
        said: fc.nat({ max: 9 }),
        stance: fc.option(fc.constantFrom(...STANCES)),
        conditions: fc.constantFrom<string[]>([], ['a'], ['a', 'b'], ['b', 'a']),
        speaker: fc.option(fc.constantFrom('one', 'other')),
      }),
      { maxLength: 30, size: 'max' },
    )
    .map((all) => all.map((each, origin) => entry(origin, '2025', each.stance, each)).toSorted(bySaidOrder));

  test('spans tile time from the first stance on: each position ends where the next begins, the last is open', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const positions = foldPositions(all);
        expect(positions.map(({ to }) => to)).toEqual([
          ...positions.slice(1).map(({ from }) => from),
          ...positions.slice(0, 1).map(() => null),
        ]);
        expect(positions[0]?.from).toBe(all.find(({ stance }) => stance !== null)?.said);
      }),
    );
  });

  test('evidence parts the entries: each from the first stance on belongs to exactly one position, in order', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const first = all.findIndex(({ stance }) => stance !== null);
        const evidence = foldPositions(all).flatMap((position) =>
          position.evidence.map((each) => each.entry),
        );
        expect(evidence).toEqual(first === -1 ? [] : all.slice(first));
      }),
    );
  });

  test('the first of a position’s evidence sets it, those without a stance are evidence, the others reaffirm it', () => {
    fc.assert(
      fc.property(entries, (all) => {
        for (const position of foldPositions(all))
          for (const [
            index,
            {
              entry: { stance, conditions },
              role,
            },
          ] of position.evidence.entries()) {
            expect(role).toBe(index === 0 ? 'sets' : stance === null ? 'evidence' : 'reaffirms');
            expect(stance === null || sameStance(position, { stance, conditions })).toBe(true);
          }
      }),
    );
  });

  test('no two positions in a row are the same', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const positions = foldPositions(all);
        const repeated = positions.filter((position, index) => {
          const before = positions[index - 1];
          return before !== undefined && sameStance(before, position);
        });
        expect(repeated).toEqual([]);
      }),
    );
  });

  test('the position at an instant is the last of the history whose span has begun by then', () => {
    fc.assert(
      fc.property(entries, fc.integer({ min: -1, max: 10 }), (all, at) => {
        const begun = foldPositions(all).filter(({ from }) => from <= at);
        const { stance, from } = begun.at(-1) ?? { stance: undefined, from: undefined };
        expect([positionAt(all, at)?.stance, positionAt(all, at)?.from]).toEqual([stance, from]);
      }),
    );
  });

  test('a voice is the position that the fold gives of what that speaker said', () => {
    fc.assert(
      fc.property(entries, fc.nat({ max: 9 }), (all, at) => {
        const voices = voicesAt(all, at);
        for (const speaker of ['one', 'other']) {
          const own = positionAt(
            all.filter((each) => each.speaker === speaker),
            at,
          );
          const voice = voices.find((each) => each.speaker === speaker);
          expect([voice?.stance, voice?.since]).toEqual([own?.stance, own?.from]);
        }
      }),
    );
  });
});
