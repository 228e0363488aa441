import { createHash } from 'node:crypto';
import {
  hashLeaf,
  merkleTreeHash,
  readCheckpoint,
  readNote,
  readVerifierKey,
  signersOf,
  tileHashes,
  tilesOf,
} from '../proof/verifier.js';
import { entriesOf, positionsOf, type Envelope } from '../positions/oracle.js';

interface Entry {
  readonly payloadHash: string;
  readonly sequence: number;
  readonly stream: string;
  readonly type: string;
}

const sha256 = (...parts: (string | Buffer)[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

/**
 * What is wrong with an export, as far as the specifications tell: written from docs/proof.md and positions.md, all in memory, sharing no line
 * with what writes exports or with verify/.
 */
export function faultsOf(text: string, key: string): string[] {
  const lines = text.slice(0, -1).split('\n');
  const of = (kind: string): string[] =>
    lines.filter((line) => line.startsWith(`${kind} `)).map((line) => line.slice(2));
  const faults: string[] = [];
  const hold = (holds: boolean, fault: string): void => void (holds || faults.push(fault));
  const entries = of('E');
  const leaves = entries.map(hashLeaf);
  const carried = lines.filter((line) => /^[PR] /.test(line));
  const envelopes: Envelope[] = [];
  const gone = new Set<string>();
  entries.forEach((entry, index) => {
    const { payloadHash, sequence, stream, type } = JSON.parse(entry) as Entry;
    const [kind, salt = '', ...words] = (carried[index] ?? '').split(' ');
    const streamId = stream.split('/')[1] ?? '';
    hold(sequence === index + 1, `entry ${index + 1}`);
    if (kind === 'R') return void gone.add(streamId);
    hold(
      sha256(Buffer.from(salt, 'base64'), words.join(' ')).toString('base64') === payloadHash,
      `payload ${sequence}`,
    );
    envelopes.push({ sequence, streamId, type, data: JSON.parse(words.join(' ')) });
  });
  const tiles = tilesOf(leaves.length).map(
    (tile) => `${tile.level}/${tile.index} ${tileHashes(tile, leaves).toString('base64')}`,
  );
  hold(JSON.stringify(of('T').toSorted()) === JSON.stringify(tiles.toSorted()), 'tiles');
  for (const note of of('N').map((line) => readNote(JSON.parse(line) as string))) {
    const { size, root } = readCheckpoint(note.text);
    hold(signersOf(note, [readVerifierKey(key)]).length === 1, `signature ${size}`);
    hold(merkleTreeHash(leaves.slice(0, size)).equals(root), `root ${size}`);
  }
  const all = entriesOf(
    envelopes.filter(({ streamId }) => !gone.has(streamId)),
    Infinity,
  );
  for (const line of of('S')) {
    const { party, topic, positions } = JSON.parse(line) as {
      party: string;
      topic: string;
      positions: object[];
    };
    const mine = positionsOf(all.filter((each) => each.party === party && each.topic === topic)).map(
      (position) => ({
        conditions: position.conditions,
        entries: position.evidence.length,
        from: new Date(position.from).toISOString(),
        stance: position.stance,
      }),
    );
    hold(JSON.stringify(mine) === JSON.stringify(positions), `positions of ${party} on ${topic}`);
  }
  const before = text.slice(0, text.lastIndexOf('\nZ ') + 1);
  hold(lines.at(-1) === `Z ${sha256(before).toString('hex')}`, 'end');
  return faults;
}
