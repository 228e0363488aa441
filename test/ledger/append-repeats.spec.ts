import { v7 as uuidv7 } from 'uuid';
import { key, statuses } from './appending.js';
import { anAppend, manyEvents, TestLedger, times } from './test-ledger.js';

let ledger: TestLedger;
let dossier: string;

beforeAll(async () => {
  ledger = await TestLedger.open();
});

afterAll(() => ledger.close());

beforeEach(async () => {
  dossier = await ledger.newDossier();
});

describe('idempotency keys', () => {
  // Break: the key-used branch of append_events_if, or weight() in append-batch.
  it('make one event of a request that arrives many times at once, and give all the same answer', async () => {
    const pools = [ledger.pool, ledger.anotherPool()];
    const appenders = pools.map((pool) => ledger.appender({ pool }));
    const stream = uuidv7();
    const answer = { sequence: 0, id: stream };
    const outcomes = await Promise.all(
      times(20, (index) =>
        appenders[index % 2]?.append(
          dossier,
          anAppend(index % 3 === 0 ? stream : uuidv7(), 1, { idempotency: key('k', 'same request', answer) }),
        ),
      ),
    );
    const won = outcomes.filter((outcome) => outcome?.status === 'appended');
    const replayed = outcomes.filter((outcome) => outcome?.status === 'replayed');
    expect([won.length, replayed.length]).toEqual([1, 19]);
    replayed.forEach((outcome) => expect(outcome).toEqual({ ...won[0], status: 'replayed', answer }));
    expect(await ledger.count('event', dossier)).toBe(1);
    expect(await ledger.count('idempotency', dossier)).toBe(1);
  });

  it('answer as the first time however much later, although the version has moved on', async () => {
    const stream = uuidv7();
    const request = anAppend(stream, 1, { idempotency: key('later', 'request', { sequence: 0, n: 1 }) });
    await ledger.appender().append(dossier, anAppend());
    const first = await ledger.appender().append(dossier, request);
    await ledger.appender().append(dossier, anAppend(stream, 2));
    ledger.clock.move(86_400_000);
    expect(first).toMatchObject({ status: 'appended', first: 2 });
    expect(await ledger.appender().append(dossier, request)).toEqual({
      ...first,
      status: 'replayed',
      answer: { sequence: 0, n: 1 },
    });
    expect((await ledger.log.answered(dossier, ['later', 'never'])).get('later')).toMatchObject({ first: 2 });
  });

  it('refuse another request under a used key', async () => {
    const appender = ledger.appender();
    const outcomes = await Promise.all([
      appender.append(dossier, anAppend(uuidv7(), 1, { idempotency: key('k', 'one request') })),
      appender.append(dossier, anAppend(uuidv7(), 1, { idempotency: key('k', 'another request') })),
    ]);
    expect(outcomes[0]).toMatchObject({ status: 'appended' });
    expect(outcomes[1]).toEqual({ status: 'idempotency-mismatch', key: 'k' });
    expect(await ledger.count('event', dossier)).toBe(1);
  });

  it('are not spent on what is refused', async () => {
    const appender = ledger.appender();
    const idempotency = key('k', 'request');
    const stream = uuidv7();
    expect(await appender.append(dossier, anAppend(stream, 2, { idempotency }))).toMatchObject({
      status: 'version-conflict',
    });
    expect(await appender.append(dossier, anAppend(stream, 1, { idempotency }))).toMatchObject({
      status: 'appended',
    });
  });

  // Break: the recorded instant in append_events_if: the clock’s, instead of what was recorded.
  it('answer with the instant that was recorded, although the clock has jumped back', async () => {
    const appender = ledger.appender();
    await appender.append(dossier, anAppend());
    ledger.clock.move(-60_000);
    const request = anAppend(uuidv7(), 1, { idempotency: key('k', 'request') });
    const [first, again] = [await appender.append(dossier, request), await appender.append(dossier, request)];
    if (first.status !== 'appended' || again.status !== 'replayed') throw new Error(again.status);
    expect(again.recordedAt).toBe(first.recordedAt);
  });

  it('keep the place of their own append within a batch', async () => {
    const appender = ledger.appender();
    await Promise.all([
      appender.append(dossier, manyEvents(3)),
      appender.append(dossier, anAppend(uuidv7(), 1, { idempotency: key('fourth', 'a') })),
      appender.append(dossier, manyEvents(2)),
      appender.append(dossier, anAppend(uuidv7(), 1, { idempotency: key('seventh', 'b') })),
    ]);
    const answered = await ledger.log.answered(dossier, ['fourth', 'seventh']);
    expect([answered.get('fourth')?.first, answered.get('seventh')?.first]).toEqual([4, 7]);
  });
});

describe('appends that wait for a later batch', () => {
  // Break: dependsOnOthers in Choice.
  it('keep their order, and so does whatever builds on them', async () => {
    const appender = ledger.appender();
    const [one, two] = [uuidv7(), uuidv7()];
    const claims = [{ name: 'source/x', streamId: one }];
    const outcomes = await Promise.all([
      appender.append(dossier, anAppend(one, 1, { claims })),
      appender.append(dossier, anAppend(two, 1, { claims })), // contradicts the first, so it waits
      appender.append(dossier, anAppend(two, 2)), // builds on the one that waits
      appender.append(dossier, anAppend(uuidv7(), 1, { guards: [{ streamId: two, version: 0 }] })),
      appender.append(dossier, anAppend()),
    ]);
    expect(statuses(outcomes)).toEqual([
      'appended',
      'claim-taken',
      'version-conflict',
      'appended',
      'appended',
    ]);
    expect(outcomes[2]).toMatchObject({ expected: 1, actual: 0 });
  });

  // Break: postponedGuards in Choice.
  it('are not overtaken by whoever changes what they rest on', async () => {
    const appender = ledger.appender();
    const [written, guarded, holder] = [uuidv7(), uuidv7(), uuidv7()];
    const claims = [{ name: 'source/x', streamId: holder }];
    await appender.append(dossier, anAppend(holder, 1, { claims }));
    await appender.append(dossier, anAppend(guarded));
    const outcomes = await Promise.all([
      appender.append(dossier, anAppend(written, 1, { claims })), // is refused in the first batch
      appender.append(dossier, anAppend(written, 1, { guards: [{ streamId: guarded, version: 1 }] })), // waits, for it contradicts the first
      appender.append(dossier, anAppend(guarded, 2)),
    ]);
    expect(statuses(outcomes)).toEqual(['claim-taken', 'appended', 'appended']);
  });
});
