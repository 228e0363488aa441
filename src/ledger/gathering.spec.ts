import type { BatchOutcome } from './append-batch.js';
import type { Append, NewEvent } from './event.js';
import { Gathering, inParts, waiting, type Waiting } from './gathering.js';

const PROVENANCE = { recordedBy: 'tester', correlationId: 'c', causationId: null };

const event = (streamId: string, streamVersion: number, data = '{}'): NewEvent => ({
  id: `${streamId} ${streamVersion}`,
  streamKind: 'statement',
  streamId,
  streamVersion,
  type: 'something-happened',
  schemaVersion: 1,
  data,
});

/** An append that gives a stream a version, by default its first. */
function write(streamId: string, version = 1, more: Partial<Append> = {}): Waiting {
  const append = { events: [event(streamId, version)], provenance: PROVENANCE, ...more } as const;
  return waiting(append, { resolve: () => undefined, reject: () => undefined });
}

const guard = (streamId: string, version: number): Partial<Append> => ({ guards: [{ streamId, version }] });
const claim = (name: string): Partial<Append> => ({ claims: [{ name, streamId: 'its holder' }] });
const key = (name: string): Partial<Append> => ({
  idempotency: { key: name, fingerprint: Buffer.from('request'), answer: '{}' },
});

/** Many small appends, each of a stream of its own. */
const strangers = (count: number, from = 0): Waiting[] =>
  Array.from({ length: count }, (_, index) => write(`stranger ${from + index}`));

function gather(...all: readonly Waiting[]): Gathering {
  const gathering = new Gathering();
  for (const each of all) gathering.add(each);
  return gathering;
}

/** What the batch holds that is taken, and answered at once. */
function answered(gathering: Gathering, most?: number): readonly Waiting[] {
  const batch = gathering.take(most);
  gathering.land(batch);
  return batch;
}

/** What the batches hold that are taken, one after the other, until nobody waits. */
function batches(gathering: Gathering): (readonly Waiting[])[] {
  const taken: (readonly Waiting[])[] = [];
  while (gathering.size > 0 && taken.length < 10) taken.push(answered(gathering));
  return taken;
}

const appended: BatchOutcome = { status: 'appended', first: 1, recordedAt: '2025-04-01T10:00:00.000Z' };

describe('an append that waits', () => {
  test('is told by what it expects, by the names that it takes, and by how long its payloads are', () => {
    const append: Append = {
      events: [event('a', 3, '{"a":1}'), event('a', 4, '{}')],
      provenance: PROVENANCE,
      ...guard('b', 7),
      ...claim('party/x'),
      ...key('k'),
    };
    expect(waiting(append, { resolve: () => undefined, reject: () => undefined })).toMatchObject({
      append,
      expected: [
        { streamId: 'a', version: 2 },
        { streamId: 'b', version: 7 },
      ],
      names: ['claim party/x', 'key k'],
      characters: 9,
    });
  });

  test('takes no names where it claims none', () => {
    expect(write('a').names).toEqual([]);
    expect(write('a', 1, key('k')).names).toEqual(['key k']);
    expect(write('a', 1, claim('k')).names).toEqual(['claim k']);
  });

  test('is refused where it could never be written', () => {
    expect(() => write('a', 0)).toThrow(RangeError);
  });
});

