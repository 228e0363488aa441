import { Controller, Get, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { OpenToAnyone } from '../access/token.guard.js';
import { Answers, TEXT } from '../http/answers.js';
import { ProjectionStatus } from './projection-status.js';

/** Prometheus metrics: of the process, and of the projections. They name no dossier. */
@ApiTags('Operating')
@OpenToAnyone()
@Controller('metrics')
export class MetricsController {
  private readonly registry = new Registry();

  constructor(projections: ProjectionStatus) {
    collectDefaultMetrics({ register: this.registry });
    const labels = { labelNames: ['projection'] as const, registers: [this.registry] };
    const stopped = new Gauge({
      name: 'standpoint_projection_stopped_dossiers',
      help: 'Dossiers in which a projection has stopped at an event.',
      ...labels,
    });
    const letters = new Gauge({
      name: 'standpoint_projection_dead_letters',
      help: 'Events that a projection could not use.',
      ...labels,
    });
    new Gauge({
      name: 'standpoint_projection_lag_events',
      help: 'Events that the slowest dossier of a projection is behind.',
      ...labels,
      async collect() {
        for (const { name, lag, stopped: count, deadLetters } of await projections.all()) {
          this.set({ projection: name }, lag);
          stopped.set({ projection: name }, count);
          letters.set({ projection: name }, deadLetters);
        }
      },
    });
  }

  @Get()
  @Answers(200, TEXT, 'text/plain')
  async show(@Res() reply: FastifyReply): Promise<void> {
    await reply.type(this.registry.contentType).send(await this.registry.metrics());
  }
}
