import { Button, Select } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { answered, api, type Schemas } from '../api/client.js';
import { Loading, ProblemNote } from '../design/page.js';
import { SaveMenu } from '../design/save-menu.js';
import { texts } from '../texts/texts.js';
import { FilterField } from './filter-field.js';
import { RevisionItem } from './revision-item.js';
import { revisionRows } from './revision-rows.js';
import style from './revisions.module.css';
import { KINDS, type AuditSearch } from './search.js';

const { audit: words } = texts;
type Revisions = { readonly items: readonly Schemas['Revision'][]; readonly next: string | null };
const FIELDS = ['party', 'topic', 'recorder', 'enteredBy'] as const;

interface RevisionListProps {
  readonly dossier: string;
  readonly search: AuditSearch;
  readonly onChange: (change: AuditSearch) => void;
}

/** How our record of any position was revised, the latest first. */
export function RevisionList({ dossier, search, onChange }: RevisionListProps) {
  const { kind, party, topic, recorder, enteredBy, from, to } = search;
  const revisions = useInfiniteQuery({
    queryKey: [dossier, 'revisions', kind, party, topic, recorder, enteredBy, from, to],
    initialPageParam: '',
    getNextPageParam: ({ next }: Revisions) => next,
    queryFn: ({ pageParam, signal }): Promise<Revisions> =>
      answered(
        api.GET('/api/v1/dossiers/{dossier}/revisions', {
          params: {
            path: { dossier },
            query: {
              order: 'newest' as const,
              ...(kind && { kind }),
              ...(party && { party }),
              ...(topic && { topic }),
              ...(recorder && { recorder }),
              ...(enteredBy && { enteredBy }),
              ...(from && { from }),
              ...(to && { to }),
              ...(pageParam && { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
  });
  const { data, error, hasNextPage, isFetching, fetchNextPage } = revisions;
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section>
      <div className={style.head}>
        <h2>{words.revisions}</h2>
        {items.length > 0 && <SaveMenu name={words.revisions} csv={() => revisionRows(items)} />}
      </div>
      <div className={style.form} role="group" aria-label={words.narrow}>
        <Select
          size="xs"
          clearable
          label={words.only.kind}
          data={KINDS.map((each) => ({ value: each, label: words.kinds[each] }))}
          value={kind ?? null}
          onChange={(value) => onChange({ kind: KINDS.find((each) => each === value) })}
        />
        {FIELDS.map((field) => (
          <FilterField
            key={field}
            label={words.only[field]}
            value={search[field] ?? ''}
            onSettle={(text) => onChange({ [field]: text })}
          />
        ))}
        {(['from', 'to'] as const).map((end) => (
          <FilterField
            key={end}
            type="date"
            label={words.only[end]}
            value={search[end] ?? ''}
            onSettle={(text) => onChange({ [end]: text })}
          />
        ))}
      </div>
      {error && <ProblemNote error={error} />}
      <ol className={style.revisions}>
        {items.map((revision) => (
          <RevisionItem
            key={`${revision.sequence} ${revision.party.id} ${revision.topic.id}`}
            dossier={dossier}
            revision={revision}
            isPairNamed
          />
        ))}
      </ol>
      {isFetching && <Loading />}
      {data && items.length === 0 && <p>{words.noRevisions}</p>}
      {hasNextPage && !isFetching && (
        <Button variant="default" size="xs" onClick={() => void fetchNextPage()}>
          {words.more}
        </Button>
      )}
    </section>
  );
}
