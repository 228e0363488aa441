import { createReadStream } from 'node:fs';
import { v7 as uuidv7 } from 'uuid';
import type { CommandBus } from '@nestjs/cqrs';
import { keyName, type Dossiers } from '../../dossiers/dossiers.js';
import { OpenDossier } from '../dossiers/open-dossier.js';
import { fingerprintOf, type WriteContext } from '../../dossiers/write.js';
import { ImportStream } from './import-stream.js';

export const EXAMPLE = {
  slug: 'april-2025-talks',
  title: 'Talks of April 2025',
  description:
    'An example: what was said on 21 April 2025 about direct talks, a halt to strikes on civilian targets and a ceasefire.',
} as const;

const KEY = 'standpoint-example';

/**
 * Gives an empty database the example dossier. A start that was killed in the middle of it is completed by the next one: the opening and each
 * line have idempotency keys. Answers whether the example is there.
 */
export async function loadExample(file: URL, commands: CommandBus, dossiers: Dossiers): Promise<boolean> {
  const begun = await dossiers.named(keyName(KEY));
  if (begun === null && (await dossiers.any())) return false;
  const context: WriteContext = {
    provenance: { recordedBy: 'example', correlationId: uuidv7(), causationId: null },
    idempotency: { key: KEY, fingerprint: fingerprintOf(KEY) },
  };
  const { id } = await commands.execute(new OpenDossier(EXAMPLE, context));
  for await (const result of await commands.execute(
    new ImportStream(id, createReadStream(file), true, context),
  ))
    if (result.status !== 201)
      throw new Error(`Line ${result.line} of the example was refused: ${JSON.stringify(result)}`);
  return true;
}
