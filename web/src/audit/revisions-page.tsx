import { SegmentedControl } from '@mantine/core';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Answer } from '../design/answer.js';
import { Page } from '../design/page.js';
import { SaveMenu } from '../design/save-menu.js';
import { texts } from '../texts/texts.js';
import { usePositionAudit } from './ask.js';
import { RevisionItem } from './revision-item.js';
import { revisionRows } from './revision-rows.js';
import style from './revisions.module.css';

const { audit: words } = texts;
const ROUTE = '/d/$dossier/positions/$party/$topic/audit';

/** How our record of a position came to say what it says: its revisions as a story. */
export function RevisionsPage() {
  const pair = useParams({ from: ROUTE });
  const { order = 'oldest', known } = useSearch({ from: ROUTE });
  const navigate = useNavigate();
  const audit = usePositionAudit(pair, known);
  return (
    <Answer of={audit}>
      {({ party, topic, items }) => (
        <Page
          title={words.of(party.name, topic.name)}
          about={words.ofAbout(items.length)}
          actions={
            <>
              <Link to="/d/$dossier/positions/$party/$topic" params={pair} className="screen-only">
                {words.toPosition}
              </Link>
              <SegmentedControl
                size="xs"
                className="screen-only"
                aria-label={words.order}
                value={order}
                data={[
                  { value: 'oldest', label: words.oldest },
                  { value: 'newest', label: words.newest },
                ]}
                onChange={(next) =>
                  void navigate({
                    to: ROUTE,
                    params: pair,
                    search: { known, order: next === 'newest' ? 'newest' : undefined },
                  })
                }
              />
              <SaveMenu name={words.of(party.name, topic.name)} csv={() => revisionRows(items)} />
            </>
          }
        >
          <ol className={style.revisions}>
            {(order === 'newest' ? items.toReversed() : items).map((revision) => (
              <RevisionItem key={revision.sequence} dossier={pair.dossier} revision={revision} />
            ))}
          </ol>
        </Page>
      )}
    </Answer>
  );
}
