import { generateKeyPairSync } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { EventLog } from '../../src/ledger/event-log.js';
import { SigningKey } from '../../src/ledger/proof/keys.js';
import { LEDGER_KEY_ROTATED, ledgerStream, Rotations } from '../../src/ledger/proof/rotation.js';
import { anEvent, PROVENANCE, TestLedger, times } from '../ledger/test-ledger.js';

let ledger: TestLedger;
let dossier: string;

beforeAll(async () => {
  ledger = await TestLedger.open();
});

afterAll(() => ledger.close());

beforeEach(async () => {
  dossier = await ledger.newDossier();
});

const rotations = (log = ledger.log): Rotations => new Rotations(log, ledger.appender(), uuidv7);

const newKey = (): SigningKey =>
  new SigningKey(
    generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    null,
  );

const why = (reason: string) => ({ reason, recordedBy: 'ada' });

describe('the keys of a log', () => {
  it('are told by a stream of its own, whose id is stored and never changes', () => {
    expect(ledgerStream('01a2080a-ca3d-71e3-98f8-a9912f17e0a5')).toBe('8956474a-6f3b-5238-888c-37aca2bb28e2');
  });

  it('were replaced as it tells, in order', async () => {
    const keys = times(4, newKey);
    for (const [index, key] of keys.slice(1).entries())
      await rotations().record(
        dossier,
        { from: keys[index]?.publicKey ?? Buffer.alloc(0), to: key, after: index },
        why(`reason ${index}`),
      );
    const { all, version } = await rotations().of(dossier);
    expect(version).toBe(3);
    expect(all.map(({ sequence, reason }) => [sequence, reason])).toEqual([
      [1, 'reason 0'],
      [2, 'reason 1'],
      [3, 'reason 2'],
    ]);
    expect(all.slice(1).map(({ from }) => from)).toEqual(all.slice(0, -1).map(({ to }) => to));
    expect(all[0]?.to).toMatch(new RegExp(`^standpoint/dossier/${dossier}\\+[\\da-f]{8}\\+`));
  });

  it('are not told by another kind of event of that stream, nor by one that this code does not understand', async () => {
    const [first, second] = [newKey(), newKey()];
    await rotations().record(dossier, { from: first.publicKey, to: second, after: 0 }, why('planned'));
    const stream = ledgerStream(dossier);
    for (const event of [
      anEvent(stream, 2, { type: 'SomethingElse', streamKind: 'ledger' }),
      anEvent(stream, 3, { type: LEDGER_KEY_ROTATED, schemaVersion: 2, streamKind: 'ledger' }),
    ]) {
      const { status } = await ledger.appender().append(dossier, { events: [event], provenance: PROVENANCE });
      expect(status).toBe('appended');
    }
    const knowing = new EventLog(ledger.pool, {
      types: new Set([LEDGER_KEY_ROTATED, 'SomethingElse']),
      upcasters: {},
    });
    const { all, version } = await rotations(knowing).of(dossier);
    expect(all).toMatchObject([{ sequence: 1, reason: 'planned' }]);
    expect(version).toBe(3);
  });

  it('are replaced once where two would do it at once', async () => {
    const from = newKey().publicKey;
    await Promise.all(
      ['one', 'other'].map((reason) =>
        rotations().record(dossier, { from, to: newKey(), after: 0 }, why(reason)),
      ),
    );
    expect((await rotations().of(dossier)).all).toHaveLength(1);
  });
});
