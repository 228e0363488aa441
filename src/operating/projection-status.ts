import { DataSource } from 'typeorm';
import type { Projection } from '../ledger/projection.js';

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
  /** Builds that grow beside the served ones, and how much of their logs they have taken in (0 to 1). */
  readonly building: { readonly dossiers: number; readonly progress: number } | null;
}

interface Row {
  readonly name: string;
  readonly dossiers: string;
  readonly lag: string | null;
  readonly stopped: string;
  readonly building: string;
  readonly taken: string | null;
  readonly total: string | null;
}

/** An operator's view of the projections. It spans dossiers, so no request of a user asks for it. */
export class ProjectionStatus {
  constructor(
    private readonly database: DataSource,
    private readonly projections: readonly Projection[],
  ) {}

  async all(): Promise<ProjectionState[]> {
    const rows: Row[] = await this.database.query(
      `SELECT b.name, count(*) FILTER (WHERE b.status = 'live') AS dossiers,
              max(h.sequence - b.checkpoint) FILTER (WHERE b.status = 'live') AS lag,
              count(*) FILTER (WHERE b.status = 'live' AND b.failure IS NOT NULL) AS stopped,
              count(*) FILTER (WHERE b.status = 'building') AS building,
              sum(b.checkpoint) FILTER (WHERE b.status = 'building') AS taken,
              sum(h.sequence) FILTER (WHERE b.status = 'building') AS total
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
  return { dossiers: Number(row.building), progress: total === 0 ? 1 : Number(row.taken) / total };
}
