import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { decideCorrection, type StatementChanges } from '../../domain/record-statement.js';
import { isRedacted, type RedactedRecord } from '../../domain/redaction.js';
import { Rejection } from '../../domain/rejection.js';
import {
  differences,
  RECORD_CORRECTED,
  type RecordCorrected,
  type Stated,
  type Statement,
} from '../../domain/statement.js';
import type { DossierState } from '../../dossiers/casts.js';
import { Dossiers } from '../../dossiers/dossiers.js';
import { requireVersion, type ExpectedVersion } from '../../dossiers/expected-version.js';
import { SURROUNDINGS, type Surroundings } from '../../dossiers/surroundings.js';
import { nextEvent } from '../../dossiers/new-event.js';
import { Writer, type Decision, type WriteContext } from '../../dossiers/write.js';
import type { StatementReceipt } from './drafting.js';
import { SourceTexts } from './source-texts.js';
import { STATEMENT, StatementLookup } from './statement-lookup.js';
import { viewStatement } from './statement-view.js';

export class CorrectStatement extends Command<StatementReceipt> {
  constructor(
    readonly dossier: string,
    readonly statement: string,
    readonly changes: StatementChanges,
    readonly reason: string,
    readonly expected: ExpectedVersion,
    readonly context: WriteContext,
  ) {
    super();
  }
}

/** Corrects our record of a statement: the speaker did not move. */
@CommandHandler(CorrectStatement)
export class CorrectStatementHandler implements ICommandHandler<CorrectStatement> {
  constructor(
    private readonly dossiers: Dossiers,
    private readonly writer: Writer,
    private readonly lookup: StatementLookup,
    private readonly texts: SourceTexts,
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
  ) {}

  async execute(command: CorrectStatement): Promise<StatementReceipt> {
    const { id } = await this.dossiers.current(command.dossier);
    return this.writer.write(id, command.context, async () => {
      const dossier = await this.dossiers.current(id);
      const statement = await this.lookup.require(id, command.statement);
      requireVersion(statement.version, command.expected);
      return this.decide(dossier, statement, command);
    });
  }

  private async decide(
    { id, cast }: DossierState,
    statement: Statement,
    { changes, reason }: CorrectStatement,
  ): Promise<Decision<StatementReceipt>> {
    const refersTo = changes.refersTo === undefined ? statement.stated.refersTo : changes.refersTo;
    const referred = refersTo ? await this.lookup.one(id, refersTo) : null;
    const above =
      refersTo === statement.stated.refersTo ? [referred] : await this.chain(id, statement, referred);
    const { stated, resolved } = decideCorrection(statement, changes, { cast, referred });
    const moved =
      stated.source !== statement.stated.source ||
      JSON.stringify(stated.passage) !== JSON.stringify(statement.stated.passage);
    const anchor = moved ? await this.texts.locate(id, cast, stated) : statement.anchor;
    const data: RecordCorrected<Stated> = {
      changes: differences(statement.stated, stated),
      reason,
      resolved,
      anchor,
    };
    const version = statement.version + 1;
    const event = nextEvent(
      this.surroundings.newId,
      { kind: STATEMENT, id: statement.id, version },
      RECORD_CORRECTED,
      data,
    );
    const after: Statement = { ...statement, version, stated, resolved, anchor };
    const guards = above.flatMap((each) =>
      each === null || each.id === statement.id ? [] : [{ streamId: each.id, version: each.version }],
    );
    return { events: [event], guards, answer: { ...viewStatement(after, cast), sequence: 0 } };
  }

  /**
   * The statement referred to, the one that it refers to, and so on. Replies form trees: a statement cannot come to answer one that answers
   * it, directly or through others; and as any of them may be corrected at the same time, the decision rests on them all.
   */
  private async chain(
    dossier: string,
    statement: Statement,
    referred: Statement | RedactedRecord | null,
  ): Promise<(Statement | RedactedRecord)[]> {
    const chain: (Statement | RedactedRecord)[] = [];
    for (let above = referred; above !== null; above = await this.above(dossier, above)) {
      if (above.id === statement.id) {
        const message = 'a statement cannot answer itself, nor one that answers it';
        throw new Rejection('wrong-reference', message, [{ path: 'changes.refersTo', message }]);
      }
      if (chain.some(({ id }) => id === above?.id)) break; // recorded when races were possible
      chain.push(above);
    }
    return chain;
  }

  /** Null where it refers to none, or where nobody knows any more. */
  private async above(
    dossier: string,
    statement: Statement | RedactedRecord,
  ): Promise<Statement | RedactedRecord | null> {
    const refersTo = isRedacted(statement) ? null : statement.stated.refersTo;
    return refersTo === null ? null : this.lookup.one(dossier, refersTo);
  }
}
