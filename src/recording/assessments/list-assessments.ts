import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { DataSource } from 'typeorm';
import { Dossiers } from '../../dossiers/dossiers.js';
import { Reading, type KnownInput } from '../../dossiers/reading.js';
import { DEFAULT_LIMIT, type Page } from '../../http/paging.js';
import { asKnown, pageInSaidOrder } from '../records/record-version.js';
import { STATEMENTS } from '../statements/statements-projection.js';
import { AssessmentLookup } from './assessment-lookup.js';
import { AssessmentVersion } from './assessment-version.entity.js';
import { viewAssessment, type AssessmentView } from './assessment-view.js';

/** The assessments of a dossier by the date that they are as of, as known. */
export class ListAssessments extends Query<Page<AssessmentView>> {
  constructor(
    readonly dossier: string,
    readonly voided: boolean,
    readonly known: KnownInput,
    readonly limit: number = DEFAULT_LIMIT,
    readonly cursor?: string | undefined,
  ) {
    super();
  }
}

export class ShowAssessment extends Query<AssessmentView> {
  constructor(
    readonly dossier: string,
    readonly assessment: string,
  ) {
    super();
  }
}

@QueryHandler(ListAssessments)
export class ListAssessmentsHandler implements IQueryHandler<ListAssessments> {
  constructor(
    private readonly reading: Reading,
    private readonly database: DataSource,
    private readonly lookup: AssessmentLookup,
  ) {}

  async execute({
    dossier: reference,
    voided,
    known,
    limit,
    cursor,
  }: ListAssessments): Promise<Page<AssessmentView>> {
    const view = await this.reading.view(reference, STATEMENTS, known);
    const rows = asKnown(this.database.getRepository(AssessmentVersion).createQueryBuilder('v'), view);
    if (!voided) rows.andWhere('NOT v.voided');
    const { items, next } = await pageInSaidOrder(rows, cursor, limit);
    const ids = items.map(({ assessment }) => assessment);
    const { id, cast } = view.dossier;
    const assessments = await this.lookup.asKnown(id, ids, view.known.sequence);
    return { items: assessments.map((each) => viewAssessment(each, cast)), next };
  }
}

@QueryHandler(ShowAssessment)
export class ShowAssessmentHandler implements IQueryHandler<ShowAssessment> {
  constructor(
    private readonly dossiers: Dossiers,
    private readonly lookup: AssessmentLookup,
  ) {}

  async execute({ dossier, assessment }: ShowAssessment): Promise<AssessmentView> {
    const { id, cast } = await this.dossiers.current(dossier);
    return viewAssessment(await this.lookup.require(id, assessment), cast);
  }
}
