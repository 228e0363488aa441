import type { FastifyReply } from 'fastify';

/** Puts an answer's version into its `ETag`. */
export function tagged<T extends { readonly version: number }>(reply: FastifyReply, answer: T): T {
  void reply.header('ETag', `"${answer.version}"`);
  return answer;
}
