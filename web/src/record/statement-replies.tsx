import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { answered, api } from '../api/client.js';
import { StanceMark } from '../design/stance-mark.js';
import { texts } from '../texts/texts.js';
import { lineOf, shortened, wordsOf } from './labels.js';
import { useStatement, type Statement } from './queries.js';
import style from './statement-page.module.css';
import list from './workbench.module.css';

const { page: words } = texts.record;
const MOST_SHOWN = 200;

interface StatementRepliesProps {
  readonly dossier: string;
  readonly statement: Statement;
}

/** What a statement answers, and what answers it. */
export function StatementReplies({ dossier, statement }: StatementRepliesProps) {
  const { id, refersTo } = statement;
  const { data: referred } = useStatement(dossier, refersTo);
  const { data: replies } = useQuery({
    queryKey: [dossier, 'statements', id, 'replies'],
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/v1/dossiers/{dossier}/statements/{id}/replies', {
          params: { path: { dossier, id }, query: { limit: MOST_SHOWN } },
          signal,
        }),
      ),
  });
  return (
    <>
      {referred && (
        <section className={style.section}>
          <h2 className="label">{words.answers}</h2>
          <Statements dossier={dossier} statements={[referred]} />
        </section>
      )}
      <section className={style.section}>
        <h2 className="label">{words.replies}</h2>
        {replies?.items.length === 0 && <p className={style.more}>{words.noReplies}</p>}
        <Statements dossier={dossier} statements={replies?.items ?? []} />
      </section>
    </>
  );
}

function Statements({ dossier, statements }: { dossier: string; statements: readonly Statement[] }) {
  return (
    <ul className={list.list}>
      {statements.map((each) => (
        <li key={each.id}>
          <Link
            to="/d/$dossier/statements/$statement"
            params={{ dossier, statement: each.id }}
            className={list.words}
          >
            <span dir="auto">{shortened(wordsOf(each))}</span>
          </Link>
          <div className={list.line}>
            <span dir="auto">{lineOf(each)}</span>
            {each.resolved.stance && each.resolved.topic && (
              <StanceMark stance={each.resolved.stance} shape="inline" />
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
