import { same, utf8 } from './bytes.js';
import { isPayloadOf, readEntry } from './entry.js';
import type { ExportedEvent } from './exported.js';
import { finding, type Finding, type Verdict } from './findings.js';

/** The type of the events that erase others' content, and where their content names those (docs/proof.md, "Redaction"). */
const REDACTED = 'PayloadRedacted';

/** Where something is wrong with the content of a log. */
interface Wrong {
  readonly says: Verdict;
  readonly sequence: number;
}

/**
 * The content of a log from its first event on, a slice at a time: each payload is what its entry commits to, or an event of the log itself says
 * that it was erased. Keeps nothing but which events are still to be told erased.
 */
export class Contents {
  private readonly events: AsyncIterator<ExportedEvent, void, void>;
  private wrong: Wrong | null = null;
  private erased = 0;
  /** Sequences whose content is said to be erased by a later event, by that event's. */
  private readonly awaited = new Map<number, number[]>();

  constructor(events: AsyncIterable<ExportedEvent>) {
    this.events = events[Symbol.asyncIterator]();
  }

  /** The next events, whose entries have been found to be these. After something is wrong nothing more is read. */
  async take(first: number, entries: readonly Uint8Array[]): Promise<void> {
    if (this.wrong !== null) return;
    const given: (ExportedEvent | null)[] = [];
    while (given.length < entries.length && !given.includes(null)) given.push(await this.next());
    const wrongs = await Promise.all(
      given.map((event, index) => this.wrongWith(event, first + index + 1, entries[index])),
    );
    this.wrong = wrongs.find((each) => each !== null) ?? null;
    if (this.wrong !== null) await this.close();
  }

  async close(): Promise<void> {
    await this.events.return?.().catch(() => undefined); // what cannot be closed is not read either
  }

  /** What has been found wrong so far. */
  get failure(): Finding | null {
    return this.wrong && finding('payloads', 'failed', this.wrong.says, { sequence: this.wrong.sequence });
  }

  /** After the last event of a log of this size. */
  finding(size: number): Finding {
    const [[hidden] = []] = this.awaited.values();
    if (this.wrong === null && hidden !== undefined) this.wrong = { says: 'payloadHidden', sequence: hidden };
    if (this.failure !== null) return this.failure;
    return this.erased === 0
      ? finding('payloads', 'passed', 'payloadsSame', { size })
      : finding('payloads', 'noted', 'payloadsErased', { size, erased: this.erased });
  }

  private async next(): Promise<ExportedEvent | null> {
    const event = await this.events.next().catch(() => null);
    return event === null || event.done ? null : event.value;
  }

  private async wrongWith(
    event: ExportedEvent | null,
    sequence: number,
    entry: Uint8Array | undefined,
  ): Promise<Wrong | null> {
    const envelope = event && readEntry(event.entry);
    const isIt = event !== null && entry !== undefined && same(utf8(event.entry), entry);
    if (!envelope || !isIt || event.content === null) return { says: 'payloadWithheld', sequence };
    const { content } = event;
    if ('redactedBy' in content) {
      this.erased++;
      this.awaited.set(content.redactedBy, [...(this.awaited.get(content.redactedBy) ?? []), sequence]);
      return null;
    }
    if (!(await isPayloadOf(envelope, content.payload, content.salt))) return { says: 'changed', sequence };
    const hidden = this.awaited.get(sequence);
    if (hidden === undefined) return null;
    const told = envelope.type === REDACTED ? sequencesOf(content.payload) : [];
    const untold = hidden.find((each) => !told.includes(each));
    if (untold !== undefined) return { says: 'payloadHidden', sequence: untold };
    this.awaited.delete(sequence);
    return null;
  }
}

function sequencesOf(payload: string): unknown[] {
  const data: unknown = JSON.parse(payload);
  const sequences: unknown =
    typeof data === 'object' && data !== null ? Reflect.get(data, 'sequences') : null;
  return Array.isArray(sequences) ? sequences : [];
}
