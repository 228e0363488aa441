import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { Button } from '@mantine/core';
import { SlidersHorizontal } from 'lucide-react';
import { Loading, Page, ProblemNote } from '../design/page.js';
import { PeriodClocks, type Period } from '../design/period-clocks.js';
import { SaveMenu } from '../design/save-menu.js';
import { texts } from '../texts/texts.js';
import { Detail } from './detail.js';
import { Filters } from './filters.js';
import { Lanes } from './lanes.js';
import { Legend } from './legend.js';
import { MarkList } from './mark-list.js';
import { filtered, lanesOf, within, type Mark } from './marks.js';
import type { TimelineSearch } from './search.js';
import style from './timeline.module.css';
import { useMarks, type Marks } from './use-marks.js';
import type { Domain, Zooming } from './use-zoom.js';

const { timeline: words } = texts;
const ROUTE = '/d/$dossier/timeline';
const DAY = 86_400_000;
/** Milliseconds without a movement before the address says what is in view. */
const SETTLED = 300;

export function TimelinePage() {
  const { dossier } = useParams({ from: ROUTE });
  const search = useSearch({ from: ROUTE });
  const { again, ...answer } = useMarks(dossier, search.known);
  const { marks, isComplete, error } = answer;
  return (
    <Page title={words.title} isTitleHidden>
      {error !== null && <ProblemNote error={error} onRetry={again} />}
      {marks.length === 0 && !isComplete && error === null && <Loading />}
      {(marks.length > 0 || isComplete || error !== null) && (
        <Timeline dossier={dossier} search={search} {...answer} />
      )}
    </Page>
  );
}

interface TimelineProps extends Marks {
  readonly dossier: string;
  readonly search: TimelineSearch;
}

function Timeline({ dossier, search, marks, taken, isComplete }: TimelineProps) {
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
  const [chosenId, chooseId] = useState<string | null>(null);
  const choose = useCallback((mark: Mark | null) => chooseId(mark?.id ?? null), []);
  const [canvas, setCanvas] = useState<HTMLCanvasElement | null>(null);
  const visible = useMemo(() => within(shown, domain), [shown, domain]);
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
  const chosen = byId.get(chosenId ?? '') ?? null;
  const replies = useMemo(() => marks.filter(({ refersTo }) => refersTo === chosenId), [marks, chosenId]);
  const isNarrow = useMediaQuery('(width < 48rem)', window.innerWidth < 768);
  const [areToolsOpen, { toggle: toggleTools }] = useDisclosure(search.known !== undefined);
  const areToolsHidden = isNarrow && !areToolsOpen;

  return (
    <>
      {isNarrow && (
        <Button
          variant="default"
          size="xs"
          mb="sm"
          aria-expanded={areToolsOpen}
          leftSection={<SlidersHorizontal size={14} aria-hidden />}
          onClick={toggleTools}
        >
          {words.tools}
        </Button>
      )}
      <div className={style.tools} hidden={areToolsHidden}>
        <PeriodClocks
          period={marks.length === 0 ? ['', ''] : [day(domain[0]), day(domain[1])]}
          isWhole={view === null || marks.length === 0}
          known={search.known}
          taken={taken}
          onPeriod={(period) => zooming?.show(daysOf(period))}
          onKnown={(known) => change({ known })}
        />
      </div>
      <div className={style.top}>
        <div hidden={areToolsHidden}>
          <Filters marks={marks} search={search} zooming={zooming} onChange={change} />
        </div>
        <span className={style.count} role="status">
          {words.inView(visible.length, shown.length)}
          {!isComplete && ` · ${words.more}`}
        </span>
        <SaveMenu name={words.title} csv={() => rowsOf(visible)} picture={canvas} />
      </div>
      {marks.length === 0 && isComplete && <p>{words.nothing}</p>}
      {marks.length > 0 && (
        <div className={style.columns}>
          <div>
            <Lanes
              dossier={dossier}
              known={search.known}
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
                replies={replies}
                onChoose={choose}
              />
            )}
            <MarkList marks={visible} chosen={chosen} onChoose={choose} />
          </aside>
        </div>
      )}
    </>
  );
}

/** All that was said, with some air; spans to their ends, where they have some. */
function wholeOf(marks: readonly Mark[]): Domain {
  const ends = marks.map(({ from, to, said }) => [
    Number.isFinite(from) ? from : said,
    Number.isFinite(to) ? to : said,
  ]);
  const first = ends.reduce((least, [from = least]) => Math.min(least, from), Infinity);
  const last = ends.reduce((most, [, to = most]) => Math.max(most, to), first);
  if (marks.length === 0) return [0, DAY];
  const air = Math.max((last - first) * 0.03, DAY);
  return [first - air, last + air];
}

function askedOf({ from, to }: TimelineSearch, [first, last]: Domain): Domain | null {
  if (from === undefined && to === undefined) return null;
  return [from === undefined ? first : Date.parse(from), to === undefined ? last : endOf(to)];
}

const daysOf = ([from, to]: Period): Domain => [Date.parse(from), endOf(to)];
const endOf = (date: string): number => Date.parse(`${date}T23:59:59.999Z`);

/** The days that are in view; none where that is everything. */
function inAddress(view: Domain | null): TimelineSearch {
  return view === null ? { from: undefined, to: undefined } : { from: day(view[0]), to: day(view[1]) };
}

const day = (instant: number): string => new Date(instant).toISOString().slice(0, 10);

function rowsOf(marks: readonly Mark[]): string[][] {
  return [
    [...words.csvColumns],
    ...marks.map(({ saidAt, said, act, party, speaker, topic, id, refersTo }) => [
      saidAt,
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
