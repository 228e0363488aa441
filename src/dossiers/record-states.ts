import { evolveAssessment, type Assessment } from '../domain/assessment.js';
import { redactionIn } from '../domain/redaction.js';
import { evolveStatement, type Statement } from '../domain/statement.js';
import type { RecordedEvent } from '../ledger/event.js';
import type { Target } from '../ledger/projection.js';

/** A record (statement or assessment) before and after an event that concerns it. */
export type RecordChange =
  | {
      readonly kind: 'statement';
      readonly event: RecordedEvent;
      readonly before: Statement | null;
      readonly after: Statement;
    }
  | {
      readonly kind: 'assessment';
      readonly event: RecordedEvent;
      readonly before: Assessment | null;
      readonly after: Assessment;
    }
  /** Something of the record has been erased: it is nowhere any more, at whatever state of knowledge. */
  | {
      readonly kind: 'redaction';
      readonly event: RecordedEvent;
      readonly before: null;
      readonly after: null;
    };

/** What each of these events did to its record. Records that began earlier are read from the log, not from rows. */
export async function recordChanges(
  events: readonly RecordedEvent[],
  { log, dossier }: Target,
): Promise<RecordChange[]> {
  const concerned = events.filter(
    ({ streamKind }) => streamKind === 'statement' || streamKind === 'assessment',
  );
  const [first] = concerned;
  if (first === undefined) return [];
  const begun = new Set(
    concerned.filter(({ streamVersion }) => streamVersion === 1).map(({ streamId }) => streamId),
  );
  const older = [...new Set(concerned.map(({ streamId }) => streamId).filter((id) => !begun.has(id)))];
  const past = older.length === 0 ? [] : await log.readStreams(dossier, older, first.sequence - 1);
  const states = new Map<string, Statement | Assessment>();
  for (const event of past) change(states, event);
  return concerned.flatMap((event) => change(states, event) ?? []);
}

/** Null: a record of whose beginning this code understands nothing. */
function change(states: Map<string, Statement | Assessment>, event: RecordedEvent): RecordChange | null {
  if (redactionIn(event) !== null) {
    states.delete(event.streamId);
    return { kind: 'redaction', event, before: null, after: null };
  }
  const before = states.get(event.streamId) ?? null;
  const made =
    event.streamKind === 'statement'
      ? statementChange(before as Statement | null, event) // holds: a stream holds one kind of record
      : assessmentChange(before as Assessment | null, event); // holds: as above
  if (made?.after) states.set(event.streamId, made.after);
  return made;
}

function statementChange(before: Statement | null, event: RecordedEvent): RecordChange | null {
  const after = evolveStatement(before, event);
  return after && { kind: 'statement', event, before, after };
}

function assessmentChange(before: Assessment | null, event: RecordedEvent): RecordChange | null {
  const after = evolveAssessment(before, event);
  return after && { kind: 'assessment', event, before, after };
}
