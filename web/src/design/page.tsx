import { Alert, Button, Group, Loader, Title } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { useEffect, type ReactNode } from 'react';
import { texts } from '../texts/texts.js';
import style from './page.module.css';

interface PageProps {
  readonly title: string;
  /** Beside the title: what can be done here. */
  readonly actions?: ReactNode;
  /** Under the title, in small type. */
  readonly about?: ReactNode;
  /** Hidden: the title is for readers of the screen and for the window alone, where the page says it already. */
  readonly isTitleHidden?: boolean;
  readonly children: ReactNode;
}

/** A page's title, for the window too, and its content. */
export function Page({ title, actions, about, isTitleHidden = false, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · ${texts.name}`;
  }, [title]);
  return (
    <div className={style.page}>
      <header className={style.head} data-hidden={isTitleHidden || undefined}>
        <div>
          <Title order={1} className={style.title} dir="auto">
            {title}
          </Title>
          {about && <div className={style.about}>{about}</div>}
        </div>
        {actions && <Group gap="xs">{actions}</Group>}
      </header>
      {children}
    </div>
  );
}

export function Loading() {
  return (
    <div className={style.waiting} role="status">
      <Loader size="sm" aria-hidden />
      <span>{texts.problems.loading}</span>
    </div>
  );
}

interface ProblemProps {
  readonly error: Error;
  readonly onRetry?: () => void;
}

/** What went wrong and what can be done about it, in the place of what was to be there. */
export function ProblemNote({ error, onRetry }: ProblemProps) {
  return (
    <Alert
      variant="outline"
      color="red"
      icon={<TriangleAlert aria-hidden />}
      title={texts.problems.title}
      role="alert"
    >
      <p className={style.problem}>{texts.problems.explain(error)}</p>
      {onRetry && (
        <Button variant="default" size="xs" onClick={onRetry}>
          {texts.problems.again}
        </Button>
      )}
    </Alert>
  );
}
