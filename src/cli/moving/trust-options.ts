import type { Command } from 'commander';
import type { Trust } from '../../../verify/keys.js';
import { MovingError } from './moving-error.js';

export interface TrustOptions {
  readonly key?: string;
  readonly trustOnFirstUse?: boolean;
}

/** By which key an export is checked. */
export function withTrust(command: Command): Command {
  return command
    .option('--key <verifier key>', 'the key that signs the dossier’s log, as GET …/ledger/key answers it')
    .option('--trust-on-first-use', 'take the key from the export');
}

export function trustOf({ key, trustOnFirstUse = false }: TrustOptions): Trust {
  if ((key === undefined) === !trustOnFirstUse)
    throw new MovingError(
      'Name the key that signs the dossier’s log with --key, or say --trust-on-first-use',
    );
  return { key: key ?? null, since: null };
}
