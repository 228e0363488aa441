import { Link } from '@tanstack/react-router';
import { StanceMark } from '../design/stance-mark.js';
import { Instant } from '../design/time.js';
import { texts } from '../texts/texts.js';
import type { Pair } from './ask.js';
import style from './position.module.css';
import type { Chapter, Piece, Story } from './story.js';

const { position: words } = texts;

interface TableProps {
  readonly pair: Pair;
  readonly story: Story;
}

/** What the band shows, as a table. */
export function HistoryTable({ pair: { dossier }, story: { chapters } }: TableProps) {
  return (
    <details className={style.table}>
      <summary>{words.asTable}</summary>
      <div className={style.scroll} tabIndex={0} role="region" aria-label={words.asTable}>
        <table>
          <thead>
            <tr>
              {words.columns.map((column) => (
                <th key={column} scope="col" className="label">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {chapters.map((chapter) => (
              <tr key={chapter.from + chapter.stance}>
                <td>
                  <Instant at={iso(chapter.from)} />
                </td>
                <td>{chapter.to === null ? words.still : <Instant at={iso(chapter.to)} />}</td>
                <td>{chapter.shift && texts.shifts[chapter.shift.kind]}</td>
                <td>
                  <StanceMark stance={chapter.stance} shape="inline" />
                </td>
                <td dir="auto">{chapter.conditions.join('; ')}</td>
                <td>
                  <SetBy piece={chapter.pieces[0]} dossier={dossier} />
                </td>
                <td className={style.number}>{chapter.pieces.length}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function SetBy({ piece, dossier }: { readonly piece: Piece | undefined; readonly dossier: string }) {
  if (piece === undefined) return null;
  if (piece.kind === 'assessment') return texts.acts.PositionAssessed;
  const { speaker, act, id, slug } = piece.record;
  return (
    <>
      <Link to="/d/$dossier/statements/$statement" params={{ dossier, statement: slug ?? id }}>
        {texts.acts[act]}
      </Link>
      {speaker && (
        <>
          {' · '}
          <bdi>{speaker.name}</bdi>
        </>
      )}
    </>
  );
}

/** Every piece of every position, a row each, with all that the page says of it. */
export function historyRows({ chapters }: Story): string[][] {
  return [
    [...words.csvColumns],
    ...chapters.flatMap((chapter) => chapter.pieces.map((piece) => row(chapter, piece))),
  ];
}

function row({ from, to, stance, conditions, shift }: Chapter, piece: Piece): string[] {
  const { role, saidAt, record } = piece;
  const position = [iso(from), to === null ? '' : iso(to), stance, conditions.join('; '), shift?.kind ?? ''];
  const recorded = [record.recordedBy, record.recordedAt, String(record.sequence), record.id];
  if (piece.kind === 'assessment')
    return [
      ...position,
      role,
      'PositionAssessed',
      saidAt,
      '',
      '',
      '',
      piece.record.rationale,
      '',
      ...recorded,
    ];
  const { act, speaker, attribution, passage, summary, source } = piece.record;
  return [
    ...position,
    role,
    act,
    saidAt,
    speaker?.name ?? '',
    attribution,
    passage?.exact ?? '',
    summary ?? '',
    source?.title ?? '',
    ...recorded,
  ];
}

const iso = (instant: number): string => new Date(instant).toISOString();
