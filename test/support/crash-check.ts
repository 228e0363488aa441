import { isDeepStrictEqual } from 'node:util';
import { Expectations, type PositionSeen } from '../positions/expectations.js';
import type { Envelope } from '../positions/oracle.js';
import type { CrashClient } from './crash-client.js';
import { repeat, type Load } from './crash-load.js';
import { acknowledgedBy } from './crash-writes.js';

/** An event as the service shows it, as far as it is read here. */
export interface EventSeen {
  readonly sequence: number;
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly streamVersion: number;
  readonly data: { readonly stated?: { readonly summary?: string | null } };
}

interface Named {
  readonly id: string;
}

interface Board {
  readonly known: { readonly sequence: number };
  readonly at: string;
  readonly positions: readonly (Omit<PositionSeen, 'party' | 'topic' | 'voices'> & {
    readonly party: Named;
    readonly topic: Named;
    readonly voices: readonly {
      readonly speaker: Named;
      readonly stance: string;
      readonly since: string;
    }[];
  })[];
  readonly next: string | null;
}

/** Most keys of finished writes that are tried again: those answered last, as those are the ones that a crash could take. */
const MOST_REPEATED = 200;

/** The whole log of a dossier. */
export async function readLog(client: CrashClient, dossier: string): Promise<EventSeen[]> {
  const events: EventSeen[] = [];
  for (let cursor: string | null = '0'; cursor !== null;) {
    const path: string = `/api/v1/dossiers/${dossier}/events?limit=500&cursor=${cursor}`;
    const page: { items: EventSeen[]; next: string | null } = await client.read(path);
    events.push(...page.items);
    cursor = page.next;
  }
  return events;
}

/** Everything in which the log differs from what the writers of a load, now stopped, were told. */
export function complaintsOfLog(events: readonly EventSeen[], { writes, imports }: Load): string[] {
  const places = new Map<string, number[]>();
  for (const { sequence, data } of events) {
    const summary = data.stated?.summary ?? null;
    if (summary !== null) places.set(summary, [...(places.get(summary) ?? []), sequence]);
  }
  const gaps = events.flatMap(({ sequence }, index) =>
    sequence === index + 1 ? [] : [`Event ${index + 1} of the log has sequence ${sequence}`],
  );
  const twice = [...places].flatMap(([summary, at]) =>
    at.length === 1 ? [] : [`${summary} is in the log ${at.length} times: at ${at.join(', ')}`],
  );
  const acknowledged = [...writes.flatMap(acknowledgedBy), ...imports.flatMap((each) => each.acknowledged())];
  const lost = acknowledged.flatMap(({ sequence, id, summary }) => {
    const event = events[sequence - 1];
    const isThere =
      event?.stream === `statement/${id}` &&
      (summary === null ? event.type === 'RecordVoided' : event.data.stated?.summary === summary);
    return isThere ? [] : [`${summary ?? 'A voiding'} was acknowledged at ${sequence}, where it is not`];
  });
  const halves = writes.flatMap(({ summaries }) => {
    const at = summaries.flatMap((summary) => places.get(summary) ?? []);
    const [first = 0] = at;
    const isWhole = at.length === summaries.length && at.every((each, index) => each === first + index);
    return at.length === 0 || isWhole ? [] : [`Half a batch: ${at.length} of ${summaries.length}`];
  });
  return [...gaps, ...twice, ...lost, ...halves];
}

/** Every key whose repetition does not give the first answer: all that were interrupted, and the last of the others. */
export async function complaintsOfKeys(client: CrashClient, { writes }: Load): Promise<string[]> {
  const keyed = writes.filter(({ key, answer }) => key !== null && answer !== undefined);
  const quiet = keyed.filter(({ interrupted }) => !interrupted);
  quiet.sort((one, other) => other.answeredAt - one.answeredAt);
  const repeated = [...keyed.filter(({ interrupted }) => interrupted), ...quiet.slice(0, MOST_REPEATED)];
  const complaints: string[] = [];
  for (const write of repeated) {
    const again = await repeat(client, write);
    const isSame = again !== null && isDeepStrictEqual(JSON.parse(again.text), write.answer);
    if (!isSame) complaints.push(`${write.key}: ${again?.text} instead of ${JSON.stringify(write.answer)}`);
  }
  return complaints;
}

/** The positions that the service serves, and those that follow from the log. */
export async function positionsOf(
  client: CrashClient,
  dossier: string,
  events: readonly EventSeen[],
): Promise<{ served: PositionSeen[]; folded: PositionSeen[] }> {
  const board = await client.read<Board>(`/api/v1/dossiers/${dossier}/positions`);
  if (board.next !== null || board.known.sequence !== events.length)
    throw new Error(`The positions are of ${board.known.sequence}, the log has ${events.length}`);
  const envelopes = events.map(({ stream, ...event }): Envelope => ({
    ...event,
    streamId: stream.split('/')[1] ?? '',
  }));
  const folded = new Expectations(envelopes, events.length).board(Date.parse(board.at));
  return { served: inOrder(board.positions.map(byIds)), folded: inOrder(folded) };
}

function byIds({ party, topic, voices, ...position }: Board['positions'][number]): PositionSeen {
  return {
    ...position,
    party: party.id,
    topic: topic.id,
    voices: voices
      .map(({ speaker, ...voice }) => ({ ...voice, speaker: speaker.id }))
      .toSorted((one, other) => (one.speaker < other.speaker ? -1 : 1)),
  };
}

function inOrder(positions: readonly PositionSeen[]): PositionSeen[] {
  return positions.toSorted((one, other) =>
    `${one.party} ${one.topic}` < `${other.party} ${other.topic}` ? -1 : 1,
  );
}
