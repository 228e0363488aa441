import { Link, Outlet, useMatches, useParams } from '@tanstack/react-router';
import { dossierQuery } from '../api/dossiers.js';
import { useLiveDossier } from '../api/live.js';
import { useMay } from '../api/may.js';
import { Answer } from '../design/answer.js';
import { texts } from '../texts/texts.js';
import style from './shell.module.css';

const { shell: words } = texts;

/** What is around every page of a dossier: its name, its sections, and the stream that keeps them current. */
export function DossierShell() {
  const { dossier } = useParams({ from: '/d/$dossier' });
  useLiveDossier(dossier);
  const may = useMay(dossier);
  const answer = dossierQuery.use(dossier);
  const isList = useMatches().some(({ routeId }) => String(routeId).endsWith('/lists/$kind'));
  return (
    <Answer of={answer}>
      {({ title }) => (
        <>
          <div className={style.dossier}>
            <span className={style.dossierTitle} dir="auto">
              {title}
            </span>
            <nav aria-label={words.sections} className={style.tabs}>
              <Link
                to="/d/$dossier"
                params={{ dossier }}
                className={style.tab}
                activeOptions={{ exact: true, includeSearch: false }}
              >
                {words.tabs.board}
              </Link>
              <Link to="/d/$dossier/timeline" params={{ dossier }} className={style.tab}>
                {words.tabs.timeline}
              </Link>
              {may.record && (
                <Link to="/d/$dossier/record" params={{ dossier }} className={style.tab}>
                  {words.tabs.record}
                </Link>
              )}
              {may.audit && (
                <Link to="/d/$dossier/audit" params={{ dossier }} className={style.tab}>
                  {words.tabs.audit}
                </Link>
              )}
              <Link
                to="/d/$dossier/lists/$kind"
                params={{ dossier, kind: 'parties' }}
                className={`${style.tab} ${isList ? 'active' : ''}`}
              >
                {words.tabs.lists}
              </Link>
            </nav>
          </div>
          <Outlet />
        </>
      )}
    </Answer>
  );
}
