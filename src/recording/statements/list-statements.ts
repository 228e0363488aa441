import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { DataSource, type SelectQueryBuilder } from 'typeorm';
import type { Cast, ThingKind } from '../../domain/cast.js';
import { References } from '../../domain/references.js';
import { rejectIfAny } from '../../domain/rejection.js';
import { Reading, type KnownInput, type View } from '../../dossiers/reading.js';
import { DEFAULT_LIMIT, type Page } from '../../http/paging.js';
import { asKnown, pageInSaidOrder } from '../records/record-version.js';
import { textSearchConfiguration } from './full-text.js';
import { StatementVersion } from './statement-version.entity.js';
import { viewStatement, type StatementView } from './statement-view.js';
import { STATEMENTS } from './statements-projection.js';

/** Which statements, by references as a client gives them; `from` and `to` are RFC 3339 instants of said-time, both included. */
export interface StatementFilter {
  readonly party?: string | undefined;
  readonly speaker?: string | undefined;
  readonly topic?: string | undefined;
  readonly source?: string | undefined;
  readonly act?: string | undefined;
  readonly recorder?: string | undefined;
  readonly refersTo?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly q?: string | undefined;
  readonly language?: string | undefined;
  readonly voided: boolean;
}

export class ListStatements extends Query<Page<StatementView>> {
  constructor(
    readonly dossier: string,
    readonly filter: StatementFilter,
    readonly known: KnownInput,
    readonly limit: number = DEFAULT_LIMIT,
    readonly cursor?: string | undefined,
  ) {
    super();
  }
}

/** Statements in said-order, as known. */
@QueryHandler(ListStatements)
export class ListStatementsHandler implements IQueryHandler<ListStatements> {
  constructor(
    private readonly reading: Reading,
    private readonly database: DataSource,
  ) {}

  async execute({ dossier, filter, known, limit, cursor }: ListStatements): Promise<Page<StatementView>> {
    const view = await this.reading.view(dossier, STATEMENTS, known);
    const { cast } = view.dossier;
    const rows = versionsKnown(this.database, view);
    narrow(rows, filter, cast);
    return pageInSaidOrder(rows, cursor, limit, ({ state }) => viewStatement(state, cast));
  }
}

/** The versions of a dossier's statements that held at what is known. */
export function versionsKnown(database: DataSource, view: View): SelectQueryBuilder<StatementVersion> {
  return asKnown(database.getRepository(StatementVersion).createQueryBuilder('v'), view);
}

const THINGS = ['party', 'speaker', 'topic', 'source'] as const satisfies readonly ThingKind[];

function narrow(rows: SelectQueryBuilder<StatementVersion>, filter: StatementFilter, cast: Cast): void {
  const references = new References(cast);
  for (const kind of THINGS) equal(rows, kind, references.id(kind, kind, filter[kind]));
  rejectIfAny(references.findings);
  equal(rows, 'act', filter.act);
  equal(rows, 'recordedBy', filter.recorder);
  equal(rows, 'refersTo', filter.refersTo);
  if (!filter.voided) rows.andWhere('NOT v.voided');
  if (filter.from !== undefined) rows.andWhere('v.said >= :from', { from: filter.from });
  if (filter.to !== undefined) rows.andWhere('v.said <= :to', { to: filter.to });
  if (filter.q !== undefined) search(rows, filter.q, textSearchConfiguration(filter.language ?? null));
}

function equal(
  rows: SelectQueryBuilder<StatementVersion>,
  column: string,
  value: string | null | undefined,
): void {
  if (value !== null && value !== undefined) rows.andWhere(`v.${column} = :${column}`, { [column]: value });
}

/** Words as they stand, or as the stems of a language. */
function search(rows: SelectQueryBuilder<StatementVersion>, q: string, configuration: string): void {
  rows.andWhere(
    `v.words @@ (websearch_to_tsquery('simple', :q) || websearch_to_tsquery(:configuration::regconfig, :q))`,
    { q, configuration },
  );
}
