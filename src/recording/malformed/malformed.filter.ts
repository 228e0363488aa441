import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Rejection } from '../../domain/rejection.js';
import { Malformed } from '../../http/body-checker.js';
import { segment } from '../../http/input.pipe.js';
import { answerProblem } from '../../http/problem.filter.js';
import { isOutage } from '../../ledger/outage.js';
import { WhatElse, type Address } from './what-else.js';

/** Tells of a malformed body also what only the dossier shows to be wrong with it. A filter, so that bodies that are accepted pay nothing for it. */
@Catch(Malformed)
export class MalformedFilter implements ExceptionFilter<Malformed> {
  constructor(private readonly whatElse: WhatElse) {}

  async catch(malformed: Malformed, host: ArgumentsHost): Promise<void> {
    const { params } = host.switchToHttp().getRequest<FastifyRequest<{ Params: Address }>>();
    try {
      Object.values(params).forEach(segment); // whose pipe has not run: the body's came first
      answerProblem(malformed.and(await this.whatElse.besides(malformed, params)), host);
    } catch (error) {
      // Whatever stands in the way of looking further, the body is malformed all the same.
      answerProblem(error instanceof Rejection || isOutage(error) ? malformed : error, host);
    }
  }
}
