import { Controller, Get, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import pg from 'pg';
import { Needs } from '../access/needs.decorator.js';
import { Answers, listOf, record, TEXT } from '../http/answers.js';
import { RETRY_AFTER } from '../http/problem.js';
import { CheckpointKeeper } from '../ledger/proof/checkpoint-keeper.js';
import { ProjectionStatus } from './projection-status.js';

interface Readiness {
  readonly status: 'ready' | 'unready';
  readonly reasons: readonly string[];
}

/** Whoever asks whether we are ready does not wait long; a database that takes so many milliseconds for this is away. */
const SIGN_OF_LIFE = { text: 'SELECT 1', query_timeout: 2_000 };

@ApiTags('Operating')
@Controller('health')
export class HealthController {
  constructor(
    private readonly pool: pg.Pool,
    private readonly projections: ProjectionStatus,
    private readonly keeper: CheckpointKeeper,
  ) {}

  /** The process runs. */
  @Get('live')
  @Needs('nothing')
  @Answers(200, record({ status: TEXT }), 'Tell whether the process runs.')
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  /** Requests can be answered: the database answers, and no projection has stopped or is so far behind that readers are sent away, and every log can be signed. */
  @Get('ready')
  @Needs('nothing')
  @Answers(200, record({ status: TEXT, reasons: listOf(TEXT) }), 'Tell whether requests can be answered.')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const reasons = await this.reasons();
    if (reasons.length > 0) void reply.status(503).header('Retry-After', RETRY_AFTER);
    return { status: reasons.length === 0 ? 'ready' : 'unready', reasons };
  }

  private async reasons(): Promise<string[]> {
    try {
      await this.pool.query(SIGN_OF_LIFE);
      const stopped = await this.projections.stopped();
      const late = await this.projections.late();
      const refused = this.keeper.refusals.size;
      return [
        ...(refused > 0 ? [`the logs of ${refused} dossiers are not signed`] : []),
        ...stopped.map(({ name, dossiers }) => `projection ${name} has stopped in ${dossiers} dossiers`),
        ...late.map(({ name, dossiers }) => `projection ${name} is behind in ${dossiers} dossiers`),
      ];
    } catch {
      return ['the database does not answer'];
    }
  }
}
