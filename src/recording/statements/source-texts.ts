import { LRUCache } from 'lru-cache';
import type { Cast } from '../../domain/cast.js';
import { anchor, type Anchor, type Passage } from '../../domain/passage.js';
import type { SourceTextAdded } from '../../domain/set-up.js';
import type { Memory } from '../../dossiers/redaction-watch.js';
import type { EventLog } from '../../ledger/event-log.js';

/** UTF-16 units of texts kept in memory. */
const KEPT = 20_000_000;

/** Sources' full texts, read from the log when a passage is to be located. A text never changes: a new one has a stream of its own. */
export class SourceTexts implements Memory {
  private readonly texts = new LRUCache<string, { readonly dossier: string; readonly text: string }>({
    maxSize: KEPT,
    sizeCalculation: ({ text }) => text.length + 1,
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
    if (kept !== undefined) return kept.text;
    const [event] = await this.log.readStreams(dossier, [stored.streamId]);
    if (event === undefined || event.obscure !== null || event.redacted !== null) return null;
    const { text } = event.data as SourceTextAdded; // holds: the stream of a text begins with it
    // It may have been erased while it was read: then the cast, which is brought up to date before texts are forgotten, says so by now.
    if (cast.source.byId(source)?.text?.streamId !== stored.streamId) return null;
    this.texts.set(stored.streamId, { dossier, text });
    return text;
  }

  *dossiers(): Iterable<string> {
    for (const { dossier } of this.texts.values()) yield dossier;
  }

  /** All of the dossier's: what is not erased is read again when it is needed. */
  forgetErased(dossier: string): void {
    for (const [stream, kept] of this.texts.entries())
      if (kept.dossier === dossier) this.texts.delete(stream);
  }
}
