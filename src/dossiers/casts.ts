import { LRUCache } from 'lru-cache';
import { Cast } from '../domain/cast.js';
import { takeIntoCast } from '../domain/set-up.js';
import type { RecordedEvent } from '../ledger/event.js';
import type { EventLog, Head } from '../ledger/event-log.js';
import { Coalesced } from './coalesce.js';
import type { Memory } from './redaction-watch.js';

/** A dossier as it is now: no event acknowledged before it was asked for is missing. */
export interface DossierState {
  readonly id: string;
  readonly head: Head;
  readonly cast: Cast;
}

/** A dossier's cast as it was a moment ago: up to the set-up event of a sequence. */
export interface KnownCast {
  readonly id: string;
  readonly cast: Cast;
  readonly knownCast: number;
}

/** Dossiers whose casts are kept in memory. */
const KEPT = 200;

interface Kept {
  readonly cast: Cast;
  /** Of the last set-up event that the cast has taken in. */
  sequence: number;
}

/** Keeps the casts of the dossiers in use, and brings each up to date with the log whenever it is asked for. */
export class Casts implements Memory {
  private readonly kept = new LRUCache<string, Kept>({ max: KEPT });
  private readonly looks = new Coalesced((dossier) => this.look(dossier));

  constructor(private readonly log: EventLog) {}

  /** As it was last looked at; null: it has not been, or nothing is set up. What rests on it says so where it is written (`knownCast`). */
  known(dossier: string): KnownCast | null {
    const kept = this.kept.get(dossier);
    return kept === undefined || kept.sequence === 0
      ? null
      : { id: dossier, cast: kept.cast, knownCast: kept.sequence };
  }

  /** Null: no such dossier. */
  fresh(dossier: string): Promise<DossierState | null> {
    return this.looks.get(dossier);
  }

  dossiers(): Iterable<string> {
    return this.kept.keys();
  }

  /** Bringing a cast up to date takes the order to erase into it. */
  async forgetErased(dossier: string): Promise<void> {
    if (this.kept.has(dossier)) await this.fresh(dossier);
  }

  private async look(dossier: string): Promise<DossierState | null> {
    const kept = this.kept.get(dossier) ?? { cast: new Cast(), sequence: 0 };
    const head = await this.log.head(dossier);
    if (head === null) return null;
    if (head.castSequence > kept.sequence) {
      const events = await this.log.readCast(dossier, kept.sequence);
      const slugs = await this.erasedSlugs(dossier, events);
      for (const event of events)
        takeIntoCast(kept.cast, { ...event, slug: slugs.get(event.streamId) ?? null });
      kept.sequence = events.at(-1)?.sequence ?? kept.sequence;
    }
    this.kept.set(dossier, kept);
    return { id: dossier, head, cast: kept.cast };
  }

  /** The slugs of things whose first event has been erased: the log's claims still have them. By stream. */
  private async erasedSlugs(dossier: string, events: readonly RecordedEvent[]): Promise<Map<string, string>> {
    const erased = events.filter(({ redacted, streamVersion }) => redacted !== null && streamVersion === 1);
    const names = await this.log.claimsOf(
      dossier,
      erased.map(({ streamId }) => streamId),
    );
    return new Map([...names].map(([stream, name]) => [stream, name.slice(name.indexOf('/') + 1)]));
  }
}
