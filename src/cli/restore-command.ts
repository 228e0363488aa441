import { Command } from 'commander';
import { restoreBackup, verifyBackup } from '../database/backup/restore-backup.js';
import { readSettings } from '../settings.js';
import { describeLogs, describeManifest } from './describe.js';
import { barKeys, takeLedger } from './restored-ledger.js';
import { onTerminal } from './terminal.js';

const BACKUP = ['<backup>', 'a folder made by `standpoint backup`'] as const;

const BARRED_BY_HAND = 'The keys sign nothing until another takes their place: standpoint rotate-key\n';

const BARRED = `Its keys sign nothing until another takes their place, as what they have signed since the backup may be lost:
  standpoint rotate-key --reason "…", once it runs; or give --ledger where the lost installation's folder is left.
`;

export function restoreCommand(): Command {
  return new Command('restore')
    .description('Makes a backup the installation of a new or empty folder, and checks it.')
    .argument(...BACKUP)
    .requiredOption('--into <folder>', 'the data folder, new or empty')
    .option(
      '--ledger <folder>',
      'the ledger folder of the lost installation: what was signed since the backup',
    )
    .action(async (backup: string, { into, ledger }: { into: string; ledger?: string }) => {
      const complete = (folder: string): Promise<void> =>
        ledger === undefined ? barKeys(folder) : takeLedger(ledger, folder);
      const { manifest, logs } = await onTerminal((watch) =>
        restoreBackup({ backup, into, watch, complete }),
      );
      process.stdout.write(`Restored ${backup} into ${into}: ${describeManifest(manifest)}\n`);
      process.stdout.write(describeLogs(logs));
      if (ledger === undefined) process.stdout.write(BARRED);
      process.stdout.write(`Start it with STANDPOINT_DATA=${into}\n`);
    });
}

export function barKeysCommand(): Command {
  return new Command('bar-keys')
    .description(
      'After a restore with other tools: the keys in STANDPOINT_DATA sign nothing until rotate-key, as what they have signed last may be lost.',
    )
    .action(async () => {
      await barKeys(readSettings(process.env).dataFolder);
      process.stdout.write(BARRED_BY_HAND);
    });
}

export function verifyBackupCommand(): Command {
  return new Command('verify-backup')
    .description('Restores a backup into a temporary folder (in TMPDIR), checks it and removes the folder.')
    .argument(...BACKUP)
    .action(async (from: string) => {
      const { manifest, logs } = await onTerminal((watch) => verifyBackup(from, watch));
      process.stdout.write(`${from} is whole: ${describeManifest(manifest)}\n`);
      process.stdout.write(describeLogs(logs));
    });
}
