import type { EntityManager } from 'typeorm';
import type { RecordedEvent } from './event.js';
import type { Connection, EventLog } from './event-log.js';
import type { Manners } from './pace.js';

/** Where a projection writes: inside one transaction, for one dossier, into rows of one build. */
export interface Target {
  readonly dossier: string;
  readonly build: number;
  readonly manager: EntityManager;
  /** Runs SQL in that transaction, without an object mapper between. */
  readonly connection: Connection;
  /** The log as that transaction sees it. */
  readonly log: EventLog;
}

/** Rows that follow from a dossier's log and from nothing else. */
export interface Projection {
  readonly name: string;
  /** Raised when the same events would now give other rows: the new ones are built beside the old. */
  readonly version: number;
  /** How long its rows may stay behind while appends keep coming and nobody waits for them, where it is not as MANNERS. */
  readonly manners?: Partial<Manners>;
  /** Whether it takes every event as it is stored (see EventLog.stored), whether this code understands it or not. */
  readonly takesAsStored?: boolean;
  /** Whether its rows cannot be derived again as they were, so that a crash of the database must not undo them. */
  readonly isDurable?: boolean;
  /** Writes what these events, which follow what was written before, change. Throwing undoes it all. Events that this code does not understand are not among them. */
  apply(events: readonly RecordedEvent[], target: Target): Promise<void>;
  /** Removes the rows of a build that is no longer served. */
  clear(target: Target): Promise<void>;
}

export interface Build {
  readonly build: number;
  readonly version: number;
  readonly status: 'live' | 'building';
  readonly checkpoint: number;
  readonly failure: Failure | null;
  /** Whether it lacks an event that the code that wrote it did not understand, or choked on. */
  readonly isIncomplete: boolean;
  /** When its checkpoint was moved, or when it failed. */
  readonly changedAt: Date;
}

/** Why a projection does not go on: the first event that it could not take in. */
export interface Failure {
  readonly sequence: number;
  readonly type: string;
  readonly error: string;
}

export class ProjectionBehind extends Error {
  override readonly name = 'ProjectionBehind';
}

export class ProjectionStopped extends Error {
  override readonly name = 'ProjectionStopped';
}
