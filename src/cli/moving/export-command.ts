import { open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { Command } from 'commander';
import { checkExport } from '../../../verify/export.js';
import { Wrong } from '../../../verify/wrong.js';
import { ask, whomToAsk } from '../asking.js';
import { withEventsBar } from './events-bar.js';
import { MovingError } from './moving-error.js';
import { trustOf, withTrust, type TrustOptions } from './trust-options.js';

export function exportCommand(): Command {
  const command = new Command('export')
    .description('Writes a dossier of a running service to a file, with its proofs, and checks it.')
    .argument('<dossier>', 'its id or slug')
    .argument('<file>', 'the file that shall be the export; it must not be there yet')
    .option('--url <url>', 'where the service is; by default where HOST and PORT say');
  return withTrust(command).action(exportDossier);
}

async function exportDossier(
  dossier: string,
  path: string,
  { url, ...trust }: TrustOptions & { url?: string },
): Promise<void> {
  const trusted = trustOf(trust.key === undefined ? { trustOnFirstUse: true } : trust);
  const answer = await ask(await whomToAsk(url), `/dossiers/${encodeURIComponent(dossier)}/export`);
  if (answer.body === null) throw new MovingError('The service answers with nothing');
  const file = await open(path, 'wx').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' ? new MovingError(`${path} is there already`) : error;
  });
  try {
    const { body } = answer;
    const { head, keys } = await withEventsBar('Exporting', (pause) =>
      checkExport(written(body, file), trusted, { pause }),
    );
    await file.sync();
    process.stdout.write(
      `Exported ${head.size} events of ${head.dossier} to ${path}\nThe key in force is ${keys.text}\n`,
    );
  } catch (error) {
    await rm(path, { force: true });
    throw error instanceof Wrong ? new MovingError(`The export is wrong. ${error.message}`) : error;
  } finally {
    await file.close();
  }
}

/** What a stream brings, once it has been written. */
async function* written(source: AsyncIterable<Uint8Array>, file: FileHandle): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    await file.writeFile(chunk);
    yield chunk;
  }
}