describe('a batch', () => {
  test('holds all who have nothing to do with each other, in the order in which they came', () => {
    const all = strangers(5);
    const gathering = gather(...all);
    expect(gathering.size).toBe(5);
    expect(gathering.take()).toEqual(all);
    expect(gathering.size).toBe(0);
    expect(gathering.take()).toEqual([]);
  });

  test('holds those as well who build on one another', () => {
    const all = [write('a'), write('a', 2), write('b', 1, guard('a', 2)), write('a', 3)];
    expect(gather(...all).take()).toEqual(all);
  });

  test('holds a thousand events at most; the others wait for the next one', () => {
    const all = strangers(2_001);
    const gathering = gather(...all);
    expect(batches(gathering).map(({ length }) => length)).toEqual([1_000, 1_000, 1]);
    const halfway = gather(...strangers(2_001));
    halfway.take();
    expect(halfway.size).toBe(1_001);
    const events = [event('a', 1), event('a', 2)] as const;
    const [double] = [write('a', 1, { events })];
    expect(batches(gather(...strangers(999), double)).map(({ length }) => length)).toEqual([999, 1]);
    expect(batches(gather(...strangers(998), double)).map(({ length }) => length)).toEqual([999]);
  });

  test('holds four million characters at most', () => {
    const long = (streamId: string, length: number) =>
      write(streamId, 1, { events: [event(streamId, 1, 'x'.repeat(length))] });
    const sizes = (...lengths: number[]) =>
      batches(gather(...lengths.map((length, index) => long(`${index}`, length)))).map((batch) =>
        batch.map(({ characters }) => characters),
      );
    expect(sizes(2_000_000, 2_000_000, 1)).toEqual([[2_000_000, 2_000_000], [1]]);
    expect(sizes(1, 5_000_000, 1)).toEqual([[1], [5_000_000], [1]]);
  });

  test('holds an append alone that is larger than any batch', () => {
    const events = Array.from({ length: 1_001 }, (_, index) => event('large', index + 1));
    const [first = event('large', 1), ...others] = events;
    const large = write('large', 1, { events: [first, ...others] });
    expect(batches(gather(large, ...strangers(1)))).toMatchObject([
      [{ characters: 2_002 }],
      [{ characters: 2 }],
    ]);
  });

  test('is the next one’s beginning of order: who was postponed goes before who came later', () => {
    const [first, second, third] = [write('a'), write('a'), write('b')];
    const gathering = gather(first, second);
    expect(answered(gathering)).toEqual([first]);
    gathering.add(third);
    expect(gathering.size).toBe(2);
    expect(gathering.take()).toEqual([second, third]);
  });

  test('counts who was postponed among its thousand', () => {
    const gathering = gather(write('a'), write('a'), ...strangers(1_500));
    expect(batches(gathering).map(({ length }) => length)).toEqual([999, 503]);
    const crowded = gather(write('a'), write('a'), ...strangers(2_500));
    expect(batches(crowded).map(({ length }) => length)).toEqual([999, 1_000, 503]);
  });

  test('leaves nobody behind and takes nobody twice, however many come meanwhile', () => {
    const gathering = gather(...strangers(1_500), write('stranger 3'), write('stranger 3'));
    const taken: Waiting[] = [];
    for (let round = 0; round < 5; round++) {
      for (const each of strangers(100, 10_000 + 100 * round)) gathering.add(each);
      taken.push(...answered(gathering));
    }
    expect(gathering.size).toBe(0);
    expect(taken).toHaveLength(2_002);
    expect(new Set(taken).size).toBe(2_002);
  });
});

