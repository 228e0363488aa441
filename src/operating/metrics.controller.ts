import { Controller, Get, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { Needs } from '../access/needs.decorator.js';
import { Answers, TEXT } from '../http/answers.js';
import { CheckpointKeeper } from '../ledger/proof/checkpoint-keeper.js';
import { ProjectionStatus } from './projection-status.js';

/** Prometheus metrics: of the process, and of the projections. They name no dossier. */
@ApiTags('Operating')
@Controller('metrics')
export class MetricsController {
  private readonly registry = new Registry();

  private readonly lag: Gauge<'projection'>;
  private readonly stopped: Gauge<'projection'>;
  private readonly deadLetters: Gauge<'projection'>;

  private readonly refused: Gauge;

  constructor(
    private readonly projections: ProjectionStatus,
    private readonly keeper: CheckpointKeeper,
  ) {
    collectDefaultMetrics({ register: this.registry });
    const gauge = (name: string, help: string): Gauge<'projection'> =>
      new Gauge({
        name: `standpoint_projection_${name}`,
        help,
        labelNames: ['projection'],
        registers: [this.registry],
      });
    this.lag = gauge('lag_events', 'Events that the slowest dossier of a projection is behind.');
    this.stopped = gauge('stopped_dossiers', 'Dossiers in which a projection has stopped at an event.');
    this.deadLetters = gauge('dead_letters', 'Events that a projection could not use.');
    this.refused = new Gauge({
      name: 'standpoint_ledger_refused_dossiers',
      help: 'Dossiers whose logs this process refuses to sign.',
      registers: [this.registry],
    });
  }

  @Get()
  @Needs('nothing')
  @Answers(200, TEXT, 'Show the metrics for Prometheus.', 'text/plain')
  async show(@Res() reply: FastifyReply): Promise<void> {
    for (const { name, lag, stopped, deadLetters } of await this.projections.all()) {
      this.lag.set({ projection: name }, lag);
      this.stopped.set({ projection: name }, stopped);
      this.deadLetters.set({ projection: name }, deadLetters);
    }
    this.refused.set(this.keeper.refusals.size);
    await reply.type(this.registry.contentType).send(await this.registry.metrics());
  }
}
