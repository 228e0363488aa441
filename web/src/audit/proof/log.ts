import { leafHash, GrowingTree, isConsistent, rootOfInclusion, type Head } from './tree.js';
import { fromBase64, same, utf8, type Bytes } from './bytes.js';
import { entriesOf, isPayloadOf, readEntry, tilePath } from './entry.js';
import { isSignedBy, readCheckpoint, readKey, type Checkpoint } from './note.js';

/** What the service says. None of it is believed. */
export interface Source {
  readonly checkpoint: () => Promise<string>;
  readonly key: () => Promise<string>;
  readonly proof: (sequence: number, size: number) => Promise<ProvenEvent>;
  readonly consistency: (from: number, to: number) => Promise<readonly string[]>;
  /** `path` as C2SP tlog-tiles says it. */
  readonly tile: (path: string) => Promise<Uint8Array>;
  /** Events that say that the log's key was replaced. */
  readonly rotations: () => Promise<readonly { readonly sequence: number }[]>;
}

export interface ProvenEvent {
  readonly hashes: readonly string[];
  readonly entry: string;
  readonly payload: string | null;
  readonly salt: string | null;
}

/** What this browser keeps of a log that it has looked at. */
export interface Memory {
  readonly key: string;
  readonly checkpoint: string;
}

export type CheckName =
  'checkpoint' | 'key' | 'consistency' | 'inclusion' | 'payload' | 'tiles' | 'root' | 'payloads';

/** Which sentence tells it. */
export type Verdict =
  | 'unreadable'
  | 'signed'
  | 'unsigned'
  | 'keyFirst'
  | 'keySame'
  | 'keyReplaced'
  | 'keyChanged'
  | 'seenFirst'
  | 'grown'
  | 'shrunk'
  | 'forked'
  | 'included'
  | 'notIncluded'
  | 'notProven'
  | 'unchanged'
  | 'changed'
  | 'redacted'
  | 'tilesSame'
  | 'tileDiffers'
  | 'rootSame'
  | 'rootDiffers'
  | 'payloadsSame'
  | 'payloadsMany';

/** `noted`: nothing is wrong, but somebody should know. */
export interface Finding {
  readonly check: CheckName;
  readonly status: 'passed' | 'failed' | 'noted';
  readonly says: Verdict;
  /** What the sentence tells: sizes, the sequence of the event where something is wrong. */
  readonly with: Readonly<Record<string, string | number>>;
}

const finding = (
  check: CheckName,
  status: Finding['status'],
  says: Verdict,
  more: Readonly<Record<string, string | number>> = {},
): Finding => ({ check, status, says, with: more });

/** The signed head of the log, and whether it may be taken for that of the log that this browser knows. */
export async function checkHead(
  source: Source,
  memory: Memory | null,
): Promise<{
  readonly head: Checkpoint | null;
  readonly findings: Finding[];
  readonly memory: Memory | null;
}> {
  const [note, keyText] = await Promise.all([source.checkpoint(), source.key()]);
  const [head, key] = [readCheckpoint(note), await readKey(keyText)];
  if (head === null || key === null)
    return { head: null, memory: null, findings: [finding('checkpoint', 'failed', 'unreadable')] };
  const isSigned = head.origin === key.name && (await isSignedBy(head, key));
  const signed = finding('checkpoint', isSigned ? 'passed' : 'failed', isSigned ? 'signed' : 'unsigned', {
    size: head.size,
  });
  const findings = [
    signed,
    await checkKey(source, memory, keyText, head),
    await checkGrowth(source, memory, head),
  ];
  const isWell = findings.every(({ status }) => status !== 'failed');
  return {
    head: isSigned ? head : null,
    findings,
    memory: isWell ? { key: keyText, checkpoint: note } : null,
  };
}

/** The key is the one of last time, or the log itself leads from that one to it. */
async function checkKey(
  source: Source,
  memory: Memory | null,
  key: string,
  head: Checkpoint,
): Promise<Finding> {
  if (memory === null) return finding('key', 'noted', 'keyFirst');
  if (memory.key === key) return finding('key', 'passed', 'keySame');
  let trusted = memory.key.trim();
  for (const { sequence } of await source.rotations()) {
    const { event, findings } = await checkProven(source, sequence, head);
    if (findings.some(({ status }) => status === 'failed')) continue;
    const change: unknown = JSON.parse(event?.payload ?? 'null');
    if (isRotation(change) && change.from === trusted) trusted = change.to;
    if (trusted === key.trim()) return finding('key', 'noted', 'keyReplaced', { sequence });
  }
  return finding('key', 'failed', 'keyChanged');
}

function isRotation(value: unknown): value is { readonly from: string; readonly to: string } {
  return typeof value === 'object' && value !== null && 'from' in value && 'to' in value;
}

