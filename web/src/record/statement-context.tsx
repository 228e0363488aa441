import { Link } from '@tanstack/react-router';
import { Answer } from '../design/answer.js';
import { SaidAt } from '../design/time.js';
import { texts } from '../texts/texts.js';
import { lineOf } from './labels.js';
import { MarkedText } from './marked-text.js';
import { placesOf } from './passages.js';
import { useSource, type Source, type Statement } from './queries.js';
import type { Stretch } from './selecting.js';
import { WebAddress } from './web-address.js';
import style from './statement-page.module.css';
import textStyle from './source-text.module.css';

const { page: words } = texts.record;

/** UTF-16 units of the source that are shown before and after a passage, to the ends of paragraphs where they are near. */
const AROUND = 600;

interface StatementContextProps {
  readonly dossier: string;
  readonly statement: Statement;
}

/** The passage where it stands in its source. */
export function StatementContext({ dossier, statement }: StatementContextProps) {
  const source = useSource(dossier, statement.source?.id ?? null);
  return (
    <section className={style.section}>
      <h2 className="label">{words.context}</h2>
      {statement.source === null ? (
        <p className={style.more}>{words.noSource}</p>
      ) : (
        <Answer of={source}>
          {(found) => <Context dossier={dossier} statement={statement} source={found} />}
        </Answer>
      )}
    </section>
  );
}

function Context({ dossier, statement, source }: StatementContextProps & { readonly source: Source }) {
  const { title, outlet, publishedAt, url, text = null, slug, id, language } = source;
  const { anchor } = statement;
  const [place = null] = text === null ? [] : placesOf(text, [anchor]);
  return (
    <>
      <div className={style.source}>
        <Link
          to="/d/$dossier/sources/$source"
          params={{ dossier, source: slug ?? id }}
          className={style.title}
        >
          <span dir="auto">{title}</span>
        </Link>
        <div className={style.about}>
          {outlet && <span dir="auto">{outlet}</span>}
          {publishedAt && <SaidAt edtf={publishedAt} />}
          <WebAddress url={url} />
        </div>
      </div>
      {text !== null && place !== null && (
        <div className={textStyle.plain} lang={language ?? undefined} dir="auto">
          <Excerpt text={text} place={place} statement={statement} />
        </div>
      )}
      <p className={style.more}>{anchor === null ? words.noText : words.anchors[anchor.status]}</p>
    </>
  );
}

function Excerpt({ text, place, statement }: { text: string; place: Stretch; statement: Statement }) {
  const start = beginning(text, place.start);
  const end = ending(text, place.end);
  const mark = {
    start: place.start - start,
    end: place.end - start,
    id: statement.id,
    title: lineOf(statement),
  };
  return (
    <>
      {start > 0 && '… '}
      <MarkedText text={text.slice(start, end)} marks={[mark]} current={statement.id} />
      {end < text.length && ' …'}
    </>
  );
}

function beginning(text: string, at: number): number {
  const nearest = Math.max(0, at - AROUND);
  const paragraph = text.indexOf('\n', nearest);
  if (nearest === 0) return 0;
  if (paragraph !== -1 && paragraph < at) return paragraph + 1;
  const word = text.indexOf(' ', nearest);
  return word !== -1 && word < at ? word + 1 : at;
}

function ending(text: string, at: number): number {
  const farthest = Math.min(text.length, at + AROUND);
  if (farthest === text.length) return farthest;
  const paragraph = text.lastIndexOf('\n', farthest);
  if (paragraph > at) return paragraph;
  const word = text.lastIndexOf(' ', farthest);
  return word > at ? word : at;
}
