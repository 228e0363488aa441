import createClient from 'openapi-fetch';
import type { components, paths } from './openapi.js';

/** What the API answers, by the names of the OpenAPI document. */
export type Schemas = components['schemas'];
export type Problem = Schemas['Problem'];

/** The API, with every path, parameter and body checked against the OpenAPI document. The session's cookie goes along by itself. */
export const api = createClient<paths>({
  baseUrl: window.location.origin,
  querySerializer: { array: { style: 'form', explode: true } },
});

/** A refusal, as the service explained it (RFC 9457). */
export class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
    this.name = 'Refusal';
  }

  get status(): number {
    return this.problem.status;
  }
}

/** The service could not be reached, or did not answer as itself. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

interface Answer<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/** What was answered; throws a `Refusal`, or `Unreachable`. For reads and writes alike: `await answered(api.GET(…))`. */
export async function answered<Data>(answer: Promise<Answer<Data>>): Promise<Data> {
  const { data, error, response } = await answer.catch((reason: unknown) => {
    if (reason instanceof DOMException && reason.name === 'AbortError') throw reason;
    throw new Unreachable('', { cause: reason });
  });
  if (response.ok) return data as Data; // holds: the document says so of every answer that is no problem
  if (isProblem(error)) throw new Refusal(error);
  throw new Unreachable(String(response.status));
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'status' in value;
}
