import { LRUCache } from 'lru-cache';
import type { Cast } from '../../domain/cast.js';
import { anchor, type Anchor, type Passage } from '../../domain/passage.js';
import type { SourceTextAdded } from '../../domain/set-up.js';
import type { EventLog } from '../../ledger/event-log.js';

/** UTF-16 units of texts kept in memory. */
const KEPT = 20_000_000;

/** Sources' full texts, read from the log when a passage is to be located. A text never changes: a new one has a stream of its own. */
export class SourceTexts {
  private readonly texts = new LRUCache<string, string>({
    maxSize: KEPT,
    sizeCalculation: (text) => text.length + 1,
  });

  constructor(private readonly log: EventLog) {}

  /** Where the passage stands in its source; null where there is no passage, no source, or no text. */
  async locate(
    dossier: string,
    cast: Cast,
    { source, passage }: { source: string | null; passage: Passage | null },
  ): Promise<Anchor | null> {
    const text = source === null || passage === null ? null : await this.text(dossier, cast, source);
    return text === null || passage === null ? null : anchor(passage, text);
  }

  async text(dossier: string, cast: Cast, source: string): Promise<string | null> {
    const stored = cast.source.byId(source)?.text ?? null;
    if (stored === null) return null;
    const kept = this.texts.get(stored.streamId);
    if (kept !== undefined) return kept;
    const [event] = await this.log.readStreams(dossier, [stored.streamId]);
    if (event === undefined || event.obscure !== null) return null;
    const { text } = event.data as SourceTextAdded; // holds: the stream of a text begins with it
    this.texts.set(stored.streamId, text);
    return text;
  }
}
