import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { DataSource, type SelectQueryBuilder } from 'typeorm';
import type { Cast, ThingKind } from '../../domain/cast.js';
import { References } from '../../domain/references.js';
import { rejectIfAny } from '../../domain/rejection.js';
import { Reading, type KnownInput, type View } from '../../dossiers/reading.js';
import { DEFAULT_LIMIT, type Page } from '../../http/paging.js';
import { asKnown, pageInSaidOrder } from '../records/record-version.js';
import { textSearchConfiguration } from './full-text.js';
import { StatementLookup } from './statement-lookup.js';
import { StatementVersion } from './statement-version.entity.js';
import { viewStatement, type StatementView } from './statement-view.js';
import { STATEMENTS } from './statements-projection.js';
import { WORDS } from './words-projection.js';

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
    private readonly lookup: StatementLookup,
  ) {}

  async execute({ dossier, filter, known, limit, cursor }: ListStatements): Promise<Page<StatementView>> {
    const view = await this.reading.view(dossier, STATEMENTS, known);
    const { cast } = view.dossier;
    const rows = versionsKnown(this.database, view);
    narrow(rows, filter, cast);
    if (filter.q !== undefined) await this.search(rows, filter.q, filter.language, view);
    return viewPage(await pageInSaidOrder(rows, cursor, limit), view, this.lookup);
  }

  /** Words as they stand, or as the stems of a language. */
  private async search(
    rows: SelectQueryBuilder<StatementVersion>,
    q: string,
    language: string | undefined,
    { dossier, known }: View,
  ): Promise<void> {
    const { build } = await this.reading.view(dossier.id, WORDS, { sequence: known.sequence });
    // `IS TRUE` keeps the planner from joining: on tables that it takes for empty it would search all words anew for each statement.
    rows.andWhere(
      `(v.statement_id IN (SELECT w.statement_id FROM statement_words w WHERE w.dossier_id = :dossier AND w.build = :words
                  AND w.known_from <= :known AND (w.known_to IS NULL OR w.known_to > :known)
                  AND w.words @@ (websearch_to_tsquery('simple', :q) || websearch_to_tsquery(:configuration::regconfig, :q)))) IS TRUE`,
      { q, configuration: textSearchConfiguration(language ?? null), words: build },
    );
  }
}

/** A page of rows as the statements that the log holds. */
export async function viewPage(
  { items, next }: Page<StatementVersion>,
  { dossier, known }: View,
  lookup: StatementLookup,
): Promise<Page<StatementView>> {
  const ids = items.map(({ statement }) => statement);
  const statements = await lookup.asKnown(dossier.id, ids, known.sequence);
  return { items: statements.map((each) => viewStatement(each, dossier.cast)), next };
}

/** The versions of a dossier's statements that held at what is known. */
export function versionsKnown(database: DataSource, view: View): SelectQueryBuilder<StatementVersion> {
  return asKnown(database.getRepository(StatementVersion).createQueryBuilder('v'), view);
}

const THINGS = ['party', 'speaker', 'topic', 'source'] as const satisfies readonly ThingKind[];

/** Narrows to what a filter asks for. Rejects with `unknown-reference` and the like. */
export function narrow(
  rows: SelectQueryBuilder<StatementVersion>,
  filter: StatementFilter,
  cast: Cast,
): void {
  const references = new References(cast);
  for (const kind of THINGS) equal(rows, kind, references.id(kind, kind, filter[kind]));
  rejectIfAny(references.findings);
  equal(rows, 'act', filter.act);
  equal(rows, 'recordedBy', filter.recorder);
  equal(rows, 'refersTo', filter.refersTo);
  if (!filter.voided) rows.andWhere('NOT v.voided');
  if (filter.from !== undefined) rows.andWhere('v.said >= :from', { from: filter.from });
  if (filter.to !== undefined) rows.andWhere('v.said <= :to', { to: filter.to });
}

function equal(
  rows: SelectQueryBuilder<StatementVersion>,
  column: string,
  value: string | null | undefined,
): void {
  if (value !== null && value !== undefined) rows.andWhere(`v.${column} = :${column}`, { [column]: value });
}
