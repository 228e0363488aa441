import { isObject } from './canonical.js';
import { isSignedBy, readCheckpoint, readKey, type Checkpoint, type VerifierKey } from './note.js';
import { must, Wrong } from './wrong.js';

/** What is trusted beforehand. */
export interface Trust {
  /** Verifier key of this log; null: the one that the log began with is taken on trust. */
  readonly key: string | null;
  /** A checkpoint of this log that was saved earlier. */
  readonly since: string | null;
}

const GIVEN = 'the key that was given';
const BEGINNING = 'the key that the log began with';
const EARLIER = 'the earlier checkpoint';

/**
 * The keys of a log from the first to the one in force, and the checkpoints that they sign. Trust goes from key to key where both have signed
 * the checkpoint that covers the change; a log that was moved to where the old key is not begins anew with the new one.
 */
export class Keys {
  private current: VerifierKey;
  /** The key that signed the last checkpoint. */
  private before: VerifierKey;
  private readonly trusted: VerifierKey;
  /** Whether what is signed now is signed by a key that is trusted. */
  private isTrusted = false;
  private readonly since: Checkpoint | null;
  checkpoints = 0;

  constructor(
    private readonly origin: string,
    first: string,
    { key, since }: Trust,
  ) {
    this.current = this.read(first, BEGINNING);
    this.before = this.current;
    this.trusted = key === null ? this.current : this.read(key, GIVEN);
    this.since = since === null ? null : readCheckpoint(since, EARLIER);
    must(this.since === null || this.since.origin === origin, EARLIER, `is not one of ${origin}`);
  }

  /** The one in force. */
  get text(): string {
    return this.current.text;
  }

  /** The size of the earlier checkpoint, or null. */
  get sinceSize(): number | null {
    return this.since?.size ?? null;
  }

  rotate(data: unknown, where: string): void {
    must(isObject(data) && typeof data.to === 'string', where, 'names no new key');
    must(data.from === this.current.text, where, 'replaces a key that was not in force');
    this.current = this.read(data.to, where);
  }

  /** A checkpoint of the export, which is to be of this tree. Answers with what is wrong if it is of another one. */
  check(note: string, size: number, root: string): Wrong | null {
    const where = `checkpoint ${size}`;
    const checkpoint = readCheckpoint(note, where);
    must(checkpoint.origin === this.origin, where, `is not one of ${this.origin}`);
    must(checkpoint.size === size, where, `says that it is of size ${checkpoint.size}`);
    const { current, before, trusted } = this;
    must(isSignedBy(checkpoint, current, where), where, `is not signed by the key in force, ${current.text}`);
    const isLed = before === current || isSignedBy(checkpoint, before, where);
    must(
      isLed || !this.isTrusted,
      where,
      `is not signed by the key that was replaced, ${before.text}; trust ${current.text} (--key) if you know it`,
    );
    this.isTrusted ||= current.text === trusted.text || (isLed && before.text === trusted.text);
    this.before = current;
    this.checkpoints++;
    return checkpoint.root === root ? null : new Wrong(where, 'its root is not that of the events before it');
  }

  /** The earlier checkpoint, when the tree has its size. */
  checkSince(root: string): void {
    if (this.since === null) return;
    const { since, before, current } = this;
    const isSigned = [before, current, this.trusted].some((key) => isSignedBy(since, key, EARLIER));
    must(isSigned, EARLIER, 'is not signed by a key of this log');
    must(
      since.root === root,
      EARLIER,
      `of size ${since.size} is one of another log: this one was forked from it`,
    );
  }

  finish(size: number): void {
    must(this.isTrusted, GIVEN, 'has signed no checkpoint of this log');
    if (this.since === null) return;
    must(
      this.since.size <= size,
      EARLIER,
      `covers ${this.since.size} events, of which only ${size} are left`,
    );
  }

  private read(text: string, where: string): VerifierKey {
    const key = readKey(text, where);
    must(key.name === this.origin, where, `is not a key of ${this.origin}`);
    return key;
  }
}
