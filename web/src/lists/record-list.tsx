import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Pencil } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../api/may.js';
import { Filled } from '../design/filled.js';
import { Loading, ProblemNote } from '../design/page.js';
import { Row, Rows } from '../design/rows.js';
import { SaidAt } from '../design/time.js';
import { texts } from '../texts/texts.js';
import { RecordForm } from './record-form.js';
import { list, nameOf, type Kind, type Listed } from './records.js';

const { lists: words } = texts;

interface RecordListProps {
  readonly dossier: string;
  readonly kind: Kind;
  readonly q: string | undefined;
}

export function RecordList({ dossier, kind, q }: RecordListProps) {
  const may = useMay(dossier);
  const [edited, edit] = useState<Listed | null>(null);
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: [dossier, kind, q ?? null],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam: cursor, signal }) => list(kind, dossier, { q, cursor }, signal),
    getNextPageParam: ({ next }) => next,
  });
  if (data === undefined)
    return error ? <ProblemNote error={error} onRetry={() => void refetch()} /> : <Loading />;
  const records = data.pages.flatMap(({ items }) => items);
  if (records.length === 0) return <p>{q === undefined ? words.none : words.noneFound}</p>;
  return (
    <>
      <Rows label={words[kind]}>
        {records.map((record) => (
          <Row
            key={record.id}
            name={<Name dossier={dossier} kind={kind} record={record} />}
            also={'aliases' in record && record.aliases.join(', ')}
            about={<About record={record} />}
            actions={
              may.record && (
                <Button
                  variant="subtle"
                  size="compact-xs"
                  leftSection={<Pencil size={13} aria-hidden />}
                  aria-label={words.editNamed(nameOf(record))}
                  onClick={() => edit(record)}
                >
                  {words.edit}
                </Button>
              )
            }
          />
        ))}
      </Rows>
      {hasNextPage && (
        <Button
          variant="default"
          size="xs"
          mt="md"
          loading={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          {words.more}
        </Button>
      )}
      {edited && <RecordForm dossier={dossier} kind={kind} record={edited} onClose={() => edit(null)} />}
    </>
  );
}

interface NameProps {
  readonly dossier: string;
  readonly kind: Kind;
  readonly record: Listed;
}

/** Leads to what there is to see of it: a source's page, or its part of the board. */
function Name({ dossier, kind, record }: NameProps) {
  const name = nameOf(record);
  if (kind === 'sources')
    return (
      <Link to="/d/$dossier/sources/$source" params={{ dossier, source: record.slug ?? record.id }}>
        {name}
      </Link>
    );
  if (kind === 'speakers') return name;
  return (
    <Link
      to="/d/$dossier"
      params={{ dossier }}
      search={kind === 'parties' ? { parties: name } : { topics: name }}
    >
      {name}
    </Link>
  );
}

function About({ record }: { readonly record: Listed }) {
  if ('kind' in record) return words.partyKinds[record.kind];
  if ('affiliations' in record)
    return record.affiliations.map(({ party, role, from, to }) => (
      <div key={party.id + (role ?? '') + (from ?? '')}>
        {[party.name, role].filter(Boolean).join(', ')}
        {(from ?? to) && (
          <>
            {' · '}
            <Filled
              text={from === null ? words.until : to === null ? words.since : words.period}
              with={{ from: from && <SaidAt edtf={from} />, to: to && <SaidAt edtf={to} /> }}
            />
          </>
        )}
      </div>
    ));
  if ('proposition' in record) return record.proposition;
  return (
    <>
      {record.outlet}
      {record.outlet && record.publishedAt && ' · '}
      {record.publishedAt && <SaidAt edtf={record.publishedAt} />}
    </>
  );
}
