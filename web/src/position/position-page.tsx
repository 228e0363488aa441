import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useMay } from '../api/may.js';
import { readMoments } from '../design/address.js';
import { Answer } from '../design/answer.js';
import { Clocks } from '../design/clocks.js';
import { Page } from '../design/page.js';
import { SaveMenu } from '../design/save-menu.js';
import { texts } from '../texts/texts.js';
import { useAccount, type Account, type Pair } from './ask.js';
import { Band } from './band.js';
import { Chapters } from './chapters.js';
import { Lead } from './lead.js';
import style from './position.module.css';
import { storyOf } from './story.js';
import { historyRows, HistoryTable } from './table.js';

const { position: words } = texts;
const ROUTE = '/d/$dossier/positions/$party/$topic';

export function PositionPage() {
  const pair = useParams({ from: ROUTE });
  const { at, known } = readMoments(useSearch({ from: ROUTE }));
  const account = useAccount(pair, { at, known });
  const navigate = useNavigate();
  return (
    <Answer of={account}>
      {(answer) => (
        <Position
          pair={pair}
          account={answer}
          isAsked={at !== undefined}
          clocks={
            <Clocks
              at={at}
              known={known}
              taken={answer.now.known}
              onChange={(moments) => void navigate({ to: ROUTE, params: pair, search: moments })}
            />
          }
        />
      )}
    </Answer>
  );
}

interface PositionProps {
  readonly pair: Pair;
  readonly account: Account;
  readonly isAsked: boolean;
  readonly clocks: React.ReactNode;
}

function Position({ pair, account, isAsked, clocks }: PositionProps) {
  const { now, proposition } = account;
  const may = useMay(pair.dossier);
  const story = useMemo(() => storyOf(account), [account]);
  const [chart, setChart] = useState<SVGSVGElement | null>(null);
  const [wanted, setWanted] = useState<string | null>(null);
  const title = words.title(now.party.name, now.topic.name);
  const hasHistory = story.chapters.length > 0;
  return (
    <Page
      title={title}
      about={proposition !== null && <span dir="auto">{words.proposition(proposition)}</span>}
      actions={
        <>
          {may.audit && (
            <Link to="/d/$dossier/positions/$party/$topic/audit" params={pair} className="screen-only">
              {words.toAudit}
            </Link>
          )}
          <SaveMenu
            name={words.file(now.party.name, now.topic.name)}
            csv={() => historyRows(story)}
            picture={chart}
          />
        </>
      }
    >
      {clocks}
      <Lead pair={pair} account={account} story={story} isAsked={isAsked} />
      {hasHistory && (
        <section aria-label={words.history}>
          <Band
            story={story}
            isAsked={isAsked}
            title={words.bandOf(title)}
            onDrawn={setChart}
            onChoose={setWanted}
          />
          <Legend />
          <HistoryTable pair={pair} story={story} />
        </section>
      )}
      <Chapters pair={pair} story={story} wanted={wanted} />
    </Page>
  );
}

/** What the marks on the band are. */
function Legend() {
  return (
    <ul className={style.legend} aria-label={words.legend}>
      {(['sets', 'reaffirms', 'evidence', 'assessment', 'span'] as const).map((mark) => (
        <li key={mark}>
          <span className={style.sample} data-mark={mark} aria-hidden />
          {words.marks[mark]}
        </li>
      ))}
    </ul>
  );
}
