import { Rejection } from '../domain/rejection.js';
import type { EventLog } from '../ledger/event-log.js';
import { ProjectionBehind, ProjectionStopped } from '../ledger/projection.js';
import type { ProjectionRunner } from '../ledger/projection-runner.js';
import type { DossierState } from './casts.js';
import type { Dossiers } from './dossiers.js';

/** What of the log is taken as known: up to a sequence, which was recorded at an instant (RFC 3339; null before the first event). */
export interface Known {
  readonly sequence: number;
  readonly recordedAt: string | null;
}

/** A view of a dossier for one request: what is known, who is who, and which rows hold it. */
export interface View {
  readonly dossier: DossierState;
  readonly known: Known;
  readonly build: number;
}

/** `known` as a client gives it: a sequence, an instant (RFC 3339), or nothing for all. */
export type KnownInput = { readonly sequence: number } | { readonly instant: string } | undefined;

/** Opens dossiers for reading: never staler than the last acknowledged event, and steady for the whole request however the log grows meanwhile. */
export class Reading {
  constructor(
    private readonly dossiers: Dossiers,
    private readonly log: EventLog,
    private readonly runner: ProjectionRunner,
  ) {}

  /** Rejects with `not-found`, `projection-behind` or `projection-stopped`. */
  async view(reference: string, projection: string, known: KnownInput): Promise<View> {
    const dossier = await this.dossiers.current(reference);
    const [build, upTo] = await Promise.all([
      this.reach(dossier.id, projection, dossier.head.sequence),
      this.known(dossier, known),
    ]);
    return { dossier, build, known: upTo };
  }

  /** A sequence beyond the head means the head, as an instant to come does: the answer says what it took. */
  async known({ id, head }: DossierState, known: KnownInput): Promise<Known> {
    const all = { sequence: head.sequence, recordedAt: head.recordedAt };
    if (known === undefined) return all;
    const sequence = 'sequence' in known ? known.sequence : await this.log.sequenceKnownAt(id, known.instant);
    if (sequence >= head.sequence) return all;
    const [event] = sequence === 0 ? [] : await this.log.read(id, sequence - 1, 1);
    return { sequence, recordedAt: event?.recordedAt ?? null };
  }

  /** The build of a projection that has taken in a sequence. Rejects with `projection-behind` or `projection-stopped`. */
  async reach(dossier: string, projection: string, sequence: number): Promise<number> {
    try {
      return await this.runner.caughtUp(dossier, projection, sequence);
    } catch (error) {
      if (error instanceof ProjectionBehind) throw new Rejection('projection-behind', error.message);
      if (error instanceof ProjectionStopped) throw new Rejection('projection-stopped', error.message);
      throw error;
    }
  }
}
