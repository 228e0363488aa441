import { Link, useParams } from '@tanstack/react-router';
import { Answer } from '../design/answer.js';
import { Page } from '../design/page.js';
import { SaveMenu } from '../design/save-menu.js';
import { texts } from '../texts/texts.js';
import { useRecorders, type RecordersAudit } from './ask.js';
import { AuditSections } from './audit-sections.js';
import style from './recorders.module.css';
import type { AuditSearch } from './search.js';

const { recorders: words } = texts;
type Recorder = RecordersAudit['recorders'][number];

/** The kind of revision by which each is listed. */
const KIND = { corrected: 'correction', voided: 'voiding', restored: 'restoration' } as const;
const DID = ['corrected', 'voided', 'restored'] as const;
const WERE = ['corrected', 'voided'] as const;

/** What each recorder did to the record, and what others did to theirs. */
export function RecordersPage() {
  const { dossier } = useParams({ from: '/d/$dossier/audit/recorders' });
  const answer = useRecorders(dossier);
  const recorders = answer.data?.recorders ?? [];
  return (
    <Page
      title={words.title}
      about={words.about}
      actions={recorders.length > 0 && <SaveMenu name={words.title} csv={() => rowsOf(recorders)} />}
    >
      <AuditSections dossier={dossier} />
      <Answer of={answer}>
        {() => (recorders.length === 0 ? <p>{words.none}</p> : <Table {...{ dossier, recorders }} />)}
      </Answer>
    </Page>
  );
}

function Table({
  dossier,
  recorders,
}: {
  readonly dossier: string;
  readonly recorders: readonly Recorder[];
}) {
  return (
    <div className={style.scroll} tabIndex={0} role="region" aria-label={words.table}>
      <table className={style.table}>
        <thead>
          <tr>
            <th scope="col" rowSpan={2} className="label">
              {words.recorder}
            </th>
            <th scope="colgroup" colSpan={DID.length + 1} className={`label ${style.group}`}>
              {words.did}
            </th>
            <th scope="colgroup" colSpan={WERE.length} className={`label ${style.group}`}>
              {words.theirs}
            </th>
          </tr>
          <tr>
            {(['recorded', ...DID] as const).map((what) => (
              <th key={what} scope="col" className={`label ${style.number}`}>
                {words.counted[what]}
              </th>
            ))}
            {WERE.map((what) => (
              <th key={what} scope="col" className={`label ${style.fate}`}>
                {words.were[what]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {recorders.map((each) => (
            <RecorderRow key={each.recorder} dossier={dossier} of={each} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function RecorderRow({ dossier, of }: { readonly dossier: string; readonly of: Recorder }) {
  const { recorder, theirs } = of;
  const revisions = (search: AuditSearch) =>
    ({ to: '/d/$dossier/audit', params: { dossier }, search }) as const;
  return (
    <tr>
      <th scope="row">
        <Link {...revisions({ recorder })}>
          <bdi>{recorder}</bdi>
        </Link>
      </th>
      <td className={style.number}>{of.recorded}</td>
      {DID.map((what) => (
        <td key={what} className={style.number}>
          {of[what] === 0 ? (
            <span className={style.nothing}>0</span>
          ) : (
            <Link
              {...revisions({ recorder, kind: KIND[what] })}
              aria-label={words.events[what](of[what], recorder)}
            >
              {of[what]}
            </Link>
          )}
        </td>
      ))}
      {WERE.map((what) => (
        <td key={what} className={style.fate}>
          {theirs[what].length === 0 ? (
            <span className={style.nothing}>0</span>
          ) : (
            theirs[what].map(({ by, records }) => (
              <Link key={by} {...revisions({ recorder: by, enteredBy: recorder, kind: KIND[what] })}>
                {words.by(records, by)}
              </Link>
            ))
          )}
        </td>
      ))}
    </tr>
  );
}

function rowsOf(recorders: readonly Recorder[]): string[][] {
  return [
    [...words.csvColumns],
    ...recorders.map(({ recorder, recorded, corrected, voided, restored, theirs }) => [
      recorder,
      ...[recorded, corrected, voided, restored].map(String),
      ...WERE.map((what) => theirs[what].map(({ by, records }) => words.by(records, by)).join('; ')),
    ]),
  ];
}
