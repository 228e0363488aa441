import { ACCESS_LOG } from '../../dossiers/access-log-id.js';
import { nextEvent } from '../../dossiers/new-event.js';
import type { Surroundings } from '../../dossiers/surroundings.js';
import { repeat, type Receipt, type WriteContext, type Writer } from '../../dossiers/write.js';
import { Rejection } from '../../domain/rejection.js';
import type { Claim, NewEvent } from '../../ledger/event.js';
import type { EventLog } from '../../ledger/event-log.js';
import type { AccessLog } from './access-log.js';
import type { AccessEvents, AccessEventType, AccessStream } from './events.js';
import type { AccessState } from './state.js';

type Drafted = {
  readonly [Type in AccessEventType]: { readonly type: Type; readonly data: AccessEvents[Type] };
}[AccessEventType];

/** What shall be recorded about one stream. What is so already is recorded again: somebody said so again, and their idempotency key is kept with it. */
export interface AccessDecision<Answer extends object> {
  readonly stream: AccessStream;
  readonly id: string;
  readonly events: readonly [Drafted, ...Drafted[]];
  readonly claims?: readonly Claim[];
  readonly answer: Answer;
}

/** How often a decision is taken again because somebody else was quicker. */
const TRIES = 10;

/** Carries out what administrators decide, each on the newest state, and waits until it holds in this process. */
export class AccessWriter {
  constructor(
    private readonly access: AccessLog,
    private readonly writer: Writer,
    private readonly log: EventLog,
    private readonly surroundings: Surroundings,
  ) {}

  async write<Answer extends object>(
    context: WriteContext,
    decide: (state: AccessState) => AccessDecision<Answer>,
  ): Promise<Answer & Receipt> {
    const earlier = await this.answered<Answer & Receipt>(context);
    if (earlier !== null) return earlier;
    for (let attempt = 0; attempt < TRIES; attempt++) {
      await this.access.refresh();
      const answer = await this.attempt(context, decide(this.access.state));
      if (answer === null) continue;
      await this.access.refresh();
      return answer;
    }
    throw new Rejection('version-conflict', 'It is being changed by others all the time; try again.');
  }

  private async answered<Answer extends Receipt>({ idempotency }: WriteContext): Promise<Answer | null> {
    if (idempotency === null) return null;
    const earlier = (await this.log.answered(ACCESS_LOG, [idempotency.key])).get(idempotency.key);
    return earlier === undefined ? null : repeat(earlier, idempotency);
  }

  /** Null: somebody else has changed it. */
  private async attempt<Answer extends object>(
    context: WriteContext,
    { stream, id, events, claims = [], answer }: AccessDecision<Answer>,
  ): Promise<(Answer & Receipt) | null> {
    const version = this.access.state.versionOf(id);
    const next = ({ type, data }: Drafted, index: number): NewEvent =>
      nextEvent(this.surroundings.newId, { kind: stream, id, version: version + index + 1 }, type, data);
    const [first, ...rest] = events;
    return this.writer.attempt(ACCESS_LOG, context, {
      events: [next(first, 0), ...rest.map((each, index) => next(each, index + 1))],
      claims,
      answer: { ...answer, sequence: rest.length, recordedAt: this.surroundings.now() },
    });
  }
}
