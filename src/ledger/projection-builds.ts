import type { DataSource, EntityManager } from 'typeorm';
import { MANNERS } from './pace.js';
import type { Build, Failure, Projection } from './projection.js';

interface BuildRow {
  readonly build: number;
  readonly version: number;
  readonly status: 'live' | 'building';
  readonly checkpoint: string;
  readonly failure: Failure | null;
  readonly incomplete: boolean;
  readonly changed_at: Date;
}

/** Milliseconds until a projection that stopped at an event is tried again. */
export const RETRY = 10_000;

/**
 * Milliseconds, beyond those for which a projection may make way for appends (Pace), after which others take up a build that is behind: whoever
 * had it in hand was killed.
 */
const LEFT = 1_000;

/** A build that may be cleared: nobody can still be reading it after this many milliseconds. */
const GRACE = 60_000;

/** The book of builds: which rows of a projection are served, which grow beside them, and how far each has come. */
export class ProjectionBuilds {
  constructor(
    private readonly database: DataSource | EntityManager,
    private readonly now: () => string,
  ) {}

  /** The builds of a projection that are served or growing, the served one first. Opens the first one, and one beside an outdated one. */
  async open(dossier: string, projection: Projection): Promise<Build[]> {
    const builds = await this.list(dossier, projection);
    const newest = Math.max(0, ...builds.map(({ version }) => version));
    if (newest >= projection.version) return builds;
    await this.start(dossier, projection, builds.length === 0 ? 'live' : 'building');
    return this.list(dossier, projection);
  }

  /** Begins a build from sequence 1; does nothing while one is growing already. */
  async start(
    dossier: string,
    { name, version }: Projection,
    status: 'live' | 'building' = 'building',
  ): Promise<void> {
    await this.database.query(
      `INSERT INTO projection_build (dossier_id, name, build, version, status, changed_at)
       SELECT $1, $2, coalesce(max(build), 0) + 1, $3, $4, $5 FROM projection_build WHERE dossier_id = $1 AND name = $2
       ON CONFLICT DO NOTHING`,
      [dossier, name, version, status, this.now()],
    );
  }

  /** Ends a build that is growing; what is served stays as it is. False: there is none. */
  async cancel(dossier: string, { name }: Projection): Promise<boolean> {
    const [, changed] = await this.database.query(
      `UPDATE projection_build SET status = 'retired', changed_at = $3 WHERE dossier_id = $1 AND name = $2 AND status = 'building'`,
      [dossier, name, this.now()],
    );
    return changed === 1;
  }

  /** The checkpoint of a build of this version, locked until the transaction ends; null if another process has it in hand or it has been retired. */
  async lock(dossier: string, { name, version }: Projection, build: number): Promise<number | null> {
    const rows: { checkpoint: string }[] = await this.database.query(
      `SELECT checkpoint FROM projection_build
        WHERE dossier_id = $1 AND name = $2 AND build = $3 AND version = $4 AND status <> 'retired' FOR UPDATE SKIP LOCKED`,
      [dossier, name, build, version],
    );
    return rows[0] === undefined ? null : Number(rows[0].checkpoint);
  }

  /** Moves a checkpoint on; false if it is no longer where the caller found it: then what the caller read has been written by somebody else. */
  async advance(
    dossier: string,
    { name }: Projection,
    build: number,
    from: number,
    to: number,
  ): Promise<boolean> {
    const [, changed] = await this.database.query(
      `UPDATE projection_build SET checkpoint = $5, failure = NULL, changed_at = $6 WHERE dossier_id = $1 AND name = $2 AND build = $3 AND checkpoint = $4`,
      [dossier, name, build, from, to, this.now()],
    );
    return changed === 1;
  }

  async fail(dossier: string, { name }: Projection, build: number, failure: Failure): Promise<void> {
    await this.database.query(
      'UPDATE projection_build SET failure = $4, changed_at = $5 WHERE dossier_id = $1 AND name = $2 AND build = $3',
      [dossier, name, build, JSON.stringify(failure), this.now()],
    );
    await this.bury(dossier, name, build, failure);
  }

