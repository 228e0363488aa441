import type { Act } from '../../domain/acts.js';
import type { Assessed, Assessment } from '../../domain/assessment.js';
import type { Cast, Source } from '../../domain/cast.js';
import type { Named } from '../../domain/rejection.js';
import type { Advance, Present, Revision, RevisionKind } from '../../domain/revision.js';
import { LEVELS, type Stance } from '../../domain/stance.js';
import {
  RECORD_CORRECTED,
  RECORD_RESTORED,
  RECORD_VOIDED,
  type Attribution,
  type RecordCorrected,
  type Statement,
} from '../../domain/statement.js';
import type { Pair } from '../../entries/entries.js';
import { iso, viewShift, type ShiftView } from '../../entries/shift-view.js';
import type { RecordedEvent } from '../../ledger/event.js';
import type { RecordedState } from './recorded-states.js';

/** A party's stance at the end of its history. `since` is of said-time. */
export interface PresentView {
  readonly stance: Stance;
  readonly level: number;
  readonly conditions: readonly string[];
  readonly since: string;
}

/** A source as it stood when the record was revised. */
export interface RevisedSource {
  readonly id: string;
  readonly slug: string | null;
  readonly title: string;
  readonly url: string | null;
  readonly outlet: string | null;
  readonly publishedAt: string | null;
  readonly textSha256: string | null;
}

/** Who first recorded a record, when and at which sequence. */
interface FirstRecorded {
  readonly sequence: number;
  readonly recordedAt: string;
  readonly recordedBy: string;
}

/** A statement as an event left it. Stance and conditions are those that it gives its party on its topic. */
export interface RevisedStatement extends FirstRecorded {
  readonly id: string;
  readonly act: Act;
  readonly speaker: Named | null;
  readonly saidAt: string;
  readonly stance: Stance | null;
  readonly conditions: readonly string[];
  readonly attribution: Attribution;
  readonly quote: string | null;
  readonly summary: string | null;
  readonly source: RevisedSource | null;
}

/** An assessment as an event left it. */
export interface RevisedAssessment extends FirstRecorded, Omit<Assessed, 'party' | 'topic'> {
  readonly id: string;
}

/** A revision in answers: our record moved. `recordedAt` and `recordedBy` are the event's. */
export interface RevisionView {
  readonly sequence: number;
  readonly recordedAt: string;
  readonly recordedBy: string;
  readonly kind: RevisionKind;
  readonly event: { readonly id: string; readonly type: string };
  readonly party: Named;
  readonly topic: Named;
  /** Null: the record is an assessment. */
  readonly statement: RevisedStatement | null;
  readonly assessment: RevisedAssessment | null;
  readonly reason: string | null;
  /** The fields that a correction changed. */
  readonly corrected: readonly string[];
  readonly advance: Advance | null;
  readonly before: PresentView | null;
  readonly after: PresentView | null;
  readonly shiftsAppeared: readonly ShiftView[];
  readonly shiftsDisappeared: readonly ShiftView[];
  readonly pastChanged: boolean;
  readonly presentChanged: boolean;
}

export function viewRevision(
  { party, topic }: Pair,
  { event, record, source }: RecordedState,
  revision: Revision,
  cast: Cast,
): RevisionView {
  const { sequence, recordedAt, recordedBy, id, type } = event;
  return {
    sequence,
    recordedAt,
    recordedBy,
    kind: revision.kind,
    event: { id, type },
    party: cast.name('party', party),
    topic: cast.name('topic', topic),
    ...viewRecord(record, source, cast),
    ...whyRevised(event),
    advance: revision.advance,
    before: revision.before && viewPresent(revision.before),
    after: revision.after && viewPresent(revision.after),
    shiftsAppeared: revision.appeared.map(viewShift),
    shiftsDisappeared: revision.disappeared.map(viewShift),
    pastChanged: revision.pastChanged,
    presentChanged: revision.presentChanged,
  };
}

/** A record as it is to be shown to an auditor. */
export function viewRecord(
  record: Statement | Assessment,
  source: Source | null,
  cast: Cast,
): Pick<RevisionView, 'statement' | 'assessment'> {
  return 'stated' in record
    ? { statement: viewStatement(record, source, cast), assessment: null }
    : { statement: null, assessment: viewAssessment(record) };
}

/** What an event about a record says of itself; null and nothing for one that records. */
export function whyRevised({ type, data }: RecordedEvent): Pick<RevisionView, 'reason' | 'corrected'> {
  if (type !== RECORD_CORRECTED && type !== RECORD_VOIDED && type !== RECORD_RESTORED)
    return { reason: null, corrected: [] };
  const { reason, changes = {} } = (data ?? {}) as Partial<RecordCorrected<object>>; // holds: the type names its shape, and all three give a reason until it is erased
  return { reason: reason ?? null, corrected: Object.keys(changes) };
}

export function viewPresent({ stance, conditions, since }: Present): PresentView {
  return { stance, level: LEVELS[stance], conditions, since: iso(since) };
}

function viewStatement(
  { id, stated, resolved, origin, recordedAt, recordedBy }: Statement,
  source: Source | null,
  cast: Cast,
): RevisedStatement {
  const { act, speaker, saidAt, attribution, passage, summary } = stated;
  return {
    id,
    act,
    speaker: speaker === null ? null : cast.name('speaker', speaker),
    saidAt,
    stance: resolved.stance,
    conditions: resolved.conditions,
    attribution,
    quote: passage?.exact ?? null,
    summary,
    source: source && viewSource(source),
    sequence: origin,
    recordedAt,
    recordedBy,
  };
}

function viewSource({ id, slug, name, url, outlet, publishedAt, text }: Source): RevisedSource {
  return { id, slug, title: name, url, outlet, publishedAt, textSha256: text?.sha256 ?? null };
}

function viewAssessment({ id, assessed, origin, recordedAt, recordedBy }: Assessment): RevisedAssessment {
  const { party: _party, topic: _topic, ...judgement } = assessed;
  return { id, ...judgement, sequence: origin, recordedAt, recordedBy };
}
