import { BackupError } from '../database/backup/backup-error.js';
import { EmbeddedPostgresError } from '../database/embedded/embedded-postgres-error.js';
import { SettingError } from '../settings.js';
import { AskingError } from './asking.js';
import { MovingError } from './moving/moving-error.js';

/** What the operator is told: one line where it is theirs to mend, the whole story where it is ours. */
export function explain(error: unknown): string {
  if (
    error instanceof BackupError ||
    error instanceof EmbeddedPostgresError ||
    error instanceof SettingError ||
    error instanceof AskingError ||
    error instanceof MovingError
  )
    return error.message;
  if (!(error instanceof Error)) return String(error);
  const { code, syscall } = error as { code?: unknown; syscall?: unknown };
  if (code === 'EACCES' || code === 'EPERM')
    return `${error.message}: run this as the account that the service runs as`;
  return syscall === undefined ? (error.stack ?? error.message) : error.message;
}
