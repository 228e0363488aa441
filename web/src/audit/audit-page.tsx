import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { answered, api } from '../api/client.js';
import { Answer } from '../design/answer.js';
import { Page } from '../design/page.js';
import { StanceMark } from '../design/stance-mark.js';
import { texts } from '../texts/texts.js';
import { AuditSections } from './audit-sections.js';
import { Compare } from './compare.js';
import { RevisionList } from './revision-list.js';
import style from './revisions.module.css';
import type { AuditSearch } from './search.js';

const { audit: words } = texts;
const ROUTE = '/d/$dossier/audit';

export function AuditPage() {
  const { dossier } = useParams({ from: ROUTE });
  const search = useSearch({ from: ROUTE });
  const { before = '', after = '' } = search;
  const navigate = useNavigate();
  const change = (more: AuditSearch) =>
    void navigate({ to: ROUTE, params: { dossier }, search: { ...search, ...more } });
  const board = useQuery({
    queryKey: [dossier, 'positions'],
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/v1/dossiers/{dossier}/positions', {
          params: { path: { dossier }, query: { limit: 500 } },
          signal,
        }),
      ),
  });
  return (
    <Page title={words.title} about={words.about}>
      <AuditSections dossier={dossier} />
      <div className={style.sections}>
        <Compare
          dossier={dossier}
          before={before}
          after={after}
          onAsk={(one, other) => change({ before: one || undefined, after: other || undefined })}
        />
        <details>
          <summary>{words.stories}</summary>
          <Answer of={board}>
            {({ positions }) => (
              <ul className={style.pairs}>
                {positions.map(({ party, topic, stance }) => (
                  <li key={party.id + topic.id}>
                    <Link
                      to="/d/$dossier/positions/$party/$topic/audit"
                      params={{ dossier, party: party.slug ?? party.id, topic: topic.slug ?? topic.id }}
                    >
                      <bdi>{party.name}</bdi> · <bdi>{topic.name}</bdi>
                    </Link>
                    <StanceMark stance={stance} shape="inline" />
                  </li>
                ))}
              </ul>
            )}
          </Answer>
        </details>
        <RevisionList dossier={dossier} search={search} onChange={change} />
      </div>
    </Page>
  );
}
