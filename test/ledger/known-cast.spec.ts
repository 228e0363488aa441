import { v7 as uuidv7 } from 'uuid';
import type { Append } from '../../src/ledger/event.js';
import { anAppend, anEvent, eventually, PROVENANCE, TestLedger } from './test-ledger.js';

let ledger: TestLedger;
let dossier: string;

beforeAll(async () => {
  ledger = await TestLedger.open();
});

afterAll(() => ledger.close());

beforeEach(async () => {
  dossier = await ledger.newDossier();
});

const aParty = (): Append => ({
  events: [anEvent(uuidv7(), 1, { streamKind: 'party' })],
  provenance: PROVENANCE,
});

const knowing = (knownCast: number): Append => anAppend(uuidv7(), 1, { knownCast });

describe('an append whose decision knew the set-up up to a sequence', () => {
  // Break: the look for cast_sequence in append_events; whoever knew nothing is then appended.
  it('is refused once there is a later set-up event, and told which', async () => {
    const appender = ledger.appender();
    await appender.append(dossier, aParty());
    await appender.append(dossier, anAppend());
    await appender.append(dossier, aParty());
    expect(await appender.append(dossier, knowing(0))).toEqual({ status: 'cast-moved', sequence: 3 });
    expect(await appender.append(dossier, knowing(2))).toEqual({ status: 'cast-moved', sequence: 3 });
    expect(await appender.append(dossier, knowing(3))).toMatchObject({ status: 'appended', first: 4 });
  });

  it('does not mind other events, nor those of another dossier', async () => {
    const appender = ledger.appender();
    await appender.append(dossier, aParty());
    await appender.append(dossier, anAppend());
    await appender.append(await ledger.newDossier(), aParty());
    expect(await appender.append(dossier, knowing(1))).toMatchObject({ status: 'appended', first: 3 });
  });

  // Break: in outrun(), `<=` for `<`, or refusing every unit; neighbours are then refused with it.
  it('is refused alone: those beside it that knew more, or rest on no set-up, are appended', async () => {
    const appender = ledger.appender();
    await appender.append(dossier, aParty());
    const outcomes = await Promise.all(
      [knowing(0), knowing(1), anAppend(), knowing(0)].map((each) => appender.append(dossier, each)),
    );
    expect(outcomes.map(({ status }) => status)).toEqual([
      'cast-moved',
      'appended',
      'appended',
      'cast-moved',
    ]);
    expect(await ledger.count('event', dossier)).toBe(3);
  });

  // Break: looking before the head is locked; the party that is committed meanwhile is then not seen.
  it('is refused for a set-up event that is committed while it waits for the head', async () => {
    const client = await ledger.pool.connect();
    try {
      await client.query('BEGIN');
      await client.query('SELECT 1 FROM dossier_head WHERE dossier_id = $1 FOR UPDATE', [dossier]);
      const waiting = ledger.appender().append(dossier, knowing(0));
      await eventually(async () => (await ledger.waitingForLocks()) > 0);
      await client.query(
        `INSERT INTO event (dossier_id, sequence, id, stream_kind, stream_id, stream_version, type, schema_version,
                            recorded_at, recorded_by, correlation_id, causation_id, data)
         VALUES ($1, 1, $2, 'party', $2, 1, 'PartyAdded', 1, now(), 'someone', $2, NULL, '{}')`,
        [dossier, uuidv7()],
      );
      await client.query('UPDATE dossier_head SET sequence = 1 WHERE dossier_id = $1', [dossier]);
      await client.query('COMMIT');
      expect(await waiting).toEqual({ status: 'cast-moved', sequence: 1 });
    } finally {
      client.release();
    }
  });
});
