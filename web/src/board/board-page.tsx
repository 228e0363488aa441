import { Button, TextInput } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Search, SlidersHorizontal } from 'lucide-react';
import { useMemo } from 'react';
import { dossierQuery } from '../api/dossiers.js';
import { Clocks } from '../design/clocks.js';
import { Loading, Page, ProblemNote } from '../design/page.js';
import { SaveMenu } from '../design/save-menu.js';
import { texts } from '../texts/texts.js';
import { BoardGrid } from './board-grid.js';
import { BoardList } from './board-list.js';
import style from './board-page.module.css';
import { BoardTable } from './board-table.js';
import { ChangesNote } from './changes.js';
import { linesOf } from './board-lines.js';
import { drawBoard } from './board-picture.js';
import { filtered } from './matrix.js';
import type { BoardSearch } from './search.js';
import { useBoard } from './use-board.js';
import { useChanges } from './use-changes.js';
import { usePrinting } from './use-printing.js';

const { board: words } = texts;

/** Where every party stands on every topic. */
export function BoardPage() {
  const { dossier }: { readonly dossier: string } = useParams({ from: '/d/$dossier/' });
  const search: BoardSearch = useSearch({ from: '/d/$dossier/' });
  const navigate = useNavigate({ from: '/d/$dossier/' });
  const show = (part: BoardSearch): void =>
    void navigate({ search: (before: BoardSearch) => ({ ...before, ...part }), replace: true });
  const about = dossierQuery.use(dossier).data;
  const { board, error, isGrowing, retry } = useBoard(dossier, search);
  const changes = useChanges(dossier, about?.id ?? dossier, about?.sequence);
  const shown = useMemo(
    () => board && filtered(board, search.parties, search.topics),
    [board, search.parties, search.topics],
  );
  const moments = useMemo(() => ({ at: search.at, known: search.known }), [search.at, search.known]);
  const isNarrow = useMediaQuery('(width < 48rem)', window.innerWidth < 768);
  const isPrinting = usePrinting();
  const [areToolsOpen, { toggle: toggleTools }] = useDisclosure(
    search.at !== undefined || search.known !== undefined,
  );
  const View = isPrinting ? BoardTable : isNarrow ? BoardList : BoardGrid;
  return (
    <Page title={words.title} isTitleHidden>
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
      <div className={style.tools} hidden={isNarrow && !areToolsOpen}>
        <Clocks at={search.at} known={search.known} taken={board?.known} onChange={show} />
        <div className={style.filters}>
          <Filter
            label={words.findParties}
            value={search.parties}
            onChange={(parties) => show({ parties })}
          />
          <Filter label={words.findTopics} value={search.topics} onChange={(topics) => show({ topics })} />
          {shown && !isGrowing && (
            <SaveMenu
              name={`${dossier}-${shown.at.slice(0, 10)}-event-${shown.known.sequence}`}
              csv={() => linesOf(shown)}
              draw={() => drawBoard(shown)}
            />
          )}
        </div>
      </div>
      <ChangesNote dossier={dossier} changes={changes} />
      {error !== null && <ProblemNote error={error} onRetry={retry} />}
      {shown === undefined ? (
        error === null && <Loading />
      ) : shown.parties.length === 0 || shown.topics.length === 0 ? (
        <p>{board?.cells.size === 0 ? words.empty : words.nothingFound}</p>
      ) : (
        <View dossier={dossier} board={shown} moments={moments} changed={changes.pairs} />
      )}
      {shown && (
        <p className={style.counts} role="status">
          {words.shown(texts.counts.parties(shown.parties.length), texts.counts.topics(shown.topics.length))}
          {isGrowing && ` · ${words.growing}`}
        </p>
      )}
    </Page>
  );
}

interface FilterProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

function Filter({ label, value, onChange }: FilterProps) {
  return (
    <TextInput
      size="xs"
      type="search"
      aria-label={label}
      placeholder={label}
      leftSection={<Search size={14} aria-hidden />}
      value={value ?? ''}
      onChange={({ currentTarget }) => onChange(currentTarget.value || undefined)}
    />
  );
}