  /** Keeps account of an event that a projection could not use. */
  async bury(
    dossier: string,
    name: string,
    build: number,
    { sequence, type, error }: Failure,
  ): Promise<void> {
    await this.database.query(
      `INSERT INTO dead_letter (dossier_id, projection, build, sequence, type, error, noticed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT DO NOTHING`,
      [dossier, name, build, sequence, type, error, this.now()],
    );
  }

  /** Serves a build that has caught up instead of the one before. Call it in a transaction. */
  async serve(dossier: string, { name }: Projection, build: number): Promise<void> {
    const values = [dossier, name, this.now(), build];
    await this.database.query(
      `UPDATE projection_build SET status = 'retired', changed_at = $3 WHERE dossier_id = $1 AND name = $2 AND status = 'live' AND build <> $4`,
      values,
    );
    await this.database.query(
      `UPDATE projection_build SET status = 'live', changed_at = $3 WHERE dossier_id = $1 AND name = $2 AND build = $4 AND status = 'building'`,
      values,
    );
  }

  /** Builds retired so long ago that they can be cleared. */
  async expired(names: readonly string[]): Promise<{ dossier: string; name: string; build: number }[]> {
    return this.database.query(
      `SELECT dossier_id AS dossier, name, build FROM projection_build WHERE status = 'retired' AND changed_at < $1 AND name = ANY($2) LIMIT 10`,
      [this.longAgo(GRACE), names],
    );
  }

  async forget(dossier: string, name: string, build: number): Promise<void> {
    const values = [dossier, name, build];
    await this.database.query(
      'DELETE FROM dead_letter WHERE dossier_id = $1 AND projection = $2 AND build = $3',
      values,
    );
    await this.database.query(
      'DELETE FROM projection_build WHERE dossier_id = $1 AND name = $2 AND build = $3',
      values,
    );
  }

  /** Dossiers in which a build of the projection grows. */
  async growing({ name }: Projection): Promise<string[]> {
    const rows: { dossier: string }[] = await this.database.query(
      `SELECT dossier_id AS dossier FROM projection_build WHERE name = $1 AND status = 'building'`,
      [name],
    );
    return rows.map(({ dossier }) => dossier);
  }

  /** Dossiers in which one of these projections has something to do that it is not doing: behind, growing, stopped a while ago, or outdated. */
  async waiting(projections: readonly Projection[]): Promise<string[]> {
    const rows: { dossier: string }[] = await this.database.query(
      `SELECT DISTINCT b.dossier_id AS dossier
         FROM projection_build b JOIN dossier_head h USING (dossier_id)
              JOIN unnest($2::text[], $3::integer[], $4::timestamptz[]) AS p(name, version, unmoved) ON p.name = b.name
        WHERE (b.version = p.version AND (b.status = 'building' OR (b.status = 'live' AND b.checkpoint < h.sequence AND b.changed_at < p.unmoved))
               AND (b.failure IS NULL OR b.changed_at < $1))
           OR (b.version < p.version AND b.status = 'live' AND NOT EXISTS (
                 SELECT FROM projection_build n WHERE n.dossier_id = b.dossier_id AND n.name = b.name AND n.version >= p.version AND n.status <> 'retired'))
        LIMIT 100`,
      [
        this.longAgo(RETRY),
        projections.map(({ name }) => name),
        projections.map(({ version }) => version),
        projections.map(({ manners }) => this.longAgo((manners?.leeway ?? MANNERS.leeway) + LEFT)),
      ],
    );
    return rows.map(({ dossier }) => dossier);
  }

  private longAgo(milliseconds: number): string {
    return new Date(Date.parse(this.now()) - milliseconds).toISOString();
  }

  private async list(dossier: string, { name }: Projection): Promise<Build[]> {
    const rows: BuildRow[] = await this.database.query(
      `SELECT b.build, b.version, b.status, b.checkpoint, b.failure, b.changed_at, EXISTS (
                SELECT FROM dead_letter d WHERE d.dossier_id = $1 AND d.projection = $2 AND d.build = b.build) AS incomplete
         FROM projection_build b WHERE b.dossier_id = $1 AND b.name = $2 AND b.status <> 'retired' ORDER BY b.status DESC`,
      [dossier, name],
    );
    return rows.map(({ changed_at, incomplete, ...row }) => ({
      ...row,
      checkpoint: Number(row.checkpoint),
      changedAt: changed_at,
      isIncomplete: incomplete,
    }));
  }
}