describe('what is in flight', () => {
  test('is what was taken and has not landed; those who wait have no answer either', () => {
    const gathering = gather(...strangers(5));
    const [first, second] = [gathering.take(2), gathering.take(2)];
    expect([first.length, second.length]).toEqual([2, 2]);
    expect([gathering.inFlight, gathering.size, gathering.unanswered]).toEqual([2, 1, 5]);
    gathering.land(first);
    expect([gathering.inFlight, gathering.size, gathering.unanswered]).toEqual([1, 1, 3]);
    gathering.land(second);
    expect([gathering.inFlight, gathering.size, gathering.unanswered]).toEqual([0, 1, 1]);
  });

  test('is at most as much as is asked for, in the order in which they came', () => {
    const all = strangers(5);
    const gathering = gather(...all);
    expect([gathering.take(3), gathering.take(3)]).toEqual([all.slice(0, 3), all.slice(3)]);
  });

  test.each<[string, Waiting, Waiting]>([
    ['writes to a stream that it writes to', write('a'), write('a', 2)],
    ['rests on what it writes', write('a'), write('b', 1, guard('a', 1))],
    ['changes what it rests on', write('a', 1, guard('b', 0)), write('b')],
    ['claims what it claims', write('a', 1, claim('x')), write('b', 1, claim('x'))],
    ['uses its key', write('a', 1, key('x')), write('b', 1, key('x'))],
  ])('is waited for by whoever %s, while others go', (_, first, second) => {
    const gathering = gather(first);
    const flying = gathering.take();
    const [stranger] = strangers(1) as [Waiting];
    gathering.add(second);
    gathering.add(stranger);
    expect(gathering.take()).toEqual([stranger]);
    const nobody = gathering.take();
    expect([nobody, gathering.size, gathering.inFlight]).toEqual([[], 1, 2]);
    gathering.land(flying);
    expect(gathering.take()).toEqual([second]);
  });
});

describe('who contradicts the batch waits for a later one', () => {
  test.each<[string, readonly Waiting[], readonly number[]]>([
    ['by expecting a version that the batch changes', [write('a'), write('a')], [0]],
    ['by resting on a version that the batch changes', [write('a'), write('b', 1, guard('a', 0))], [0]],
    ['by expecting a version that the batch does not reach', [write('a'), write('a', 3)], [0]],
    ['by claiming what the batch claims', [write('a', 1, claim('x')), write('b', 1, claim('x'))], [0]],
    ['by using a key that the batch uses', [write('a', 1, key('x')), write('b', 1, key('x'))], [0]],
    [
      'and so does who builds on one who waits',
      [write('a'), write('a', 1, { events: [event('a', 1), event('b', 1)] }), write('b', 2), write('c')],
      [0, 3],
    ],
    [
      'and so does who rests on what one who waits writes',
      [write('a'), write('a', 1, { events: [event('a', 1), event('b', 1)] }), write('c', 1, guard('b', 0))],
      [0],
    ],
    [
      'and so does who changes what one who waits rests on',
      [write('a'), write('a', 1, guard('b', 0)), write('b'), write('c')],
      [0, 3],
    ],
    [
      'and so does who changes, beside other things, what one who waits rests on',
      [
        write('a'),
        write('a', 1, guard('b', 0)),
        write('d', 1, { events: [event('d', 1), event('b', 1)] }),
        write('c'),
      ],
      [0, 3],
    ],
    [
      'and so does who claims what one who waits claims',
      [write('a'), write('a', 1, claim('x')), write('b', 1, claim('x')), write('c', 1, claim('y'))],
      [0, 3],
    ],
  ])('%s', (_, all, now) => {
    const gathering = gather(...all);
    expect(gathering.take().map((each) => all.indexOf(each))).toEqual(now);
    expect(gathering.size).toBe(all.length - now.length);
  });

  test.each<[string, readonly Waiting[]]>([
    ['who rest on the same stream', [write('a', 1, guard('x', 1)), write('b', 1, guard('x', 1))]],
    ['a claim and a key of the same name', [write('a', 1, claim('x')), write('b', 1, key('x'))]],
    ['who rests on what an earlier one makes', [write('a'), write('b', 1, guard('a', 1))]],
  ])('but these do not contradict each other: %s', (_, all) => {
    expect(gather(...all).take()).toEqual(all);
  });
});

