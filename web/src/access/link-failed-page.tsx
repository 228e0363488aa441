import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Filled } from '../design/filled.js';
import { Page } from '../design/page.js';
import { TokenForm } from '../session/log-in.js';
import { useSession } from '../session/use-session.js';
import { texts } from '../texts/texts.js';
import type { LinkFailedSearch } from './search.js';
import style from './link-failed-page.module.css';

const { linkFailed: words } = texts.session;

/** Where a login link leads that does not log anybody in: why, and what to do next. */
export function LinkFailedPage() {
  const { why }: LinkFailedSearch = useSearch({ from: '/not-logged-in' });
  const { me } = useSession();
  const navigate = useNavigate();
  const told = words[why ?? 'used'];
  return (
    <Page title={told.title}>
      <div className={style.text}>
        <p>{told.why}</p>
        {me ? (
          <>
            <p>
              <Filled text={words.loggedIn} with={{ name: <bdi>{me.name}</bdi> }} />
            </p>
            <Link to="/">{words.toDossiers}</Link>
          </>
        ) : (
          <>
            <p>{told.next}</p>
            <TokenForm onDone={() => void navigate({ to: '/' })} />
          </>
        )}
      </div>
    </Page>
  );
}
