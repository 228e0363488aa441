import { isAct, type Act } from './acts.js';
import type { Anchor, Passage } from './passage.js';
import { redactionIn, type Redaction } from './redaction.js';
import type { Stance } from './stance.js';

export const ATTRIBUTIONS = ['direct', 'paraphrase', 'reported'] as const;

export type Attribution = (typeof ATTRIBUTIONS)[number];

/** What the recorder stated, references as ids. Stored: fields may be added, never renamed or removed. */
export interface Stated {
  readonly act: Act;
  readonly party: string | null;
  readonly speaker: string | null;
  readonly topic: string | null;
  readonly saidAt: string;
  readonly attribution: Attribution;
  readonly source: string | null;
  readonly passage: Passage | null;
  readonly summary: string | null;
  readonly addressees: readonly string[];
  readonly against: string | null;
  readonly refersTo: string | null;
  readonly stance: Stance | null;
  readonly conditions: readonly string[];
  readonly language: string | null;
  readonly translation: string | null;
  readonly note: string | null;
}

/** What follows from it by the catalogue, the cast and the statement it answers, as they were when it was recorded. */
export interface Resolved {
  readonly party: string | null;
  readonly topic: string | null;
  readonly stance: Stance | null;
  readonly conditions: readonly string[];
}

/** The data of an event whose type is an act. */
export interface StatementRecorded {
  readonly slug: string | null;
  readonly stated: Omit<Stated, 'act'>;
  readonly resolved: Resolved;
  readonly anchor: Anchor | null;
}

export const RECORD_CORRECTED = 'RecordCorrected';
export const RECORD_VOIDED = 'RecordVoided';
export const RECORD_RESTORED = 'RecordRestored';

/** The data of `RecordCorrected`: only what differs, each with its old and its new value. */
export interface RecordCorrected<State> {
  readonly changes: {
    readonly [Field in keyof State]?: { readonly from: State[Field]; readonly to: State[Field] };
  };
  readonly reason: string;
  readonly resolved: Resolved;
  readonly anchor: Anchor | null;
}

export interface RecordVoided {
  readonly reason: string;
}

export type Standing =
  { readonly status: 'standing' } | { readonly status: 'voided'; readonly reason: string };

/** A statement as its stream tells it. `origin` is the sequence of the event that first recorded it. */
export interface Statement {
  readonly id: string;
  readonly slug: string | null;
  readonly version: number;
  readonly origin: number;
  readonly recordedAt: string;
  readonly recordedBy: string;
  readonly stated: Stated;
  readonly resolved: Resolved;
  readonly anchor: Anchor | null;
  readonly standing: Standing;
}

/** What a fold needs of a recorded event. */
export interface StreamEvent {
  readonly sequence: number;
  readonly streamId: string;
  readonly streamVersion: number;
  readonly type: string;
  readonly recordedAt: string;
  readonly recordedBy: string;
  readonly data: unknown;
  /** Why this code does not understand it; it then counts as a version and says nothing else. */
  readonly obscure?: string | null;
  /** What has erased its data. */
  readonly redacted?: Redaction | null;
}

export function isObscure({ obscure }: Pick<StreamEvent, 'obscure'>): boolean {
  return obscure !== undefined && obscure !== null;
}

/** The fields that both kinds of record, statements and assessments, share. */
interface AnyRecord {
  readonly version: number;
  readonly standing: Standing;
}

/** Voiding and restoring are the same for every kind of record. Null: the event is neither. */
export function evolveStanding<State extends AnyRecord>(state: State, event: StreamEvent): State | null {
  const version = event.streamVersion;
  if (event.type === RECORD_RESTORED) return { ...state, version, standing: { status: 'standing' } };
  if (event.type !== RECORD_VOIDED) return null;
  const { reason } = event.data as RecordVoided; // holds: the type names its shape
  return { ...state, version, standing: { status: 'voided', reason } };
}

/**
 * Applies one event of a statement's stream. An event that this code does not understand changes the version only. Null: as long as nothing
 * that it understands has begun the stream, and from where anything of it was erased, it knows no such statement.
 */
export function evolveStatement(state: Statement | null, event: StreamEvent): Statement | null {
  if (redactionIn(event) !== null) return null;
  if (state === null) return isObscure(event) || !isAct(event.type) ? null : recorded(event, event.type);
  if (isObscure(event)) return { ...state, version: event.streamVersion };
  if (event.type === RECORD_CORRECTED) return corrected(state, event);
  return evolveStanding(state, event) ?? { ...state, version: event.streamVersion };
}

/** A statement from its stream's events in order; null where there are none, or where anything of them was erased. */
export function foldStatement(events: Iterable<StreamEvent>): Statement | null {
  let state: Statement | null = null;
  for (const event of events) state = evolveStatement(state, event);
  return state;
}

function recorded(event: StreamEvent, act: Act): Statement {
  const { slug, stated, resolved, anchor } = event.data as StatementRecorded; // holds: the first event of a statement's stream is its act
  return {
    id: event.streamId,
    slug,
    version: event.streamVersion,
    origin: event.sequence,
    recordedAt: event.recordedAt,
    recordedBy: event.recordedBy,
    stated: { act, ...stated },
    resolved,
    anchor,
    standing: { status: 'standing' },
  };
}

function corrected(state: Statement, event: StreamEvent): Statement {
  const { changes, resolved, anchor } = event.data as RecordCorrected<Stated>; // holds: the type names its shape
  const stated = { ...state.stated, ...newValues(changes) };
  return { ...state, version: event.streamVersion, stated, resolved, anchor };
}

/** `{field: to}` of a correction's changes. */
export function newValues<State>(changes: RecordCorrected<State>['changes']): Partial<State> {
  const entries = Object.entries(changes) as [keyof State, { to: State[keyof State] }][]; // holds: by the type of changes
  return Object.fromEntries(entries.map(([field, { to }]) => [field, to])) as Partial<State>; // holds: built of its own fields
}

/** What differs between two states, for `RecordCorrected`. */
export function differences<State extends object>(
  before: State,
  after: State,
): RecordCorrected<State>['changes'] {
  const fields = Object.keys(after) as (keyof State)[]; // holds: State is built field by field, without extras
  const changed = fields.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
  return Object.fromEntries(
    changed.map((field) => [field, { from: before[field], to: after[field] }]),
  ) as RecordCorrected<State>['changes']; // holds: built of its own fields
}
