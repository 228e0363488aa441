import { validate as isUuid } from 'uuid';
import { isRedacted, type RedactedRecord } from '../../domain/redaction.js';
import { quote } from '../../domain/references.js';
import { gone, Rejection } from '../../domain/rejection.js';
import { foldStatement, type Statement } from '../../domain/statement.js';
import { pair, RecordsInLog } from '../../dossiers/records-in-log.js';
import type { EventLog } from '../../ledger/event-log.js';

export const STATEMENT = 'statement';

/** Statements read from the log itself: what a decision rests on must not come from a projection that may lag. */
export class StatementLookup {
  private readonly records: RecordsInLog<Statement>;

  constructor(private readonly log: EventLog) {
    this.records = new RecordsInLog(log, STATEMENT, foldStatement);
  }

  /** The statements that these ids or slugs mean, or what is left of them; a reference that means none is missing. */
  async find(
    dossier: string,
    references: readonly string[],
  ): Promise<Map<string, Statement | RedactedRecord>> {
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
    const statements = await this.records.find(dossier, [...new Set(ids.values())]);
    return new Map([...ids].flatMap(([reference, id]) => pair(reference, statements.get(id))));
  }

  async one(dossier: string, reference: string): Promise<Statement | RedactedRecord | null> {
    return (await this.find(dossier, [reference])).get(reference) ?? null;
  }

  /** Rejects with `not-found`, or with `redacted`. */
  async require(dossier: string, reference: string): Promise<Statement> {
    const statement = await this.requireAny(dossier, reference);
    if (isRedacted(statement)) throw gone(STATEMENT, statement);
    return statement;
  }

  /** The statement, or what is left of it. Rejects with `not-found`. */
  async requireAny(dossier: string, reference: string): Promise<Statement | RedactedRecord> {
    const statement = await this.one(dossier, reference);
    if (statement === null)
      throw new Rejection('not-found', `There is no statement ${quote(reference)} in this dossier.`);
    return statement;
  }

  /** The statements of these ids, in their order, as they stood at a sequence. */
  asKnown(dossier: string, ids: readonly string[], sequence: number): Promise<Statement[]> {
    return this.records.inOrder(dossier, ids, sequence);
  }
}
