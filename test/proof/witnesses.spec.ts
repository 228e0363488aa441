import { checkpointText } from '../../src/ledger/proof/checkpoint.js';
import { Checkpoints } from '../../src/ledger/proof/checkpoints.js';
import { readNote } from '../../src/ledger/proof/note.js';
import { readWitness, Witnesses } from '../../src/ledger/proof/witnesses.js';
import { TestLedger } from '../ledger/test-ledger.js';
import { Witness } from './witness.js';

const [ONE, TWO, STRANGER] = ['one.example', 'two.example', 'stranger.example'].map(
  (name) => new Witness(name),
) as [Witness, Witness, Witness]; // holds: three names, three witnesses
const ROOT = Buffer.alloc(32, 3);
const SIGNED = '\u2014 the.log AAAAAAA=';

let ledger: TestLedger;
let checkpoints: Checkpoints;
let witnesses: Witnesses;
let dossier: string;
let text: string;

beforeAll(async () => {
  ledger = await TestLedger.open();
  checkpoints = new Checkpoints(ledger.pool);
  const keys = [ONE, TWO].flatMap(({ verifierKey }) => readWitness(verifierKey) ?? []);
  witnesses = new Witnesses(checkpoints, keys, ledger.clock.now);
});

afterAll(() => ledger.close());

beforeEach(async () => {
  dossier = await ledger.newDossier();
  text = checkpointText(dossier, { size: 3, root: ROOT });
  const note = `${text}\n${SIGNED}\n`;
  await checkpoints.publish(dossier, { size: 3, root: ROOT, note, publicKey: ROOT }, ledger.clock.now());
});

/** A note of this text with these lines under it, each with its line feed. */
const note = (...lines: readonly string[]): string => `${text}\n${SIGNED}\n${lines.join('')}`;

/** The lines that are shown under the checkpoint. */
async function shown(): Promise<readonly string[] | undefined> {
  const ours = await checkpoints.of(dossier, 3);
  return ours === null ? undefined : readNote(await checkpoints.cosigned(dossier, ours))?.lines;
}

const line = (witness: Witness, time?: bigint): string => witness.line(text, time).trimEnd();

describe('a cosignature', () => {
  it('is shown under its checkpoint, and that of a stranger is passed over', async () => {
    expect(await witnesses.cosign(dossier, note(TWO.line(text), STRANGER.line(text)))).toEqual({
      status: 'added',
      size: 3,
      witnesses: ['two.example'],
    });
    expect(await shown()).toEqual([SIGNED, line(TWO)]);
  });

  it('stands beside that of another witness, whichever came first', async () => {
    await witnesses.cosign(dossier, note(TWO.line(text)));
    expect(await witnesses.cosign(dossier, note(TWO.line(text), ONE.line(text)))).toMatchObject({
      witnesses: ['two.example', 'one.example'],
    });
    expect(await shown()).toEqual([SIGNED, line(ONE), line(TWO)]);
  });

  it('that was given stays the first that was given', async () => {
    await witnesses.cosign(dossier, note(ONE.line(text, 1n)));
    await witnesses.cosign(dossier, note(ONE.line(text, 2n)));
    expect(await shown()).toEqual([SIGNED, line(ONE, 1n)]);
  });

  it.each([
    ['of another text', () => ONE.line(`${text} `)],
    ['beside one that is right', () => `${TWO.line(text)}${ONE.line('other\n')}`],
  ])('that is wrong, %s, is refused, and nothing is kept', async (_, lines) => {
    expect(await witnesses.cosign(dossier, note(lines()))).toEqual({ status: 'wrong-signature' });
    expect(await shown()).toEqual([SIGNED]);
  });

  it.each([
    ['a stranger’s', () => STRANGER.line(text)],
    ['of another key of the name', () => new Witness('one.example').line(text)],
    ['none at all', () => ''],
    ['no line of a signature', () => 'one.example was here\n'],
  ])('where there is only %s is of an unknown witness', async (_, lines) => {
    expect(await witnesses.cosign(dossier, note(lines()))).toEqual({ status: 'unknown-witness' });
    expect(await shown()).toEqual([SIGNED]);
  });

  it('under what this log never published is refused', async () => {
    const published = text;
    const other = await ledger.newDossier();
    for (const forged of [
      checkpointText(dossier, { size: 4, root: ROOT }),
      checkpointText(dossier, { size: 3, root: Buffer.alloc(32, 4) }),
      checkpointText(other, { size: 3, root: ROOT }),
    ]) {
      text = forged;
      expect(await witnesses.cosign(dossier, note(ONE.line(text)))).toEqual({ status: 'unknown-checkpoint' });
    }
    text = published;
    expect(await witnesses.cosign(other, note(ONE.line(text)))).toEqual({ status: 'unknown-checkpoint' });
    for (const none of ['', text, ONE.line(text)])
      expect(await witnesses.cosign(dossier, none)).toEqual({ status: 'unknown-checkpoint' });
    expect(await shown()).toEqual([SIGNED]);
  });
});

describe('the key of a witness', () => {
  it('is one that signs with a time, and no other', () => {
    expect(readWitness(ONE.verifierKey)).toMatchObject({ name: 'one.example', type: 4 });
    const log = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'; // C2SP signed-note, "Example"
    expect(readWitness(log)).toBeNull();
    expect(readWitness('one.example')).toBeNull();
  });
});
