import { QueryText } from '../http/queries.js';

/** For what is taken away with DELETE, which has no body. */
export class ReasonQuery {
  @QueryText('Why.', 2_000)
  readonly reason?: string;
}
