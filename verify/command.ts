import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import { checkExport, type Checked } from './export.js';
import type { Trust } from './keys.js';
import { worthwhileThreads } from './readers.js';
import { checkReceipt } from './receipt.js';
import { checkService } from './service.js';
import { Wrong } from './wrong.js';

const USAGE = `Usage: verify [options] <export file | - | address of a dossier>
       verify receipt <file> --key <verifier key>

Checks that a dossier's record was not changed: an export, or what a service serves at https://…/api/v1/dossiers/<dossier>
(with the token in STANDPOINT_TOKEN, if it needs one).

  --key <verifier key>     the key that you trust, as GET …/ledger/key answers it
  --trust-on-first-use     take the key from what is checked, and be told which it is
  --since <file>           a checkpoint that you saved earlier: what it covers must still be there

Ends with 0 if all is right, with 1 and the first wrong thing if not, with 2 if it could not be asked so.
`;

/** Bytes read at a time. */
const CHUNK = 1 << 20;

/** Carries out the command, and answers with its exit code. */
export async function verifyCommand(args: readonly string[]): Promise<number> {
  try {
    process.stdout.write(`${await carryOut(args)}\n`);
    return 0;
  } catch (error) {
    if (error instanceof Wrong) process.stderr.write(`WRONG: ${error.message}\n`);
    else process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    if (error instanceof Misuse) process.stderr.write(`\n${USAGE}`);
    return error instanceof Wrong ? 1 : 2;
  }
}

class Misuse extends Error {}

async function carryOut(args: readonly string[]): Promise<string> {
  const { values, positionals } = read(args);
  if (values.help === true) return USAGE.trimEnd();
  const { key = null, since } = values;
  const [target, receipt, ...others] = positionals;
  if (target === undefined || others.length > 0) throw new Misuse('Name one export, or one dossier.');
  if (target === 'receipt' && receipt !== undefined) return tellReceipt(await readFile(receipt, 'utf8'), key);
  if (receipt !== undefined) throw new Misuse('Name one export, or one dossier.');
  if ((key === null) === (values['trust-on-first-use'] !== true))
    throw new Misuse('Name the key that you trust with --key, or say --trust-on-first-use.');
  const trust: Trust = { key, since: since === undefined ? null : await readFile(since, 'utf8') };
  return tell(await check(target, trust), trust);
}

function read(args: readonly string[]): ReturnType<typeof parse> {
  try {
    return parse(args);
  } catch (error) {
    throw new Misuse(error instanceof Error ? error.message : String(error));
  }
}

const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      key: { type: 'string' },
      since: { type: 'string' },
      'trust-on-first-use': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });

async function check(target: string, trust: Trust): Promise<Checked> {
  const bar = new SingleBar({
    format: '{doing} {bar} {value} of {total}',
    clearOnComplete: true,
    noTTYOutput: false,
  });
  let started = '';
  const progress = (doing: string, done: number, total: number): void => {
    if (doing !== started) bar.start(total, done, { doing });
    else bar.update(done);
    started = doing;
  };
  try {
    if (/^https?:\/\//.test(target))
      return await checkService(target, process.env['STANDPOINT_TOKEN'], trust, progress);
    if (target !== '-') await stat(target);
    const source = target === '-' ? process.stdin : createReadStream(target, { highWaterMark: CHUNK });
    const pause = (done: number, total: number): void => progress('Events', done, total);
    return await checkExport(source as AsyncIterable<Uint8Array>, trust, { pause }, worthwhileThreads());
  } finally {
    bar.stop();
  }
}

function tell({ head, log, keys, histories }: Checked, { key, since }: Trust): string {
  const parts = [
    `${head.size} events of ${head.dossier} are what was signed (${keys.checkpoints} checkpoints${since === null ? '' : ', consistent with the earlier one'})`,
    `${histories} histories follow from them`,
    ...(log.redactions === 0 ? [] : [`${log.redactions} payloads are redacted`]),
    ...(key === null ? [`the key was taken on trust: ${head.key}`] : []),
  ];
  return parts.join('\n');
}

function tellReceipt(text: string, key: string | null): string {
  if (key === null) throw new Misuse('Name the key that you trust with --key.');
  const { entry, payload, size } = checkReceipt(text, key);
  const words = payload === null ? 'Its payload is redacted.' : payload;
  return `Event ${entry.sequence} (${entry.type}) of ${entry.dossier}, recorded at ${entry.recordedAt}, is in the signed log of ${size} events.\n${words}`;
}
