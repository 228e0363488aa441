import { Link, Outlet } from '@tanstack/react-router';
import { LogIn } from '../session/log-in.js';
import { useSession } from '../session/use-session.js';
import { texts } from '../texts/texts.js';
import { Account } from './account.js';
import style from './shell.module.css';

const { shell: words } = texts;

/** What is around every page. */
export function Shell() {
  const { me, isAsked } = useSession();
  if (me === undefined) return null;
  if (me === null && isAsked) return <LogIn />;
  return (
    <>
      <a className="skip" href="#content">
        {words.skip}
      </a>
      <header className={style.bar}>
        <nav aria-label={words.main} className={style.nav}>
          <Link to="/" className={style.name}>
            {texts.name}
          </Link>
          {me && (
            <Link to="/" className={style.link} activeOptions={{ exact: true }}>
              {words.dossiers}
            </Link>
          )}
          {me?.role === 'administrator' && (
            <Link to="/users" className={style.link}>
              {words.users}
            </Link>
          )}
        </nav>
        <Account />
      </header>
      <main id="content" tabIndex={-1} className={style.content}>
        <Outlet />
      </main>
    </>
  );
}
