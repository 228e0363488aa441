import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { bisector } from 'd3-array';
import { Loading, Page, ProblemNote } from '../design/page.js';
import { SaveMenu } from '../design/save-menu.js';
import { texts } from '../texts/texts.js';
import { Detail } from './detail.js';
import { Filters } from './filters.js';
import { Lanes } from './lanes.js';
import { Legend } from './legend.js';
import { MarkList } from './mark-list.js';
import { filtered, lanesOf, type Mark } from './marks.js';
import type { TimelineSearch } from './search.js';
import style from './timeline.module.css';
import { useMarks } from './use-marks.js';
import type { Domain, Zooming } from './use-zoom.js';

const { timeline: words } = texts;
const ROUTE = '/d/$dossier/timeline';
const DAY = 86_400_000;
/** Milliseconds without a movement before the address says what is in view. */
const SETTLED = 300;
const { left, right } = bisector(({ said }: Mark) => said);

export function TimelinePage() {
  const { dossier } = useParams({ from: ROUTE });
  const search = useSearch({ from: ROUTE });
  const { marks, isComplete, error, again } = useMarks(dossier, search.known);
  return (
    <Page title={words.title} isTitleHidden>
      {error !== null && <ProblemNote error={error} onRetry={again} />}
      {error === null && marks.length === 0 && (isComplete ? <p>{words.nothing}</p> : <Loading />)}
      {marks.length > 0 && (
        <Timeline dossier={dossier} search={search} marks={marks} isComplete={isComplete} />
      )}
    </Page>
  );
}

interface TimelineProps {
  readonly dossier: string;
  readonly search: TimelineSearch;
  readonly marks: readonly Mark[];
  readonly isComplete: boolean;
}

function Timeline({ dossier, search, marks, isComplete }: TimelineProps) {
  const navigate = useNavigate();
  const { party, topic, speaker, act } = search;
  const shown = useMemo(
    () => filtered(marks, { party, topic, speaker, act }),
    [marks, party, topic, speaker, act],
  );
  const lanes = useMemo(() => lanesOf(shown), [shown]);
  const whole = useMemo(() => wholeOf(marks), [marks]);
  const [view, setView] = useState(() => askedOf(search, whole));
  const domain = view ?? whole;
  const [zooming, setZooming] = useState<Zooming | null>(null);
  const [chosen, choose] = useState<Mark | null>(null);
  const [canvas, setCanvas] = useState<HTMLCanvasElement | null>(null);
  const visible = useMemo(
    () => shown.slice(left(shown, domain[0]), right(shown, domain[1])),
    [shown, domain],
  );
  const change = useCallback(
    (more: TimelineSearch) =>
      void navigate({
        to: ROUTE,
        params: { dossier },
        search: (before: TimelineSearch) => ({ ...before, ...more }),
        replace: true,
      }),
    [navigate, dossier],
  );
  useEffect(() => {
    if (view !== null) zooming?.show(view);
    // the view leads the address; it is led by the one that the page was opened with, and stays where it is when there is more to be seen
  }, [zooming, whole]);
  useEffect(() => {
    const timer = window.setTimeout(() => change(inAddress(view)), SETTLED);
    return () => window.clearTimeout(timer);
  }, [view, change]);
  const byId = useMemo(() => new Map(marks.map((mark) => [mark.id, mark])), [marks]);

  return (
    <>
      <div className={style.top}>
        <Filters marks={marks} search={search} domain={domain} zooming={zooming} onChange={change} />
        <span className={style.count} role="status">
          {words.inView(visible.length, shown.length)}
          {!isComplete && ` · ${words.more}`}
        </span>
        <SaveMenu name={words.title} csv={() => rowsOf(visible)} picture={canvas} />
      </div>
      <div className={style.columns}>
        <div>
          <Lanes
            lanes={lanes}
            whole={whole}
            domain={domain}
            chosen={chosen}
            onDomain={setView}
            onChoose={choose}
            onOpen={({ id }) =>
              void navigate({ to: '/d/$dossier/statements/$statement', params: { dossier, statement: id } })
            }
            onDrawn={setCanvas}
            onZooming={setZooming}
          />
          <Legend />
          <p id="timeline-keys" className={style.keys}>
            {words.keys}
          </p>
        </div>
        <aside className={style.aside} aria-label={words.beside}>
          {chosen && (
            <Detail
              dossier={dossier}
              known={search.known}
              mark={chosen}
              answered={byId.get(chosen.refersTo ?? '') ?? null}
              replies={marks.filter(({ refersTo }) => refersTo === chosen.id)}
              onChoose={choose}
            />
          )}
          <MarkList marks={visible} chosen={chosen} onChoose={choose} />
        </aside>
      </div>
    </>
  );
}

/** All that was said, with some air. */
function wholeOf(marks: readonly Mark[]): Domain {
  const first = marks[0]?.said ?? 0;
  const last = marks.at(-1)?.said ?? first;
  const air = Math.max((last - first) * 0.03, DAY);
  return [first - air, last + air];
}

function askedOf({ from, to }: TimelineSearch, [first, last]: Domain): Domain | null {
  if (from === undefined && to === undefined) return null;
  return [
    from === undefined ? first : Date.parse(from),
    to === undefined ? last : Date.parse(`${to}T23:59:59.999Z`),
  ];
}

/** The days that are in view; none where that is everything. */
function inAddress(view: Domain | null): TimelineSearch {
  return view === null ? { from: undefined, to: undefined } : { from: day(view[0]), to: day(view[1]) };
}

const day = (instant: number): string => new Date(instant).toISOString().slice(0, 10);

function rowsOf(marks: readonly Mark[]): string[][] {
  return [
    [...words.csvColumns],
    ...marks.map(({ said, act, party, speaker, topic, id, refersTo }) => [
      new Date(said).toISOString(),
      act,
      party?.name ?? '',
      speaker?.name ?? '',
      topic?.name ?? '',
      id,
      refersTo ?? '',
    ]),
  ];
}
