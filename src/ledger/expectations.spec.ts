import type { Append, NewEvent } from './event.js';
import { expectations } from './expectations.js';

const PROVENANCE = { recordedBy: 'tester', correlationId: 'c', causationId: null };

/** What an append rests on that gives streams versions, in this order. */
function resting(written: readonly (readonly [string, number])[], guards?: Append['guards']): unknown {
  const events = written.map(([streamId, streamVersion]): NewEvent => ({
    id: `${streamId} ${streamVersion}`,
    streamKind: 'statement',
    streamId,
    streamVersion,
    type: 'something-happened',
    schemaVersion: 1,
    data: '{}',
  }));
  // holds: an append of no event, which the type forbids, is refused, and that is tested here
  const append = { events: events as unknown as Append['events'], provenance: PROVENANCE };
  return expectations(guards === undefined ? append : { ...append, guards });
}

test('an append rests on what the streams are before it, each once, and on its guards', () => {
  const written = [
    ['a', 1],
    ['b', 5],
    ['a', 2],
    ['b', 6],
    ['a', 3],
  ] as const;
  expect(resting(written)).toEqual([
    { streamId: 'a', version: 0 },
    { streamId: 'b', version: 4 },
  ]);
  expect(resting([['a', 1]], [{ streamId: 'c', version: 9 }])).toEqual([
    { streamId: 'a', version: 0 },
    { streamId: 'c', version: 9 },
  ]);
});

test.each<[string, readonly (readonly [string, number])[]]>([
  ['An append has at least one event.', []],
  ['Version 0 of stream a does not follow 0.', [['a', 0]]],
  ['Version -3 of stream a does not follow 0.', [['a', -3]]],
  ['Version 1.5 of stream a does not follow 0.', [['a', 1.5]]],
  ['Version NaN of stream a does not follow 0.', [['a', NaN]]],
  [
    'Version 4 of stream a does not follow 4.',
    [
      ['a', 4],
      ['a', 4],
    ],
  ],
  [
    'Version 6 of stream a does not follow 4.',
    [
      ['a', 4],
      ['b', 5],
      ['a', 6],
    ],
  ],
])('what could never be right is refused: %s', (message, written) => {
  expect(() => resting(written)).toThrow(new RangeError(message));
});
