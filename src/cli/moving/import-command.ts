import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Command } from 'commander';
import pg from 'pg';
import { checkExport, type Checked } from '../../../verify/export.js';
import type { Trust } from '../../../verify/keys.js';
import { Wrong } from '../../../verify/wrong.js';
import { openDatabase } from '../../database/open-database.js';
import { REAL_SURROUNDINGS } from '../../dossiers/surroundings.js';
import { readSettings } from '../../settings.js';
import { withEventsBar } from './events-bar.js';
import { ImportedDossier } from './imported-dossier.js';
import { MovingError } from './moving-error.js';
import { trustOf, withTrust, type TrustOptions } from './trust-options.js';

/** Bytes read at a time. */
const CHUNK = 1 << 20;

export function importCommand(): Command {
  const command = new Command('import')
    .description(
      'Puts an exported dossier into the installation of STANDPOINT_DATA, whose service must not run meanwhile, or of DATABASE_URL: all of it if all of it is right, and nothing otherwise.',
    )
    .argument('<file>', 'what `standpoint export` wrote');
  return withTrust(command).action(importDossier);
}

async function importDossier(path: string, trust: TrustOptions): Promise<void> {
  const trusted = trustOf(trust);
  await stat(path);
  const database = await openDatabase(readSettings(process.env));
  const client = new pg.Client({ connectionString: database.url });
  client.on('error', () => undefined); // the statement that runs then fails too
  try {
    await client.connect();
    const { head, keys } = await withEventsBar('Importing', (progress) =>
      takeIn(client, path, trusted, progress),
    );
    process.stdout.write(
      `Imported ${head.size} events of ${head.dossier}\nIts log was signed by ${keys.text}\nTo go on signing it here: POST /api/v1/dossiers/${head.dossier}/ledger/continuations\n`,
    );
  } finally {
    await client.end().catch(() => undefined);
    await database.close();
  }
}

/** In one transaction: whatever goes wrong, nothing has happened. */
async function takeIn(
  client: pg.Client,
  path: string,
  trust: Trust,
  progress: (done: number, total: number) => void,
): Promise<Checked> {
  await client.query('BEGIN');
  try {
    const imported = new ImportedDossier(client, REAL_SURROUNDINGS.now(), progress);
    const source = createReadStream(path, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>; // holds: no encoding was set
    const checked = await checkExport(source, trust, imported);
    await imported.finish();
    await client.query('COMMIT');
    return checked;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error instanceof Wrong ? new MovingError(`Refused, nothing was imported. ${error.message}`) : error;
  }
}
