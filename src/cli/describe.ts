import { ACCESS_LOG } from '../dossiers/access-log-id.js';
import type { DossierLog } from '../database/backup/dossier-logs.js';
import type { Manifest } from '../database/backup/manifest.js';
import { megabytes } from './terminal.js';

/** Dossiers listed one by one; there may be many thousands. */
const mostListed = 50;

export function describeManifest({ files, dossiers, takenAt, standpoint, postgres }: Manifest): string {
  const size = megabytes(files.reduce((sum, file) => sum + file.size, 0));
  const count = dossiers.filter(isDossier).length;
  return `${count} ${count === 1 ? 'dossier' : 'dossiers'} as of ${takenAt}, ${size} (Standpoint ${standpoint}, PostgreSQL ${postgres})`;
}

/** A line for each dossier: its id, how many events, its slug; and one for the log of access. */
export function describeLogs(all: readonly DossierLog[]): string {
  const logs = all.filter(isDossier);
  const lines = logs
    .slice(0, mostListed)
    .map(({ id, sequence, slug }) => `  ${id}  events 1 to ${sequence}${slug === null ? '' : `  ${slug}`}`);
  if (logs.length > mostListed) lines.push(`  and ${logs.length - mostListed} more, each whole`);
  const access = all.find((log) => !isDossier(log));
  if (access !== undefined) lines.push(`  the log of access, ${access.sequence} events`);
  return lines.map((line) => `${line}\n`).join('');
}

function isDossier({ id }: { readonly id: string }): boolean {
  return id !== ACCESS_LOG;
}
