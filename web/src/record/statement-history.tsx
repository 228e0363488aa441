import { useQuery } from '@tanstack/react-query';
import { answered, api, type Schemas } from '../api/client.js';
import { Answer } from '../design/answer.js';
import { Instant } from '../design/time.js';
import { texts } from '../texts/texts.js';
import { useParties, useSources, useSpeakers, useTopics, type Statement } from './queries.js';
import style from './statement-page.module.css';

const { page: words, form: fieldWords } = texts.record;

interface StatementHistoryProps {
  readonly dossier: string;
  readonly statement: Pick<Statement, 'id' | 'version'>;
}

/** Every event that touched a statement: our record moved, by whom and why. */
export function StatementHistory({ dossier, statement }: StatementHistoryProps) {
  const { id, version } = statement;
  const history = useQuery({
    queryKey: [dossier, 'statements', id, 'history', version],
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/v1/dossiers/{dossier}/statements/{id}/history', {
          params: { path: { dossier, id } },
          signal,
        }),
      ),
  });
  const nameOf = useNames(dossier);
  return (
    <section className={style.section}>
      <h2 className="label">{words.history}</h2>
      <Answer of={history}>
        {({ items }) => (
          <ol className={style.events}>
            {items.map((event) => (
              <li key={event.sequence}>
                <div className={style.event}>
                  <strong>{titleOf(event)}</strong>
                  <span className={style.known}>
                    <Instant at={event.recordedAt} />
                  </span>
                  <span className={style.more}>{words.recordedBy(event.recordedBy)}</span>
                  <span className={style.more}>#{event.sequence}</span>
                </div>
                {event.redacted && <p className={style.more}>{texts.record.erased.title}</p>}
                <Told data={event.data} nameOf={nameOf} />
              </li>
            ))}
          </ol>
        )}
      </Answer>
    </section>
  );
}

function titleOf({ type }: Schemas['Event']): string {
  const told: Readonly<Record<string, string>> = words.events;
  return told[type] ?? `${words.events.recorded}: ${texts.record.act(type)}`;
}

function Told({ data, nameOf }: { readonly data: unknown; readonly nameOf: (value: unknown) => string }) {
  const { reason, changes } = (data ?? {}) as { reason?: unknown; changes?: unknown };
  return (
    <>
      {typeof reason === 'string' && (
        <p className={style.reason} dir="auto">
          {reason}
        </p>
      )}
      {typeof changes === 'object' && changes !== null && (
        <ul className={style.changes}>
          {Object.entries(changes).map(([field, change]) => {
            const { from, to } = change as { from?: unknown; to?: unknown };
            return (
              <li key={field}>
                <span className="label">{labelOf(field)}</span> <del dir="auto">{nameOf(from)}</del>{' '}
                <ins dir="auto">{nameOf(to)}</ins>
              </li>
            );
          })}
        </ul>
      )}
    </>
  );
}

function labelOf(field: string): string {
  const labels: Readonly<Record<string, unknown>> = { ...fieldWords, source: texts.record.source };
  const label = labels[field];
  return typeof label === 'string' ? label : field;
}

/** Values of fields as somebody reads them: what is referred to by its name. */
function useNames(dossier: string): (value: unknown) => string {
  const { data: parties = [] } = useParties(dossier);
  const { data: speakers = [] } = useSpeakers(dossier);
  const { data: topics = [] } = useTopics(dossier);
  const { data: sources = [] } = useSources(dossier);
  const names = new Map<unknown, string>([
    ...[...parties, ...speakers, ...topics].map(({ id, name }) => [id, name] as const),
    ...sources.map(({ id, title }) => [id, title] as const),
  ]);
  const nameOf = (value: unknown): string => {
    if (value === null || value === undefined || value === '') return words.none;
    if (Array.isArray(value)) return value.length === 0 ? words.none : value.map(nameOf).join(', ');
    if (typeof value === 'object' && 'exact' in value) return String(value.exact);
    return names.get(value) ?? String(value);
  };
  return nameOf;
}
