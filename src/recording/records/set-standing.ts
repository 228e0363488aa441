import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Assessment } from '../../domain/assessment.js';
import type { Cast } from '../../domain/cast.js';
import { Rejection } from '../../domain/rejection.js';
import { RECORD_RESTORED, RECORD_VOIDED, type Standing, type Statement } from '../../domain/statement.js';
import { Dossiers } from '../../dossiers/dossiers.js';
import { ASSESSMENT, AssessmentLookup } from '../assessments/assessment-lookup.js';
import type { AssessmentReceipt } from '../assessments/assess-position.js';
import { viewAssessment } from '../assessments/assessment-view.js';
import { requireVersion, type ExpectedVersion } from '../../dossiers/expected-version.js';
import { SURROUNDINGS, type Surroundings } from '../../dossiers/surroundings.js';
import { nextEvent } from '../../dossiers/new-event.js';
import type { StatementReceipt } from '../statements/drafting.js';
import { STATEMENT, StatementLookup } from '../statements/statement-lookup.js';
import { viewStatement } from '../statements/statement-view.js';
import { Writer, type WriteContext } from '../../dossiers/write.js';

export type RecordKind = typeof STATEMENT | typeof ASSESSMENT;

export type RecordReceipt = StatementReceipt | AssessmentReceipt;

/** Takes a record out of account, or back into it: our record was wrong (or was not), the speaker did nothing. Nothing is deleted. */
export class SetStanding extends Command<RecordReceipt> {
  constructor(
    readonly to: Standing['status'],
    readonly dossier: string,
    readonly kind: RecordKind,
    readonly record: string,
    readonly reason: string,
    readonly expected: ExpectedVersion,
    readonly context: WriteContext,
  ) {
    super();
  }
}

@CommandHandler(SetStanding)
export class SetStandingHandler implements ICommandHandler<SetStanding> {
  constructor(
    private readonly dossiers: Dossiers,
    private readonly writer: Writer,
    private readonly statements: StatementLookup,
    private readonly assessments: AssessmentLookup,
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
  ) {}

  async execute({
    to,
    dossier,
    kind,
    record,
    reason,
    expected,
    context,
  }: SetStanding): Promise<RecordReceipt> {
    const { id } = await this.dossiers.current(dossier);
    return this.writer.write(id, context, async () => {
      const { cast } = await this.dossiers.current(id);
      const before = await this.find(kind, id, record);
      requireVersion(before.version, expected);
      if (before.standing.status === to) throw refusal(to, kind);
      const version = before.version + 1;
      const type = to === 'voided' ? RECORD_VOIDED : RECORD_RESTORED;
      const event = nextEvent(this.surroundings.newId, { kind, id: before.id, version }, type, { reason });
      const standing: Standing = to === 'voided' ? { status: to, reason } : { status: to };
      return { events: [event], answer: { ...view({ ...before, version, standing }, cast), sequence: 0 } };
    });
  }

  private find(kind: RecordKind, dossier: string, reference: string): Promise<Statement | Assessment> {
    return (kind === STATEMENT ? this.statements : this.assessments).require(dossier, reference);
  }
}

function refusal(to: Standing['status'], kind: RecordKind): Rejection {
  return to === 'voided'
    ? new Rejection('already-voided', `The ${kind} has been voided already.`)
    : new Rejection('not-voided', `The ${kind} has not been voided.`);
}

function view(record: Statement | Assessment, cast: Cast): RecordReceipt {
  return 'stated' in record ? viewStatement(record, cast) : viewAssessment(record, cast);
}
