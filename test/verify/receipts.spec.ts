import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkReceipt } from '../../verify/receipt.js';
import { standpoint, type Outcome } from '../backup/standpoint.js';
import { openRiver, saying } from '../support/http-cast.js';
import { startService, type FreshService } from '../support/service.js';
import { dice } from './made-export.js';

const seed = Number(process.env['STANDPOINT_SEED'] ?? Date.now() % 1_000_000);
const roll = dice(seed);

let folder: string;
let here: FreshService;
let key: string;
let sequence: number;

const LEDGER = '/dossiers/river/ledger';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'standpoint-receipts-'));
  here = await startService();
  await openRiver(here.service, 'river');
  for (const slug of ['first', 'second', 'third'])
    ({ sequence } = await here.service.write<{ sequence: number }>(
      '/dossiers/river/statements',
      saying({ slug, summary: `The ${slug} thing that was said.` }),
    ));
  await here.service.write('/dossiers/river/statements/second/redact', { reason: 'A court orders it.' });
  key = (await here.service.get(`${LEDGER}/key`)).text.trim();
}, 120_000);

afterAll(async () => {
  await here?.end();
  await rm(folder, { recursive: true });
});

const receiptOf = async (event: number): Promise<string> =>
  (await here.service.get(`${LEDGER}/receipts/${event}`)).text;

async function verify(text: string, ...words: string[]): Promise<Outcome> {
  const file = join(folder, 'receipt');
  await writeFile(file, text);
  return standpoint(['verify', 'receipt', file, ...words]);
}

const isRefused = (text: string, by = key): boolean => {
  try {
    checkReceipt(text, by);
    return false;
  } catch {
    return true;
  }
};

describe(`a receipt (seed ${seed})`, () => {
  it('proves any event of the log to whoever has the key, and says what was said', async () => {
    for (let event = 1; event <= sequence + 1; event++)
      expect(checkReceipt(await receiptOf(event), key)).toMatchObject({
        entry: { sequence: event },
        size: sequence + 1,
      });
    const { code, output, complaint } = await verify(await receiptOf(sequence), '--key', key);
    expect([code, complaint]).toEqual([0, '']);
    expect(output).toContain(`Event ${sequence} (SupportExpressed) of `);
    expect(output).toContain('The third thing that was said.');
  });

  it('says that a payload is redacted, and proves the event all the same', async () => {
    const { code, output } = await verify(await receiptOf(sequence - 1), '--key', key);
    expect(code).toBe(0);
    expect(output).toContain('Its payload is redacted.');
    expect(output).not.toContain('The second thing');
  });

  it('is refused with any bit flipped', async () => {
    const right = await receiptOf(sequence);
    expect(isRefused(right)).toBe(false);
    const accepted: string[] = [];
    for (let time = 0; time < 500; time++) {
      const bytes = Buffer.from(right);
      const place = roll(bytes.length);
      bytes[place] = (bytes[place] ?? 0) ^ (1 << roll(8));
      if (!isRefused(bytes.toString())) accepted.push(`bit of byte ${place} of ${bytes.length}`);
    }
    expect(accepted).toEqual([]);
  });

  it('is refused for another event’s place, by another key, and where it is none', async () => {
    const [right, other] = [await receiptOf(sequence), await receiptOf(sequence - 2)];
    const pathOf = (text: string): string => text.slice(text.indexOf('\nindex '), text.indexOf('\n\n'));
    expect(isRefused(right.replace(pathOf(right), pathOf(other)))).toBe(true);
    const stranger = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x ?? '';
    const [name = ''] = key.split('+');
    const forged = `${name}+00000000+${Buffer.concat([Buffer.of(1), Buffer.from(stranger, 'base64url')]).toString('base64')}`;
    expect(isRefused(right, forged)).toBe(true);
    const { code, complaint } = await verify('nothing of the kind', '--key', key);
    expect([code, complaint]).toEqual([1, 'WRONG: the receipt: is no tlog-proof\n']);
  });
});

describe('the command', () => {
  it.each<[string, string[], string]>([
    ['without anything to check', [], 'Name one export'],
    ['of two things at once', ['one', 'two', '--trust-on-first-use'], 'Name one export'],
    ['without a word on the key', ['export'], '--trust-on-first-use'],
    ['with a key and without one', ['export', '--key', 'k', '--trust-on-first-use'], 'Name the key'],
    ['of a receipt without a key', ['receipt', 'package.json'], '--key'],
    ['with an option that it does not know', ['export', '--kee', 'k'], '--kee'],
    ['of a file that is not there', ['nowhere.export', '--trust-on-first-use'], 'ENOENT'],
  ])('ends with 2 where it is asked %s', async (_, words, told) => {
    const { code, output, complaint } = await standpoint(['verify', ...words]);
    expect([code, output]).toEqual([2, '']);
    expect(complaint).toContain(told);
  });
});
