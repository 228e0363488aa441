import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { problemOf, RETRY_AFTER } from './problem.js';

/** Answers every error as application/problem+json. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    answerProblem(error, host);
  }
}

export function answerProblem(error: unknown, host: ArgumentsHost): void {
  const problem = problemOf(error);
  const reply = host.switchToHttp().getResponse<FastifyReply>();
  if (reply.sent || reply.raw.headersSent) return void reply.raw.destroy();
  // Fastify would hang up on a body that it does not read to its end; who is still sending it would hear of a broken connection, not of why.
  // Node passes over what is left of it, and limitSlowness says for how long.
  void reply.removeHeader('connection');
  if (problem.status === 503) void reply.header('Retry-After', RETRY_AFTER);
  if (problem.status === 401 && !reply.hasHeader('WWW-Authenticate'))
    void reply.header('WWW-Authenticate', 'Bearer realm="standpoint"');
  void reply.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}