describe('who is sure to be refused', () => {
  test('goes before all others, and alone with its like', () => {
    const [winner, loser, stranger, late] = [write('a'), write('a'), write('b'), write('a')];
    const gathering = gather(winner, loser, stranger, late);
    const batch = answered(gathering);
    expect(batch).toEqual([winner, stranger]);
    gathering.learn(batch, appended);
    const newer = write('c');
    gathering.add(newer);
    expect(batches(gathering)).toEqual([[loser, late], [newer]]);
  });

  test('goes however many they are', () => {
    const gathering = gather(write('a'));
    gathering.learn(answered(gathering), appended);
    const losers = Array.from({ length: 5 }, () => write('a'));
    for (const each of losers) gathering.add(each);
    expect(gathering.take(2)).toEqual(losers);
  });

  test('holds up nobody: it writes nothing', () => {
    const gathering = gather(write('a'));
    gathering.learn(answered(gathering), appended);
    const [loser, next] = [write('a'), write('a', 2)];
    gathering.add(loser);
    gathering.add(next);
    expect(batches(gathering)).toEqual([[loser], [next]]);
  });

  test('is not who expects the version that was written, or a later one', () => {
    const gathering = gather(write('a', 5));
    gathering.learn(answered(gathering), appended);
    const all = [write('a', 6), write('b', 1, guard('a', 6))];
    for (const each of all) gathering.add(each);
    expect(gathering.take()).toEqual(all);
  });

  test.each<[string, Partial<Append>, BatchOutcome]>([
    ['a claim that was written', claim('x'), appended],
    ['a key that was written', key('x'), appended],
    [
      'a claim that was found taken',
      claim('x'),
      refused({ status: 'claim-taken', name: 'x', streamId: 's' }),
    ],
    ['a key that was found used', key('x'), refused({ status: 'idempotency-mismatch', key: 'x' })],
    [
      'a version that was found past',
      guard('s', 3),
      refused({ status: 'version-conflict', streamId: 's', expected: 3, actual: 4 }),
    ],
  ])('is who needs %s', (_, needed, outcome) => {
    const gathering = gather(write('a', 1, needed));
    gathering.learn(answered(gathering), outcome);
    const [loser, stranger] = [write('b', 1, needed), write('c', 1, claim('y'))];
    gathering.add(stranger);
    gathering.add(loser);
    expect(batches(gathering)).toEqual([[loser], [stranger]]);
  });

  test('is not who needs what was found free again, or asks what was answered before', () => {
    const gathering = gather(write('a', 1, key('x')));
    const first = answered(gathering);
    gathering.learn(first, refused({ status: 'replayed', first: 1, recordedAt: '', answer: null }));
    gathering.learn(first, refused({ status: 'version-conflict', streamId: 's', expected: 4, actual: 3 }));
    const all = [write('stranger'), write('b', 1, key('x')), write('s', 4)];
    for (const each of all) gathering.add(each);
    expect(gathering.take()).toEqual(all);
  });

  test('is told by the last batch alone', () => {
    const gathering = gather(write('a'));
    gathering.learn(answered(gathering), appended);
    gathering.take();
    const all = [write('b'), write('a')];
    for (const each of all) gathering.add(each);
    expect(gathering.take()).toEqual(all);
  });
});

describe('those who are left of a batch', () => {
  // Break: inParts, so that it gives them back as they are.
  test('are kept apart where one contradicts another, and whoever has to do with a later one is later', () => {
    const [begun, gap, after, stranger] = [write('a'), write('a', 3), write('a', 4), write('b')];
    const relier = write('c', 1, guard('a', 3));
    expect(inParts([begun, gap, after, stranger, relier])).toEqual([
      [begun, stranger],
      [gap, after],
      [relier],
    ]);
  });

  test('stay together where nobody contradicts another', () => {
    const all = [write('a'), write('a', 2), write('b', 1, guard('a', 2)), write('c')];
    expect(inParts(all)).toEqual([all]);
    expect(inParts([])).toEqual([]);
  });
});

type Refusal =
  Extract<BatchOutcome, { status: 'refused' }>['refusals'] extends ReadonlyMap<number, infer Each>
    ? Each
    : never;

/** A batch whose first append is refused. */
function refused(refusal: Refusal): BatchOutcome {
  return { status: 'refused', refusals: new Map([[0, refusal]]) };
}
