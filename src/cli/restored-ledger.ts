import { cp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BackupError } from '../database/backup/backup-error.js';
import { syncAll } from '../database/backup/sync-all.js';
import { REAL_SURROUNDINGS } from '../dossiers/surroundings.js';
import { KeyFolder, LEDGER_FOLDER } from '../ledger/proof/keys.js';
import { SignedHeads } from '../ledger/proof/signed-heads.js';

/** Bars the keys of a data folder from signing, since what they have signed last is not known there. */
export async function barKeys(dataFolder: string): Promise<void> {
  const { keys } = ledgerIn(join(dataFolder, LEDGER_FOLDER));
  await keys.bar();
}

/** Puts the ledger folder of a lost installation in place of the restored one. Rejects with BackupError where it is not the newer of the two. */
export async function takeLedger(from: string, dataFolder: string): Promise<void> {
  const to = join(dataFolder, LEDGER_FOLDER);
  await requireNewer(from, to);
  await rm(to, { recursive: true, force: true });
  await cp(from, to, { recursive: true });
  const names = await readdir(to, { recursive: true });
  await syncAll([to, ...names.map((name) => join(to, name))], new AbortController().signal);
}

const draft = (): string => `draft-${REAL_SURROUNDINGS.newId()}`;

function ledgerIn(folder: string): { readonly keys: KeyFolder; readonly heads: SignedHeads } {
  return {
    keys: new KeyFolder(folder, REAL_SURROUNDINGS.now, draft),
    heads: new SignedHeads(join(folder, 'signed'), draft),
  };
}

async function requireNewer(from: string, than: string): Promise<void> {
  const [newer, older] = [ledgerIn(from), ledgerIn(than)];
  const own = await older.keys.there();
  const others = await newer.keys.there();
  const hasKeys = own.every(({ publicKey }) => others.some((key) => key.publicKey.equals(publicKey)));
  if (others.length === 0 || !hasKeys)
    throw new BackupError(
      `${from} does not hold the keys of the backup: name the ledger folder of the lost installation`,
    );
  for (const dossier of await older.heads.dossiers()) {
    const [known, there] = await Promise.all([older.heads.last(dossier), newer.heads.last(dossier)]);
    if (known !== null && (there === null || there.number < known.number))
      throw new BackupError(
        `${from} knows less of what was signed of dossier ${dossier} than the backup does`,
      );
  }
}
