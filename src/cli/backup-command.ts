import { Command } from 'commander';
import { BackupError } from '../database/backup/backup-error.js';
import { verifyBackup } from '../database/backup/restore-backup.js';
import { takeBackup } from '../database/backup/take-backup.js';
import { REAL_SURROUNDINGS } from '../dossiers/surroundings.js';
import { readSettings } from '../settings.js';
import { VERSION } from '../version.js';
import { describeManifest } from './describe.js';
import { onTerminal } from './terminal.js';

export function backupCommand(): Command {
  return new Command('backup')
    .description('Copies the installation in STANDPOINT_DATA, while the service runs or while it does not.')
    .argument('<target>', 'the folder that shall be the backup; it must not be there yet')
    .option('--verify', 'restore the backup into a temporary folder (in TMPDIR) and check it there')
    .action(backup);
}

async function backup(target: string, { verify = false }: { verify?: boolean }): Promise<void> {
  const { databaseUrl, dataFolder } = readSettings(process.env);
  if (databaseUrl !== null)
    throw new BackupError(
      'DATABASE_URL is set, and this backs up the embedded PostgreSQL only: use pg_basebackup or pg_dump (docs/operations.md)',
    );
  const source = { folder: dataFolder, version: VERSION, now: REAL_SURROUNDINGS.now };
  const manifest = await onTerminal((watch) => takeBackup({ ...source, target, watch }));
  process.stdout.write(`Backed up ${dataFolder} to ${target}: ${describeManifest(manifest)}\n`);
  if (!verify) return;
  await onTerminal((watch) => verifyBackup(target, watch));
  process.stdout.write('Verified: it was restored and found whole\n');
}
