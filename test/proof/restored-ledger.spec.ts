import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { barKeys, takeLedger } from '../../src/cli/restored-ledger.js';
import { KeyFolder } from '../../src/ledger/proof/keys.js';
import { SignedHeads } from '../../src/ledger/proof/signed-heads.js';
import { standpoint } from '../backup/standpoint.js';

const dossier = uuidv7();
const now = (): string => '2025-04-22T09:00:00.000Z';

let place: string;
let lost: string;
let restored: string;

/** A ledger folder that has one key and has signed twice, and the backup of it that knows the first alone. */
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'standpoint-restored-'));
  [lost, restored] = [join(place, 'lost'), join(place, 'restored')];
  await keysOf(lost).all();
  await sign(lost);
  await cp(lost, restored, { recursive: true });
  await sign(lost);
});

afterEach(() => rm(place, { recursive: true }));

const keysOf = (folder: string): KeyFolder => new KeyFolder(join(folder, 'ledger'), now, uuidv7);
const headsOf = (folder: string): SignedHeads => new SignedHeads(join(folder, 'ledger', 'signed'), uuidv7);

async function sign(folder: string): Promise<void> {
  const [heads, { publicKey }] = [headsOf(folder), await keysOf(folder).current()];
  const last = await heads.last(dossier);
  const size = (last?.checkpoint.size ?? 0) + 1;
  await heads.keep(dossier, last, { size, root: randomBytes(32), note: '', publicKey });
}

describe('a restored data folder', () => {
  // Break: bar() that writes nothing; barred() that reads numbers below `keys` alone.
  it('has its keys barred, for good and each of them, but not the one that comes after', async () => {
    await keysOf(restored).replace({ reason: 'A year has passed.', recordedBy: 'admin' });
    await barKeys(restored);
    const keys = keysOf(restored);
    const before = (await keys.all()).map(({ publicKey }) => publicKey);
    await keys.replace({ reason: 'Restored.', recordedBy: 'admin' });
    expect(await keys.barred()).toEqual(before);
    expect(before).toHaveLength(2);
    expect(await keysOf(lost).barred()).toEqual([]);
  });

  it('is barred by hand after a restore with other tools', async () => {
    expect(await standpoint(['bar-keys'], { STANDPOINT_DATA: restored })).toMatchObject({ code: 0 });
    expect(await keysOf(restored).barred()).toHaveLength(1);
  });

  it('takes over what the lost one has signed since the backup', async () => {
    await takeLedger(join(lost, 'ledger'), restored);
    expect(await headsOf(restored).last(dossier)).toEqual(await headsOf(lost).last(dossier));
    const files = (folder: string): Promise<string[]> => readdir(join(folder, 'ledger'), { recursive: true });
    expect((await files(restored)).toSorted()).toEqual((await files(lost)).toSorted());
    expect(await keysOf(restored).barred()).toEqual([]);
  });

  // Break: any of the four conditions of requireNewer.
  it('takes over nothing that is older, or of another installation', async () => {
    await expect(takeLedger(join(restored, 'ledger'), lost)).rejects.toThrow('knows less of what was signed');
    await expect(takeLedger(join(place, 'nothing'), restored)).rejects.toThrow('does not hold the keys');
    const other = join(place, 'other');
    await keysOf(other).all();
    await expect(takeLedger(join(other, 'ledger'), restored)).rejects.toThrow('does not hold the keys');
    const none = join(place, 'none');
    await expect(takeLedger(join(none, 'ledger'), none)).rejects.toThrow('does not hold the keys');
    const forgetful = join(place, 'forgetful');
    await cp(lost, forgetful, { recursive: true });
    await rm(join(forgetful, 'ledger', 'signed'), { recursive: true });
    await expect(takeLedger(join(forgetful, 'ledger'), restored)).rejects.toThrow('knows less');
    expect((await headsOf(restored).last(dossier))?.checkpoint.size).toBe(1);
  });
});
