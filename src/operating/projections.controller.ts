import { Controller, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { quote } from '../domain/references.js';
import { Rejection } from '../domain/rejection.js';
import { Needs } from '../access/needs.decorator.js';
import { ACCESS_LOG } from '../dossiers/access-log-id.js';
import { SURROUNDINGS, type Surroundings } from '../dossiers/surroundings.js';
import { Answers, COUNT, listOf, record, ref, type Schemas } from '../http/answers.js';
import type { Projection } from '../ledger/projection.js';
import { ProjectionBuilds } from '../ledger/projection-builds.js';
import { ProjectionRunner } from '../ledger/projection-runner.js';
import { ProjectionStatus, type ProjectionState } from './projection-status.js';

/** What operating answers. */
export const OPERATING_SCHEMAS: Schemas = {
  Projection: record({
    name: { type: 'string' },
    version: COUNT,
    dossiers: COUNT,
    lag: COUNT,
    stopped: COUNT,
    deadLetters: COUNT,
    building: {
      anyOf: [
        record({ dossiers: COUNT, progress: { type: 'number', minimum: 0, maximum: 1 }, stopped: COUNT }),
        { type: 'null' },
      ],
    },
  }),
};

@ApiTags('Operating')
@Controller('api/v1/admin/projections')
export class ProjectionController {
  constructor(
    private readonly status: ProjectionStatus,
    private readonly runner: ProjectionRunner,
    private readonly database: DataSource,
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
  ) {}

  @Get()
  @Needs('administer')
  @Answers(200, record({ items: listOf(ref('Projection')) }), 'Tell how far the projections have come.')
  async list(): Promise<{ items: ProjectionState[] }> {
    return { items: await this.status.all() };
  }

  /** Begins to build the projection anew in every dossier, beside the rows that are served until the new ones have caught up. */
  @Post(':name/rebuild')
  @Needs('administer')
  @HttpCode(202)
  @Answers(
    202,
    record({ name: { type: 'string' }, dossiers: COUNT }),
    'Build a projection anew beside the rows that are served.',
  )
  async rebuild(@Param('name') name: string): Promise<{ name: string; dossiers: number }> {
    const projection = this.find(name);
    const builds = this.builds();
    const rows: { id: string }[] = await this.database.query(
      'SELECT dossier_id AS id FROM dossier_head WHERE sequence > 0 AND dossier_id <> $1',
      [ACCESS_LOG],
    );
    for (const { id } of rows) {
      await builds.open(id, projection);
      await builds.start(id, projection);
      this.runner.wake(id);
    }
    return { name, dossiers: rows.length };
  }

  /** Gives up the builds that grow; what is served stays. One that a raised version demands begins anew by itself. */
  @Delete(':name/rebuild')
  @Needs('administer')
  @Answers(
    200,
    record({ name: { type: 'string' }, dossiers: COUNT }),
    'Cancel the building anew of a projection, in so many dossiers.',
  )
  async cancel(@Param('name') name: string): Promise<{ name: string; dossiers: number }> {
    const projection = this.find(name);
    const builds = this.builds();
    let dossiers = 0;
    for (const dossier of await builds.growing(projection))
      if (await builds.cancel(dossier, projection)) dossiers++;
    return { name, dossiers };
  }

  private builds(): ProjectionBuilds {
    return new ProjectionBuilds(this.database, this.surroundings.now);
  }

  private find(name: string): Projection {
    try {
      return this.runner.named(name);
    } catch {
      throw new Rejection('not-found', `There is no projection ${quote(name)}.`);
    }
  }
}
