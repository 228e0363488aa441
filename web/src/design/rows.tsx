import type { ReactNode } from 'react';
import style from './rows.module.css';

interface RowsProps {
  readonly label: string;
  readonly children: ReactNode;
}

/** A list of things with thin rules between them. */
export function Rows({ label, children }: RowsProps) {
  return (
    <ul className={style.rows} aria-label={label}>
      {children}
    </ul>
  );
}

interface RowProps {
  readonly name: ReactNode;
  /** Under the name, in small type. */
  readonly also?: ReactNode;
  /** Beside it where there is room. */
  readonly about?: ReactNode;
  readonly actions?: ReactNode;
  /** Below all of it. */
  readonly children?: ReactNode;
}

export function Row({ name, also, about, actions, children }: RowProps) {
  return (
    <li className={style.row}>
      <div className={style.line}>
        <div className={style.name}>
          <div dir="auto">{name}</div>
          {also && (
            <div className={style.also} dir="auto">
              {also}
            </div>
          )}
        </div>
        <div className={style.about}>{about}</div>
        <div className={style.actions}>{actions}</div>
      </div>
      {children}
    </li>
  );
}
