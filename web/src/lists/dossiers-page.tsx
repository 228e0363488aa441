import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { answered, api } from '../api/client.js';
import { Answer } from '../design/answer.js';
import { Page } from '../design/page.js';
import { texts } from '../texts/texts.js';

const { lists: words } = texts;

export function DossiersPage() {
  const dossiers = useQuery({
    queryKey: ['dossiers'],
    queryFn: ({ signal }) => answered(api.GET('/api/v1/dossiers', { signal })),
  });
  return (
    <Page title={words.dossiers}>
      <Answer of={dossiers}>
        {({ items }) =>
          items.length === 0 ? (
            <p>{words.noDossiers}</p>
          ) : (
            <ul>
              {items.map(({ id, slug, title }) => (
                <li key={id}>
                  <Link to="/d/$dossier" params={{ dossier: slug ?? id }}>
                    {title}
                  </Link>
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </Page>
  );
}
