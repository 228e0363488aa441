import { validate as isUuid } from 'uuid';
import { quote } from '../../domain/references.js';
import { Rejection } from '../../domain/rejection.js';
import { foldStatement, type Statement } from '../../domain/statement.js';
import type { RecordedEvent } from '../../ledger/event.js';
import type { EventLog } from '../../ledger/event-log.js';

export const STATEMENT = 'statement';

/** Statements read from the log itself: what a decision rests on must not come from a projection that may lag. */
export class StatementLookup {
  constructor(private readonly log: EventLog) {}

  /** The statements that these ids or slugs mean; a reference that means none is missing. */
  async find(dossier: string, references: readonly string[]): Promise<Map<string, Statement>> {
    const wanted = [...new Set(references)];
    if (wanted.length === 0) return new Map();
    const slugs = wanted.filter((reference) => !isUuid(reference));
    const claimed = await this.log.claimed(
      dossier,
      slugs.map((slug) => `${STATEMENT}/${slug}`),
    );
    const ids = new Map(
      wanted.flatMap((each) =>
        pair(each, isUuid(each) ? each.toLowerCase() : claimed.get(`${STATEMENT}/${each}`)),
      ),
    );
    const statements = await this.statements(dossier, [...new Set(ids.values())]);
    return new Map([...ids].flatMap(([reference, id]) => pair(reference, statements.get(id))));
  }

  async one(dossier: string, reference: string): Promise<Statement | null> {
    return (await this.find(dossier, [reference])).get(reference) ?? null;
  }

  /** Rejects with `not-found`. */
  async require(dossier: string, reference: string): Promise<Statement> {
    const statement = await this.one(dossier, reference);
    if (statement === null)
      throw new Rejection('not-found', `There is no statement ${quote(reference)} in this dossier.`);
    return statement;
  }

  private async statements(dossier: string, ids: readonly string[]): Promise<Map<string, Statement>> {
    if (ids.length === 0) return new Map();
    const streams = byStream(
      (await this.log.readStreams(dossier, ids)).filter(({ streamKind }) => streamKind === STATEMENT),
    );
    return new Map([...streams].flatMap(([id, events]) => pair(id, foldStatement(events))));
  }
}

/** Events by the stream that they belong to, each stream's in order. */
export function byStream(events: readonly RecordedEvent[]): Map<string, RecordedEvent[]> {
  const streams = new Map<string, RecordedEvent[]>();
  for (const event of events) {
    const stream = streams.get(event.streamId);
    if (stream === undefined) streams.set(event.streamId, [event]);
    else stream.push(event);
  }
  return streams;
}

function pair<Value>(key: string, value: Value | null | undefined): [string, Value][] {
  return value === null || value === undefined ? [] : [[key, value]];
}
