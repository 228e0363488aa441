import { describe, expect, it } from '@jest/globals';
import { serverSentEvents } from '../../src/audit/server-sent-events.js';
import type { EventView } from '../../src/http/event-view.js';

const event = (sequence: number): EventView => ({
  sequence,
  id: '01a20640-0ded-77b3-844f-9d4a0fdfec4b',
  type: 'ProposalMade',
  schemaVersion: 1,
  stream: 'statement/01a20640-0ded-77b3-844f-98e06b5ae6c3',
  streamVersion: 1,
  recordedAt: '2025-05-01T12:00:00.000Z',
  recordedBy: 'recorder',
  correlationId: '01a20640-0d2e-7390-b2f2-5c65a956491c',
  causationId: null,
  data: { said: 'two\nlines' },
  understood: true,
  redacted: null,
});

/** What is written when the log is looked at at these instants (milliseconds), and has grown by these events. */
async function written(looks: readonly (readonly [number, ...number[]])[]): Promise<string[]> {
  let now = 0;
  async function* pages(): AsyncGenerator<EventView[]> {
    for (const [at, ...sequences] of looks) {
      now = at;
      yield sequences.map(event);
    }
  }
  const blocks: string[] = [];
  for await (const text of serverSentEvents(pages(), () => now)) blocks.push(text);
  return blocks;
}

const GREETING = ': standpoint\n\n';
const HEARTBEAT = ': still here\n\n';
const block = (sequence: number): string => `id: ${sequence}\ndata: ${JSON.stringify(event(sequence))}\n\n`;

/** To see it fail: in audit/server-sent-events.js leave out `spoke = clock()`, or the heartbeat. */
describe('a stream of events', () => {
  it('begins at once, so that the client knows that it stands', async () => {
    expect(await written([])).toEqual([GREETING]);
  });

  it('gives a sign of life 15 seconds after it last said something, and not before', async () => {
    expect(await written([[0], [14_999]])).toEqual([GREETING]);
    expect(await written([[0], [15_000]])).toEqual([GREETING, HEARTBEAT]);
    expect(await written([[0], [15_000], [29_999]])).toEqual([GREETING, HEARTBEAT]);
    expect(await written([[0], [15_000], [30_000]])).toEqual([GREETING, HEARTBEAT, HEARTBEAT]);
  });

  it('needs no sign of life where events come', async () => {
    expect(await written([[10_000, 1], [20_000], [24_999]])).toEqual([GREETING, block(1)]);
    expect(await written([[10_000, 1], [25_000]])).toEqual([GREETING, block(1), HEARTBEAT]);
  });

  it('writes each event on one line of data, after its id', async () => {
    const [, page] = await written([[0, 1, 2, 3]]);
    expect(page).toBe([1, 2, 3].map(block).join(''));
    expect(page?.split('\n\n').every((each) => each === '' || each.split('\n').length === 2)).toBe(true);
  });
});
