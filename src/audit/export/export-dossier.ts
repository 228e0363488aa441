import { createHash } from 'node:crypto';
import { Query, QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import canonicalize from 'canonicalize';
import pg from 'pg';
import { Dossiers } from '../../dossiers/dossiers.js';
import {
  ServedHistories,
  type ServedHistoriesPage,
  type ServedPair,
} from '../../dossiers/served-histories.js';
import { Rejection } from '../../domain/rejection.js';
import { EventLog } from '../../ledger/event-log.js';
import { ProjectionBehind, ProjectionStopped } from '../../ledger/projection.js';
import { CheckpointKeeper } from '../../ledger/proof/checkpoint-keeper.js';
import { originOf, type Checkpoint } from '../../ledger/proof/checkpoint.js';
import { Checkpoints } from '../../ledger/proof/checkpoints.js';
import { verifierKeyOf } from '../../ledger/proof/keys.js';
import { verifierKeyText } from '../../ledger/proof/note.js';
import { SigningRefused } from '../../ledger/proof/signer.js';
import { LedgerDamaged } from '../../ledger/proof/stored-tree.js';
import { ExportedLog } from './exported-log.js';
import { claimLines, keptAnswerLines } from './exported-names.js';

/** Pairs whose histories are read at a time, with all their entries. */
const HISTORIES = 20;

interface HeadRow {
  readonly sequence: string;
  readonly recorded_at: Date;
  readonly beyond: boolean;
}

/** A dossier as it was at a size that was signed. The lines can be read once. */
export interface Exported {
  readonly dossier: string;
  readonly size: number;
  readonly chunks: AsyncGenerator<Buffer, void, void>;
}

/** Asks for a whole dossier in the form of docs/proof.md. `may` is asked again and again while it is read. */
export class ExportDossier extends Query<Exported> {
  constructor(
    readonly dossier: string,
    readonly may: () => boolean,
  ) {
    super();
  }
}

@QueryHandler(ExportDossier)
export class ExportDossierHandler implements IQueryHandler<ExportDossier> {
  constructor(
    private readonly pool: pg.Pool,
    private readonly dossiers: Dossiers,
    private readonly log: EventLog,
    private readonly keeper: CheckpointKeeper,
    private readonly checkpoints: Checkpoints,
    private readonly queries: QueryBus,
  ) {}

  async execute({ dossier, may }: ExportDossier): Promise<Exported> {
    const { id, head } = await this.dossiers.current(dossier);
    const { size } = await this.covering(id, head.sequence);
    return { dossier: id, size, chunks: sealed(this.lines(id, size, await this.headOf(id, size)), may) };
  }

  /** A log that is not this installation's to sign, as one that was moved here, is exported as it was signed last. */
  private async covering(dossier: string, sequence: number): Promise<Checkpoint> {
    const last = await this.checkpoints.last(dossier);
    if (last !== null && last.size >= sequence) return last;
    try {
      return await this.keeper.covering(dossier, sequence);
    } catch (error) {
      if (error instanceof ProjectionBehind) throw new Rejection('projection-behind', error.message);
      if (error instanceof ProjectionStopped || error instanceof SigningRefused)
        throw new Rejection('projection-stopped', error.message);
      throw error;
    }
  }

  private async headOf(dossier: string, size: number): Promise<string> {
    const [first, [last], { rows: names }, { rows: heads }] = await Promise.all([
      this.checkpoints.first(dossier),
      this.log.read(dossier, size - 1, 1),
      this.pool.query<{ name: string }>(
        'SELECT name FROM dossier_name WHERE dossier_id = $1 ORDER BY name COLLATE "C"',
        [dossier],
      ),
      this.pool.query<HeadRow>(
        `SELECT sequence, recorded_at, EXISTS (SELECT FROM event e WHERE e.dossier_id = h.dossier_id AND e.sequence > h.sequence) AS beyond
           FROM dossier_head h WHERE dossier_id = $1`,
        [dossier],
      ),
    ]);
    const [head] = heads;
    if (first === null || last === undefined || head === undefined || Number(head.sequence) < size)
      throw new LedgerDamaged(`The head of dossier ${dossier} is behind what was signed.`);
    if (head.beyond) throw new LedgerDamaged(`Dossier ${dossier} has events beyond its head.`);
    const recordedAt = Number(head.sequence) === size ? head.recorded_at.toISOString() : last.recordedAt;
    const key = verifierKeyText(verifierKeyOf(dossier, first.publicKey));
    const origin = originOf(dossier);
    return `D ${canonicalize({ dossier, key, names: names.map(({ name }) => name), origin, recordedAt, size })}`;
  }

  private async *lines(dossier: string, size: number, head: string): AsyncGenerator<string[], void, void> {
    yield ['# standpoint-export/1', head];
    yield* new ExportedLog(this.pool, dossier, size).lines();
    yield* claimLines(this.pool, dossier, size);
    yield* keptAnswerLines(this.pool, dossier, size);
    yield* this.histories(dossier, size);
  }

  private async *histories(dossier: string, size: number): AsyncGenerator<string[], void, void> {
    for (let after: ServedPair | null = null; ;) {
      const page: ServedHistoriesPage = await this.queries.execute(
        new ServedHistories(dossier, size, after, HISTORIES),
      );
      yield page.histories.map((history) => `S ${canonicalize(history)}`);
      if (page.last === null) return;
      after = page.last;
    }
  }
}

/** The lines, and the last one that seals them: an export that was cut off has none. */
async function* sealed(
  lines: AsyncGenerator<string[], void, void>,
  may: () => boolean,
): AsyncGenerator<Buffer, void, void> {
  const hash = createHash('sha256');
  for await (const some of lines) {
    if (!may()) throw new Rejection('forbidden', 'The dossier may no longer be read.');
    if (some.length === 0) continue;
    const chunk = Buffer.from(`${some.join('\n')}\n`);
    hash.update(chunk);
    yield chunk;
  }
  yield Buffer.from(`Z ${hash.digest('hex')}\n`);
}
