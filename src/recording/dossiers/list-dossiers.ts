import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { DataSource } from 'typeorm';
import { ACCESS_LOG } from '../../dossiers/access-log-id.js';
import type { DossierState } from '../../dossiers/casts.js';
import { Reading } from '../../dossiers/reading.js';
import type { DossierOpened } from '../../domain/set-up.js';
import { pageOf, readCursor, type Page } from '../../http/paging.js';
import { EventLog } from '../../ledger/event-log.js';
import { STATEMENTS } from '../statements/statements-projection.js';

export interface DossierView extends DossierOpened {
  readonly id: string;
  readonly openedAt: string;
  /** Of the last event. */
  readonly sequence: number;
  readonly counts: {
    readonly parties: number;
    readonly speakers: number;
    readonly topics: number;
    readonly sources: number;
    readonly statements: number;
  };
}

/** Dossiers in the order in which they were opened: all, or those among these ids. */
export class ListDossiers extends Query<Page<DossierView>> {
  constructor(
    readonly limit: number,
    readonly cursor: string | undefined,
    readonly among: readonly string[] | null,
  ) {
    super();
  }
}

export class ShowDossier extends Query<DossierView> {
  constructor(readonly dossier: string) {
    super();
  }
}

/** Describes a dossier: what its first event says, and how much is in it. Voided statements are counted: they are in the log. */
export class DossierDescriptions {
  constructor(
    private readonly reading: Reading,
    private readonly log: EventLog,
    private readonly database: DataSource,
  ) {}

  async of(reference: string): Promise<DossierView> {
    const { dossier, build } = await this.reading.view(reference, STATEMENTS, undefined);
    const [[opened], statements] = await Promise.all([
      this.log.read(dossier.id, 0, 1),
      this.statements(dossier, build),
    ]);
    if (opened === undefined) throw new Error(`Dossier ${dossier.id} has no first event.`);
    const { slug, title, description } =
      opened.obscure === null && opened.redacted === null
        ? (opened.data as DossierOpened) // holds: every log begins with DossierOpened
        : { slug: null, title: 'unknown', description: null };
    const { party, speaker, topic, source } = dossier.cast;
    const counts = {
      parties: party.size,
      speakers: speaker.size,
      topics: topic.size,
      sources: source.size,
      statements,
    };
    return {
      id: dossier.id,
      slug,
      title,
      description,
      openedAt: opened.recordedAt,
      sequence: dossier.head.sequence,
      counts,
    };
  }

  private async statements({ id }: DossierState, build: number): Promise<number> {
    const rows: { statements: string }[] = await this.database.query(
      'SELECT statements FROM statement_count WHERE dossier_id = $1 AND build = $2',
      [id, build],
    );
    return Number(rows[0]?.statements ?? 0);
  }
}

@QueryHandler(ListDossiers)
export class ListDossiersHandler implements IQueryHandler<ListDossiers> {
  constructor(
    private readonly descriptions: DossierDescriptions,
    private readonly database: DataSource,
  ) {}

  /** Ids are UUIDv7, so their order is that of opening; the log of access has the first of all. */
  async execute({ limit, cursor, among }: ListDossiers): Promise<Page<DossierView>> {
    const [after] = readCursor(cursor, ['uuid']) ?? [ACCESS_LOG];
    const rows: { id: string }[] = await this.database.query(
      `SELECT dossier_id AS id FROM dossier_head
        WHERE sequence > 0 AND dossier_id > $1 AND ($3::uuid[] IS NULL OR dossier_id = ANY($3)) ORDER BY dossier_id LIMIT $2`,
      [after < ACCESS_LOG ? ACCESS_LOG : after, limit + 1, among],
    );
    const { items, next } = pageOf(
      rows,
      limit,
      ({ id }) => [id],
      ({ id }) => id,
    );
    return { items: await Promise.all(items.map((id) => this.descriptions.of(id))), next };
  }
}

@QueryHandler(ShowDossier)
export class ShowDossierHandler implements IQueryHandler<ShowDossier> {
  constructor(private readonly descriptions: DossierDescriptions) {}

  execute({ dossier }: ShowDossier): Promise<DossierView> {
    return this.descriptions.of(dossier);
  }
}
