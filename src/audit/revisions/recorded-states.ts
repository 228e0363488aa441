import { Cast, type Source } from '../../domain/cast.js';
import { takeIntoCast } from '../../domain/set-up.js';
import { evolveAssessment, type Assessment } from '../../domain/assessment.js';
import { evolveStatement, type Statement } from '../../domain/statement.js';
import type { RecordedEvent } from '../../ledger/event.js';
import type { EventLog } from '../../ledger/event-log.js';
import type { Step } from './steps.js';

/** An event about a record, the record as the event left it, and its source as it stood then. */
export interface RecordedState {
  readonly event: RecordedEvent;
  readonly record: Statement | Assessment;
  readonly source: Source | null;
}

/** What the log says of each of these steps. One whose event this code does not understand is not among the answers. */
export async function recordedStates(
  log: EventLog,
  dossier: string,
  steps: readonly Step[],
): Promise<Map<number, RecordedState>> {
  const last = Math.max(0, ...steps.map(({ sequence }) => sequence));
  const wanted = new Set(steps.map(({ sequence }) => sequence));
  const events = await read(
    log,
    dossier,
    steps.map(({ record }) => record),
    last,
  );
  const states: Omit<RecordedState, 'source'>[] = [];
  const records = new Map<string, Statement | Assessment>();
  for (const event of events) {
    const record = evolved(records.get(event.streamId) ?? null, event);
    if (record === null) continue;
    records.set(event.streamId, record);
    if (wanted.has(event.sequence) && event.obscure === null) states.push({ event, record });
  }
  return withSources(log, dossier, states, last);
}

/** Sources are followed through the log together with what refers to them. */
async function withSources(
  log: EventLog,
  dossier: string,
  states: readonly Omit<RecordedState, 'source'>[],
  upTo: number,
): Promise<Map<number, RecordedState>> {
  const ids = states.flatMap(({ record }) => sourceOf(record) ?? []);
  const changes = await read(log, dossier, ids, upTo);
  const cast = new Cast();
  let taken = 0;
  return new Map(
    states.map((state) => {
      const { sequence } = state.event;
      for (
        let next = changes[taken];
        next !== undefined && next.sequence <= sequence;
        next = changes[++taken]
      )
        takeIntoCast(cast, next);
      const id = sourceOf(state.record);
      return [sequence, { ...state, source: id === null ? null : (cast.source.byId(id) ?? null) }];
    }),
  );
}

/** The events of some streams, all in the order of the log. */
async function read(
  log: EventLog,
  dossier: string,
  streams: readonly string[],
  upTo: number,
): Promise<RecordedEvent[]> {
  if (streams.length === 0) return [];
  const events = await log.readStreams(dossier, [...new Set(streams)], upTo);
  return events.toSorted((one, other) => one.sequence - other.sequence);
}

function evolved(before: Statement | Assessment | null, event: RecordedEvent): Statement | Assessment | null {
  return event.streamKind === 'statement'
    ? evolveStatement(before as Statement | null, event) // holds: a stream holds one kind of record
    : evolveAssessment(before as Assessment | null, event); // holds: as above
}

function sourceOf(record: Statement | Assessment): string | null {
  return 'stated' in record ? record.stated.source : null;
}