/** What this browser saw last is the beginning of what it sees now. */
async function checkGrowth(source: Source, memory: Memory | null, head: Head): Promise<Finding> {
  const before = memory && readCheckpoint(memory.checkpoint);
  if (!before) return finding('consistency', 'noted', 'seenFirst');
  if (before.size > head.size)
    return finding('consistency', 'failed', 'shrunk', { before: before.size, size: head.size });
  const isLonger = before.size < head.size && before.size > 0;
  const proof = isLonger ? await source.consistency(before.size, head.size).then(bytesOf, () => null) : []; // no proof is a bad one
  const isGrown = before.size === 0 || (proof !== null && (await isConsistent(before, head, proof)));
  return finding('consistency', isGrown ? 'passed' : 'failed', isGrown ? 'grown' : 'forked', {
    before: before.size,
    size: head.size,
  });
}

/** One event, which the service is to prove. That it says it cannot is a finding too. */
export async function checkProven(
  source: Source,
  sequence: number,
  head: Head,
): Promise<{ readonly event: ProvenEvent | null; readonly findings: Finding[] }> {
  const event = await source.proof(sequence, head.size).catch(() => null);
  if (event === null) return { event, findings: [finding('inclusion', 'failed', 'notProven', { sequence })] };
  return { event, findings: await checkEvent(event, sequence, head) };
}

/** One event: its entry is in the tree, and its payload is what the entry commits to. */
export async function checkEvent(
  { entry, payload, salt, hashes }: ProvenEvent,
  sequence: number,
  head: Head,
): Promise<Finding[]> {
  const proof = bytesOf(hashes);
  const root = proof && (await rootOfInclusion(sequence - 1, head.size, await leafHash(utf8(entry)), proof));
  const envelope = readEntry(entry);
  const isIn = root !== null && same(root, head.root) && envelope?.sequence === sequence;
  const included = finding('inclusion', isIn ? 'passed' : 'failed', isIn ? 'included' : 'notIncluded', {
    sequence,
    size: head.size,
  });
  if (envelope === null) return [included];
  if (payload === null || salt === null)
    return [included, finding('payload', 'noted', 'redacted', { sequence })];
  const isSame = await isPayloadOf(envelope, payload, salt);
  return [
    included,
    finding('payload', isSame ? 'passed' : 'failed', isSame ? 'unchanged' : 'changed', { sequence }),
  ];
}

const WIDTH = 256;
/** Events whose payloads are asked for one by one. */
export const FEW = 500;

/** The whole log: every entry hashed anew, against the tiles and the signed root; of a short log every payload too. */
export async function checkWhole(
  source: Source,
  head: Head,
  onProgress: (done: number) => void,
): Promise<Finding[]> {
  const tree = new GrowingTree();
  let wrong: number | null = null;
  for (let first = 0; first < head.size; first += WIDTH) {
    const width = Math.min(WIDTH, head.size - first);
    const path = `${tilePath(first / WIDTH)}${width < WIDTH ? `.p/${width}` : ''}`;
    const [bundle, tile] = await Promise.all(
      [`entries/${path}`, `0/${path}`].map((each) => source.tile(each).catch(() => new Uint8Array())),
    );
    const entries = entriesOf(bundle ?? new Uint8Array()) ?? [];
    for (let place = 0; place < width; place++) {
      const entry = entries[place];
      const leaf = await leafHash(entry ?? new Uint8Array());
      if (wrong === null && !same(leaf, (tile ?? new Uint8Array()).subarray(place * 32, place * 32 + 32)))
        wrong = first + place + 1;
      await tree.add(leaf);
    }
    onProgress(first + width);
  }
  const isRoot = same(await tree.root(), head.root);
  const findings = [
    wrong === null
      ? finding('tiles', 'passed', 'tilesSame')
      : finding('tiles', 'failed', 'tileDiffers', { sequence: wrong }),
    finding('root', isRoot ? 'passed' : 'failed', isRoot ? 'rootSame' : 'rootDiffers', { size: head.size }),
  ];
  return [...findings, await checkPayloads(source, head)];
}

async function checkPayloads(source: Source, head: Head): Promise<Finding> {
  if (head.size > FEW) return finding('payloads', 'noted', 'payloadsMany', { size: head.size });
  for (let sequence = 1; sequence <= head.size; sequence++) {
    const { findings } = await checkProven(source, sequence, head);
    const failed = findings.find(({ status }) => status === 'failed');
    if (failed !== undefined) return { ...failed, check: 'payloads' };
  }
  return finding('payloads', 'passed', 'payloadsSame', { size: head.size });
}

function bytesOf(hashes: readonly string[]): Bytes[] | null {
  const bytes = hashes.map(fromBase64);
  return bytes.every((each) => each !== null) ? bytes : null;
}
