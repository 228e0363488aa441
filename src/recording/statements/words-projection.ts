import type { Statement } from '../../domain/statement.js';
import { recordChanges } from '../../dossiers/record-states.js';
import { writeVersions, type VersionTable } from '../../dossiers/version-table.js';
import { Versions } from '../../dossiers/versions.js';
import { projectionVersion } from '../../dossiers/vocabulary.js';
import type { RecordedEvent } from '../../ledger/event.js';
import type { Manners } from '../../ledger/pace.js';
import type { Projection, Target } from '../../ledger/projection.js';
import { textSearchConfiguration } from './full-text.js';

export const WORDS = 'words';

interface WordsRow {
  readonly text: string;
  readonly configuration: string;
}

/** Only whoever searches misses words, and then they hurry. To take a text to its stems costs more than all else that is done with a statement. */
const PATIENT: Manners = { lull: 1_000, leeway: 10_000 };

/**
 * Keeps what statements are searched by. Apart from the lists, for it costs three times what they do, and only whoever searches waits for it.
 */
export class WordsProjection implements Projection {
  readonly name = WORDS;
  readonly version = projectionVersion(1);
  readonly manners = PATIENT;

  async apply(events: readonly RecordedEvent[], target: Target): Promise<void> {
    const versions = new Versions<WordsRow>();
    for (const { kind, event, before, after } of await recordChanges(events, target)) {
      if (kind === 'redaction') versions.erase(event.streamId);
      if (kind !== 'statement') continue;
      const [earlier, row] = [before && wordsOf(before), wordsOf(after)];
      if (earlier?.text === row.text && earlier.configuration === row.configuration) continue;
      if (earlier !== null) versions.close(event.streamId, event.sequence);
      versions.open(event.streamId, event.sequence, row);
    }
    await writeVersions(TABLE, versions, target);
  }

  async clear({ manager, dossier, build }: Target): Promise<void> {
    await manager.query('DELETE FROM statement_words WHERE dossier_id = $1 AND build = $2', [dossier, build]);
  }
}

function wordsOf({ stated: { passage, summary, note, translation, language } }: Statement): WordsRow {
  return {
    text: [passage?.exact, summary, note, translation].filter(Boolean).join('\n'),
    configuration: textSearchConfiguration(language),
  };
}

/** Words are kept as they stand and as the language's stems, so that both "strike" and a name in any language are found. */
const TABLE: VersionTable<WordsRow> = {
  name: 'statement_words',
  projection: WORDS,
  record: 'statement_id',
  fields: { text: 'text', configuration: 'text' },
  computed: {
    columns: { words: `to_tsvector('simple', r.text) || to_tsvector(r.configuration::regconfig, r.text)` },
    from: ['text', 'configuration'],
  },
};
