import type { ReactNode } from 'react';
import style from './sections.module.css';

interface SectionsProps {
  readonly label: string;
  /** Links; the one of the page that is open bears the class `active`, as the router gives it. */
  readonly children: ReactNode;
}

/** The way among pages that belong together, under their title. */
export function Sections({ label, children }: SectionsProps) {
  return (
    <nav className={style.sections} aria-label={label}>
      {children}
    </nav>
  );
}
