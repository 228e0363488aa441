import { DataSource } from 'typeorm';
import type { Projection } from '../ledger/projection.js';
import { PATIENCE } from '../ledger/projection-runner.js';

/** How far a projection has come over all dossiers. */
export interface ProjectionState {
  readonly name: string;
  readonly version: number;
  readonly dossiers: number;
  /** Events that its slowest dossier is behind. */
  readonly lag: number;
  /** Dossiers in which it has stopped at an event. */
  readonly stopped: number;
  readonly deadLetters: number;
  /** Builds that grow beside the served ones, how much of their logs they have taken in (0 to 1), and how many have stopped at an event. */
  readonly building: {
    readonly dossiers: number;
    readonly progress: number;
    readonly stopped: number;
  } | null;
}

interface Row {
  readonly name: string;
  readonly dossiers: string;
  readonly lag: string | null;
  readonly stopped: string;
  readonly building: string;
  readonly taken: string | null;
  readonly total: string | null;
  readonly failed: string;
}

/** An operator's view of the projections. It spans dossiers, so no request of a user asks for it. */
export class ProjectionStatus {
  constructor(
    private readonly database: DataSource,
    private readonly projections: readonly Projection[],
    private readonly now: () => string,
  ) {}

  async all(): Promise<ProjectionState[]> {
    const rows: Row[] = await this.database.query(
      `SELECT b.name, count(*) FILTER (WHERE b.status = 'live') AS dossiers,
              max(h.sequence - b.checkpoint) FILTER (WHERE b.status = 'live') AS lag,
              count(*) FILTER (WHERE b.status = 'live' AND b.failure IS NOT NULL) AS stopped,
              count(*) FILTER (WHERE b.status = 'building') AS building,
              sum(b.checkpoint) FILTER (WHERE b.status = 'building') AS taken,
              sum(h.sequence) FILTER (WHERE b.status = 'building') AS total,
              count(*) FILTER (WHERE b.status = 'building' AND b.failure IS NOT NULL) AS failed
         FROM projection_build b JOIN dossier_head h USING (dossier_id) GROUP BY b.name`,
    );
    const letters: { name: string; count: string }[] = await this.database.query(
      'SELECT projection AS name, count(*) AS count FROM dead_letter GROUP BY projection',
    );
    return this.projections.map(({ name, version }) => {
      const row = rows.find((each) => each.name === name);
      const dead = letters.find((each) => each.name === name);
      return {
        name,
        version,
        ...counts(row),
        deadLetters: Number(dead?.count ?? 0),
        building: buildingOf(row),
      };
    });
  }

  /** Served builds that nobody has brought up to what was recorded longer ago than a reader waits, beyond what they may lag unread. */
  async late(): Promise<{ name: string; dossiers: number }[]> {
    const rows: { name: string; dossiers: string }[] = await this.database.query(
      `SELECT b.name, count(*) AS dossiers
         FROM projection_build b JOIN dossier_head h USING (dossier_id)
              JOIN event e ON e.dossier_id = b.dossier_id AND e.sequence = b.checkpoint + 1
              JOIN unnest($1::text[], $2::timestamptz[]) AS p(name, due) ON p.name = b.name
        WHERE b.status = 'live' AND b.failure IS NULL AND b.checkpoint < h.sequence AND e.recorded_at < p.due GROUP BY b.name`,
      [
        this.projections.map(({ name }) => name),
        this.projections.map(({ manners: { leeway = 0 } = {} }) =>
          new Date(Date.parse(this.now()) - leeway - PATIENCE).toISOString(),
        ),
      ],
    );
    return rows.map(({ name, dossiers }) => ({ name, dossiers: Number(dossiers) }));
  }

  async stopped(): Promise<{ name: string; dossiers: number }[]> {
    const rows: { name: string; dossiers: string }[] = await this.database.query(
      `SELECT name, count(*) AS dossiers FROM projection_build WHERE status = 'live' AND failure IS NOT NULL GROUP BY name`,
    );
    return rows.map(({ name, dossiers }) => ({ name, dossiers: Number(dossiers) }));
  }
}

function counts(row: Row | undefined): { dossiers: number; lag: number; stopped: number } {
  return {
    dossiers: Number(row?.dossiers ?? 0),
    lag: Number(row?.lag ?? 0),
    stopped: Number(row?.stopped ?? 0),
  };
}

function buildingOf(row: Row | undefined): ProjectionState['building'] {
  if (row === undefined || Number(row.building) === 0) return null;
  const total = Number(row.total);
  return {
    dossiers: Number(row.building),
    progress: total === 0 ? 1 : Number(row.taken) / total,
    stopped: Number(row.failed),
  };
}
