import { Command } from 'commander';
import { post, whomToAsk } from './asking.js';

const REASON = ['--reason <text>', 'why; every log tells it for ever'] as const;
const URL = ['--url <url>', 'where the service is; by default where HOST and PORT say'] as const;

interface Options {
  readonly reason: string;
  readonly url?: string;
}

export function rotateKeyCommand(): Command {
  return new Command('rotate-key')
    .description('Replaces the key that signs the logs. The service must be running.')
    .requiredOption(...REASON)
    .option(...URL)
    .action(async ({ reason, url }: Options) => {
      const { keys } = await post<{ keys: number }>(await whomToAsk(url), '/admin/ledger/keys', { reason });
      process.stdout.write(`Key ${keys} signs from now on; each log tells of it before it is signed next.\n`);
    });
}

export function continueLogCommand(): Command {
  return new Command('continue-log')
    .description(
      'Goes on signing a log that the service refuses to sign, by the key of today: after a restore that lost what was signed, or an import.',
    )
    .argument('<dossier>', 'its id or slug')
    .requiredOption(...REASON)
    .option(...URL)
    .action(async (dossier: string, { reason, url }: Options) => {
      const path = `/dossiers/${encodeURIComponent(dossier)}/ledger/continuations`;
      const { checkpoint } = await post<{ checkpoint: string }>(await whomToAsk(url), path, { reason });
      process.stdout.write(checkpoint);
    });
}
