import { Button, Select } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { FileQuestion, MessageSquareDashed, Unlink, type LucideIcon } from 'lucide-react';
import { answered, api } from '../api/client.js';
import { Clocks } from '../design/clocks.js';
import { Filled } from '../design/filled.js';
import { Loading, Page, ProblemNote } from '../design/page.js';
import { SaveMenu } from '../design/save-menu.js';
import { StanceMark } from '../design/stance-mark.js';
import { Instant } from '../design/time.js';
import { texts } from '../texts/texts.js';
import type { WeakPosition } from './ask.js';
import { AuditSections } from './audit-sections.js';
import { FilterField } from './filter-field.js';
import { Recorded } from './revision-item.js';
import revisions from './revisions.module.css';
import { WEAKNESSES, type Weakness, type WeakSearch } from './search.js';
import style from './weak-positions.module.css';

const { weak: words } = texts;
const ROUTE = '/d/$dossier/audit/weak-positions';
type WeakPositions = { readonly items: readonly WeakPosition[]; readonly next: string | null };

/** The positions that an auditor looks at first, with the last of what they rest on. */
export function WeakPositionsPage() {
  const { dossier } = useParams({ from: ROUTE });
  const search = useSearch({ from: ROUTE });
  const navigate = useNavigate();
  const change = (more: WeakSearch) =>
    void navigate({ to: ROUTE, params: { dossier }, search: { ...search, ...more } });
  const { data, error, hasNextPage, isFetching, fetchNextPage } = useWeakPositions(dossier, search);
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page
      title={words.title}
      about={words.about}
      actions={items.length > 0 && <SaveMenu name={words.title} csv={() => rowsOf(items)} />}
    >
      <AuditSections dossier={dossier} />
      <Clocks asks="known" known={search.known} onChange={({ known }) => change({ known })} />
      <div className={revisions.form} role="group" aria-label={words.narrow}>
        <Select
          size="xs"
          clearable
          label={words.only.reason}
          data={WEAKNESSES.map((each) => ({ value: each, label: words.reasons[each] }))}
          value={search.reason ?? null}
          onChange={(value) => change({ reason: WEAKNESSES.find((each) => each === value) })}
        />
        {(['party', 'topic'] as const).map((field) => (
          <FilterField
            key={field}
            label={words.only[field]}
            value={search[field] ?? ''}
            onSettle={(text) => change({ [field]: text })}
          />
        ))}
      </div>
      {error && <ProblemNote error={error} />}
      <ul className={style.positions}>
        {items.map((item) => (
          <WeakItem
            key={item.party.id + item.topic.id}
            dossier={dossier}
            known={search.known}
            position={item}
          />
        ))}
      </ul>
      {isFetching && <Loading />}
      {data && items.length === 0 && <p>{words.none}</p>}
      {hasNextPage && !isFetching && (
        <Button variant="default" size="xs" mt="md" onClick={() => void fetchNextPage()}>
          {texts.audit.more}
        </Button>
      )}
    </Page>
  );
}

function useWeakPositions(dossier: string, { reason, party, topic, known }: WeakSearch) {
  return useInfiniteQuery({
    queryKey: [dossier, 'weak-positions', reason, party, topic, known],
    initialPageParam: '',
    getNextPageParam: ({ next }: WeakPositions) => next,
    queryFn: ({ pageParam, signal }): Promise<WeakPositions> =>
      answered(
        api.GET('/api/v1/dossiers/{dossier}/audit/weak-positions', {
          params: {
            path: { dossier },
            query: {
              ...(reason && { reason }),
              ...(party && { party }),
              ...(topic && { topic }),
              ...(known && { known }),
              ...(pageParam && { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
  });
}

interface WeakItemProps {
  readonly dossier: string;
  readonly known: string | undefined;
  readonly position: WeakPosition;
}

function WeakItem({ dossier, known, position: weak }: WeakItemProps) {
  const { party, topic, position, basis } = weak;
  const params = { dossier, party: party.slug ?? party.id, topic: topic.slug ?? topic.id };
  return (
    <li className={style.position}>
      <div className={style.side}>
        <h2 className={style.pair}>
          <Link to="/d/$dossier/positions/$party/$topic" params={params} search={{ known }}>
            <bdi>{party.name}</bdi> · <bdi>{topic.name}</bdi>
          </Link>
        </h2>
        <div className={style.stance}>
          <StanceMark stance={position.stance} />
          <span className={style.since}>
            <Filled text={words.since} with={{ date: <Instant at={position.since} /> }} />
          </span>
        </div>
        {position.conditions.length > 0 && (
          <em dir="auto">{texts.position.conditions(position.conditions)}</em>
        )}
        <Link to="/d/$dossier/positions/$party/$topic/audit" params={params} search={{ known }}>
          {words.history}
        </Link>
      </div>
      <div>
        <ul className={style.reasons}>
          {weak.reasons.map((reason) => {
            const Icon = ICONS[reason];
            return (
              <li key={reason} className={style.reason}>
                <Icon size={15} aria-hidden /> {inWords(reason, weak)}
              </li>
            );
          })}
        </ul>
        {basis.length > 1 && <p className={style.more}>{words.restsOn(basis.length)}</p>}
        <Recorded dossier={dossier} of={weak} />
      </div>
    </li>
  );
}

const ICONS: Readonly<Record<Weakness, LucideIcon>> = {
  'one-statement': FileQuestion,
  'reported-only': MessageSquareDashed,
  'source-gone': Unlink,
};

function inWords(reason: Weakness, { assessment }: WeakPosition): string {
  return reason === 'one-statement' && assessment !== null ? words.oneAssessment : words.reasons[reason];
}

function rowsOf(items: readonly WeakPosition[]): string[][] {
  return [
    [...words.csvColumns],
    ...items.map((weak) => {
      const { party, topic, position, basis, reasons, statement, assessment } = weak;
      return [
        party.name,
        topic.name,
        position.stance,
        position.conditions.join('; '),
        position.since,
        reasons.map((reason) => inWords(reason, weak)).join('; '),
        String(basis.length),
        statement?.quote ?? statement?.summary ?? assessment?.rationale ?? '',
        statement?.source?.title ?? '',
        basis.join(' '),
      ];
    }),
  ];
}
