import { isOutage } from '../ledger/outage.js';
import type { Redactions } from '../ledger/redactions.js';
import { Coalesced } from './coalesce.js';

/** Milliseconds between two looks for what other processes have erased. */
const LOOK = 1_000;

/** What this process remembers of dossiers' parties, speakers, topics and sources. */
export interface Memory {
  /** The dossiers of which it remembers anything. */
  dossiers(): Iterable<string>;
  /** Forgets what has been erased in a dossier; resolves once it is out of memory. */
  forgetErased(dossier: string): Promise<void> | void;
}

/** Kinds of streams of which more is remembered than the one who asks about it reads. */
const REMEMBERED = ['party', 'speaker', 'topic', 'source'];

const ALL = 'all';

/**
 * Sees to it that what was erased by law leaves this process's memory as well, whichever process erased it, within seconds and although
 * nobody asks about it. What is answered never rests on it: whoever asks brings what is remembered up to date first.
 */
export class RedactionWatch {
  private readonly memories: Memory[] = [];
  /** By dossier: the last redaction that the memories have taken note of. */
  private readonly noted = new Map<string, number>();
  private readonly looks = new Coalesced(() => this.see());
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly redactions: Redactions,
    /** Told of what goes wrong in the background. */
    private readonly complain: (error: unknown) => void,
  ) {}

  /** Memories are asked in the order in which they were added. */
  watch(memory: Memory): void {
    this.memories.push(memory);
  }

  start(): void {
    this.timer = setInterval(() => {
      this.look().catch((error: unknown) => isOutage(error) || this.complain(error));
    }, LOOK).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.look().catch(() => undefined); // one may be under way, and the database is about to be closed
  }

  /** Resolves when everything that was erased before the call is out of memory. */
  look(): Promise<void> {
    return this.looks.get(ALL);
  }

  private async see(): Promise<void> {
    const remembered = new Set(this.memories.flatMap((memory) => [...memory.dossiers()]));
    for (const dossier of this.noted.keys()) if (!remembered.has(dossier)) this.noted.delete(dossier);
    for (const [dossier, last] of await this.redactions.latest([...remembered], REMEMBERED)) {
      if (this.noted.get(dossier) === last) continue;
      for (const memory of this.memories) await memory.forgetErased(dossier);
      this.noted.set(dossier, last);
    }
  }
}
