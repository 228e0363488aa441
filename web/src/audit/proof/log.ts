import { fromBase64, same, utf8, type Bytes } from './bytes.js';
import { Contents } from './contents.js';
import { entriesOf, isPayloadOf, readEntry, tilePath } from './entry.js';
import type { ExportedEvent } from './exported.js';
import { finding, type Finding } from './findings.js';
import { isSignedBy, readCheckpoint, readKey, type Checkpoint } from './note.js';
import { GrowingTree, isConsistent, leafHash, perfectRoot, rootOfInclusion, type Head } from './tree.js';

/** What the service says. None of it is believed. */
export interface Source {
  /** The last one, or the first that covers an event. */
  readonly checkpoint: (covering?: number) => Promise<string>;
  readonly key: () => Promise<string>;
  readonly proof: (sequence: number, size: number) => Promise<ProvenEvent>;
  readonly consistency: (from: number, to: number) => Promise<readonly string[]>;
  /** All events with their content, in order. */
  readonly events: (signal: AbortSignal) => AsyncIterable<ExportedEvent>;
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
    if (!isRotation(change) || change.from !== trusted) continue;
    if (!(await isHandedOver(source, sequence, change, head)))
      return finding('key', 'failed', 'keyNotHandedOver', { sequence });
    trusted = change.to;
    if (trusted === key.trim()) return finding('key', 'noted', 'keyReplaced', { sequence });
  }
  return finding('key', 'failed', 'keyChanged');
}

interface Rotation {
  readonly from: string;
  readonly to: string;
}

/** Whether both keys have signed the first checkpoint that covers the change: whoever runs the service can say that a key was replaced, and only the key itself can agree. */
async function isHandedOver(
  source: Source,
  sequence: number,
  { from, to }: Rotation,
  head: Checkpoint,
): Promise<boolean> {
  const note = await source.checkpoint(sequence).catch(() => '');
  const [checkpoint, ...keys] = [readCheckpoint(note), await readKey(from), await readKey(to)] as const;
  if (checkpoint === null || checkpoint.origin !== head.origin || checkpoint.size < sequence) return false;
  for (const key of keys) if (key === null || !(await isSignedBy(checkpoint, key))) return false;
  return isBeginning(source, checkpoint, head);
}

function isRotation(value: unknown): value is Rotation {
  return typeof value === 'object' && value !== null && 'from' in value && 'to' in value;
}

/** What this browser saw last is the beginning of what it sees now. */
async function checkGrowth(source: Source, memory: Memory | null, head: Head): Promise<Finding> {
  const before = memory && readCheckpoint(memory.checkpoint);
  if (!before) return finding('consistency', 'noted', 'seenFirst');
  if (before.size > head.size)
    return finding('consistency', 'failed', 'shrunk', { before: before.size, size: head.size });
  const isGrown = before.size === 0 || (await isBeginning(source, before, head));
  return finding('consistency', isGrown ? 'passed' : 'failed', isGrown ? 'grown' : 'forked', {
    before: before.size,
    size: head.size,
  });
}

/** Whether a tree of at least one leaf is the beginning of another. */
async function isBeginning(source: Source, smaller: Head, larger: Head): Promise<boolean> {
  const isLonger = smaller.size < larger.size;
  const proof = isLonger ? await source.consistency(smaller.size, larger.size).then(bytesOf, () => null) : []; // no proof is a bad one
  return proof !== null && isConsistent(smaller, larger, proof);
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

/** Entries that a full tile covers (C2SP tlog-tiles), and the height of the tree over them. */
const WIDTH = 256;
const HEIGHT = 8;

interface Watch {
  readonly onProgress: (done: number) => void;
  /** Whoever is here wants to know no more. */
  readonly signal: AbortSignal;
}

/**
 * The whole log, a tile at a time: every entry hashed anew, against the tiles and the signed root, and its content against what it commits to.
 * Keeps no more than a tile and what the service has sent ahead.
 */
export async function checkWhole(
  source: Source,
  head: Head,
  { onProgress, signal }: Watch,
): Promise<Finding[]> {
  const tree = new GrowingTree();
  const contents = new Contents(source.events(signal));
  let wrong: number | null = null;
  let failed: Finding | null = null;
  for (let first = 0; first < head.size && !signal.aborted; first += WIDTH) {
    const width = Math.min(WIDTH, head.size - first);
    const { entries, tile } = await slice(source, first, width);
    const leaves = await Promise.all(entries.map(leafHash));
    const differing = leaves.findIndex(
      (leaf, place) => !same(leaf, tile.subarray(place * 32, place * 32 + 32)),
    );
    if (wrong === null && differing >= 0) wrong = first + differing + 1;
    if (width === WIDTH) await tree.add(await perfectRoot(leaves), HEIGHT);
    else for (const leaf of leaves) await tree.add(leaf);
    await contents.take(first, entries);
    if (signal.aborted) break; // what was not given by then is not withheld
    failed = contents.failure;
    onProgress(first + width);
  }
  await contents.close();
  const differs = wrong === null ? [] : [finding('tiles', 'failed', 'tileDiffers', { sequence: wrong })];
  if (signal.aborted)
    return [finding('stopped', 'noted', 'stopped'), ...differs, ...(failed ? [failed] : [])];
  const isRoot = same(await tree.root(), head.root);
  return [
    differs[0] ?? finding('tiles', 'passed', 'tilesSame'),
    finding('root', isRoot ? 'passed' : 'failed', isRoot ? 'rootSame' : 'rootDiffers', { size: head.size }),
    contents.finding(head.size),
  ];
}

/** The entries of a tile and the hashes stored for them. What the service does not give is empty, and so is wrong. */
async function slice(
  source: Source,
  first: number,
  width: number,
): Promise<{ readonly entries: readonly Uint8Array[]; readonly tile: Uint8Array }> {
  const path = `${tilePath(first / WIDTH)}${width < WIDTH ? `.p/${width}` : ''}`;
  const [bundle = new Uint8Array(), tile = new Uint8Array()] = await Promise.all(
    [`entries/${path}`, `0/${path}`].map((each) => source.tile(each).catch(() => new Uint8Array())),
  );
  const given = entriesOf(bundle) ?? [];
  return { entries: Array.from({ length: width }, (_, place) => given[place] ?? new Uint8Array()), tile };
}

function bytesOf(hashes: readonly string[]): Bytes[] | null {
  const bytes = hashes.map(fromBase64);
  return bytes.every((each) => each !== null) ? bytes : null;
}
