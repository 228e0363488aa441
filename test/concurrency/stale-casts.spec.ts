import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openRiver, saying } from '../support/http-cast.js';
import type { CrashClient } from '../support/crash-client.js';
import { Processes } from './processes.js';

/**
 * Each of these lines, taken out or spoilt, makes a test here fail:
 * - recording/statements/record-statements, `execute`: deciding on what is known without naming `knownCast`: the alias means its old party;
 * - recording/statements/record-statements, `decideOn`: passing a Rejection on: the new party is unknown.
 */
const DOSSIER = '/api/v1/dossiers/river';

let processes: Processes;
let here: CrashClient;
let elsewhere: CrashClient;

beforeAll(async () => {
  processes = await Processes.begin(2);
  [here, elsewhere] = [processes.only(0), processes.only(1)];
  await openRiver(processes.service(0), 'river');
});
afterAll(() => processes?.end());

interface Recorded {
  readonly party: { readonly slug: string };
}

const record = (fields: object): Promise<Recorded> =>
  here.write<Recorded>(`${DOSSIER}/statements`, saying(fields));

async function change(party: string, aliases: readonly string[]): Promise<void> {
  const answer = await elsewhere.send('PATCH', `${DOSSIER}/parties/${party}`, { body: { aliases } });
  expect(answer?.status).toBe(200);
}

describe('what another process has set up', () => {
  it('is minded by the next statement recorded here, although this process has not looked', async () => {
    for (let round = 0; round < 5; round++) {
      await change('south', []);
      await change('north', ['the Bank']);
      expect((await record({ party: 'the Bank' })).party.slug).toBe('north');
      await change('north', []);
      await change('south', ['the Bank']);
      expect((await record({ party: 'the Bank' })).party.slug).toBe('south');
    }
  });

  it('can be named here at once', async () => {
    await record({});
    await elsewhere.write(`${DOSSIER}/parties`, { slug: 'island', name: 'Island' });
    expect((await record({ party: 'island' })).party.slug).toBe('island');
  });
});
