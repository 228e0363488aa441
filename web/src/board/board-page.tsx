import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { answered, api } from '../api/client.js';
import { Answer } from '../design/answer.js';
import { Page } from '../design/page.js';
import { StanceMark } from '../design/stance-mark.js';
import { Instant } from '../design/time.js';
import { texts } from '../texts/texts.js';

const { board: words } = texts;

export function BoardPage() {
  const { dossier } = useParams({ from: '/d/$dossier/' });
  const board = useQuery({
    queryKey: [dossier, 'positions'],
    queryFn: ({ signal }) =>
      answered(api.GET('/api/v1/dossiers/{dossier}/positions', { params: { path: { dossier } }, signal })),
  });
  return (
    <Page title={words.title} isTitleHidden>
      <Answer of={board}>
        {({ positions }) => (
          <ul>
            {positions.map(({ party, topic, stance, since }) => (
              <li key={party.id + topic.id}>
                <Link
                  to="/d/$dossier/positions/$party/$topic"
                  params={{ dossier, party: party.slug ?? party.id, topic: topic.slug ?? topic.id }}
                >
                  {party.name} · {topic.name}
                </Link>{' '}
                <StanceMark stance={stance} /> <Instant at={since} />
              </li>
            ))}
          </ul>
        )}
      </Answer>
    </Page>
  );
}
