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

/** What shall be recorded about one stream; no event: it is so already. */
export interface AccessDecision<Answer extends object> {
  readonly stream: AccessStream;
  readonly id: string;
  readonly events: readonly {
    readonly [Type in AccessEventType]: { readonly type: Type; readonly data: AccessEvents[Type] };
  }[AccessEventType][];
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

  /** Null: somebody else has changed it. What is so already is answered with where the log stands. */
  private async attempt<Answer extends object>(
    context: WriteContext,
    { stream, id, events, claims = [], answer }: AccessDecision<Answer>,
  ): Promise<(Answer & Receipt) | null> {
    const version = this.access.state.versionOf(id);
    const [first, ...rest] = events.map(({ type, data }, index) =>
      nextEvent(this.surroundings.newId, { kind: stream, id, version: version + index + 1 }, type, data),
    );
    if (first === undefined) return { ...answer, ...(await this.standing()) };
    const all: readonly [NewEvent, ...NewEvent[]] = [first, ...rest];
    return this.writer.attempt(ACCESS_LOG, context, {
      events: all,
      claims,
      answer: { ...answer, sequence: rest.length, recordedAt: '' },
    });
  }

  private async standing(): Promise<Receipt> {
    const head = await this.log.head(ACCESS_LOG);
    return { sequence: head?.sequence ?? 0, recordedAt: head?.recordedAt ?? this.surroundings.now() };
  }
}
