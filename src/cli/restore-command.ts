import { Command } from 'commander';
import { restoreBackup, verifyBackup } from '../database/backup/restore-backup.js';
import { describeLogs, describeManifest } from './describe.js';
import { onTerminal } from './terminal.js';

const backup = ['<backup>', 'a folder made by `standpoint backup`'] as const;

export function restoreCommand(): Command {
  return new Command('restore')
    .description('Makes a backup the installation of a new or empty folder, and checks it.')
    .argument(...backup)
    .requiredOption('--into <folder>', 'the data folder, new or empty')
    .action(async (from: string, { into }: { into: string }) => {
      const { manifest, logs } = await onTerminal((watch) => restoreBackup(from, into, watch));
      process.stdout.write(`Restored ${from} into ${into}: ${describeManifest(manifest)}\n`);
      process.stdout.write(describeLogs(logs));
      process.stdout.write(`Start it with STANDPOINT_DATA=${into}\n`);
    });
}

export function verifyBackupCommand(): Command {
  return new Command('verify-backup')
    .description('Restores a backup into a temporary folder (in TMPDIR), checks it and removes the folder.')
    .argument(...backup)
    .action(async (from: string) => {
      const { manifest, logs } = await onTerminal((watch) => verifyBackup(from, watch));
      process.stdout.write(`${from} is whole: ${describeManifest(manifest)}\n`);
      process.stdout.write(describeLogs(logs));
    });
}
