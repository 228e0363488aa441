import { Button } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { PencilLine } from 'lucide-react';
import { useMemo } from 'react';
import { useMay } from '../api/may.js';
import { Answer } from '../design/answer.js';
import { Page } from '../design/page.js';
import { SaidAt } from '../design/time.js';
import { texts } from '../texts/texts.js';
import { Erased } from './erased.js';
import { MarkedText } from './marked-text.js';
import { marksOf } from './passages-of-statements.js';
import { useSource, useStatementsOfSource, type Source, type Statement } from './queries.js';
import { RecordedList } from './recorded-list.js';
import { WebAddress } from './web-address.js';
import style from './workbench.module.css';
import textStyle from './source-text.module.css';

const { sourcePage: words } = texts.record;
const NONE: readonly Statement[] = [];

export function SourcePage() {
  const { dossier, source } = useParams({ from: '/d/$dossier/sources/$source' });
  const answer = useSource(dossier, source);
  return <Answer of={answer}>{(found) => <Shown key={found.id} dossier={dossier} source={found} />}</Answer>;
}

/** A source, with the passages of all that was recorded from it. */
function Shown({ dossier, source }: { readonly dossier: string; readonly source: Source }) {
  const { id, slug, title, outlet, publishedAt, url, language, text = null, textSha256, redacted } = source;
  const may = useMay(dossier);
  const { data: statements = NONE } = useStatementsOfSource(dossier, id);
  const marks = useMemo(() => marksOf(text, statements), [text, statements]);
  const actions = may.record && (
    <Button
      size="xs"
      style={{ color: 'var(--button-color)' }} // of a link the pages' own style would say another
      leftSection={<PencilLine size={14} aria-hidden />}
      renderRoot={(props) => (
        <Link to="/d/$dossier/record" params={{ dossier }} search={{ source: slug ?? id }} {...props} />
      )}
    >
      {words.record}
    </Button>
  );
  const about = (
    <span className={style.about}>
      {outlet && <span dir="auto">{outlet}</span>}
      {publishedAt && <SaidAt edtf={publishedAt} />}
      {language && <span>{language}</span>}
      <WebAddress url={url} />
    </span>
  );
  return (
    <Page title={title} about={about} actions={actions}>
      <div className={style.bench}>
        <div className={style.source}>
          {redacted && <Erased redaction={redacted} />}
          {text === null ? (
            <p className={style.hint}>{words.noText}</p>
          ) : (
            <div className={textStyle.plain} lang={language ?? undefined} dir="auto">
              <MarkedText text={text} marks={marks} />
            </div>
          )}
          {textSha256 && (
            <p className={style.digest}>
              <span className="label">{words.digest}</span> <code>{textSha256}</code>
            </p>
          )}
        </div>
        <aside className={style.side}>
          <RecordedList dossier={dossier} statements={statements} isTextKnown={text !== null} />
        </aside>
      </div>
    </Page>
  );
}
