import { Button, Progress } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { CircleAlert, CircleCheck, CircleX, ShieldCheck } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { dossierQuery } from '../api/dossiers.js';
import { Filled } from '../design/filled.js';
import { Page, ProblemNote } from '../design/page.js';
import { texts } from '../texts/texts.js';
import { AuditSections } from './audit-sections.js';
import style from './verify.module.css';
import type { Finding } from './proof/findings.js';
import { checkHead, checkProven, checkWhole, type ProvenEvent } from './proof/log.js';
import { remember, remembered } from './proof/memory.js';
import { sourceOf } from './proof/source.js';

const { verify: words } = texts;

/** An event of the log, checked here. */
export function VerifyEventPage() {
  const { dossier, sequence } = useParams({ from: '/d/$dossier/audit/verify/$sequence' });
  return <Verify key={sequence} dossier={dossier} sequence={Number(sequence)} />;
}

/** The log itself, checked here. */
export function VerifyLogPage() {
  const { dossier } = useParams({ from: '/d/$dossier/audit/verify' });
  return <Verify dossier={dossier} sequence={null} />;
}

interface VerifyProps {
  readonly dossier: string;
  /** Null: the whole log. */
  readonly sequence: number | null;
}

interface Verified {
  readonly findings: readonly Finding[];
  readonly event: ProvenEvent | null;
}

function Verify({ dossier, sequence }: VerifyProps) {
  const { data } = dossierQuery.use(dossier);
  const [progress, setProgress] = useState<Progressed | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const check = useMutation({
    mutationFn: ({ id, isWhole }: { readonly id: string; readonly isWhole: boolean }) => {
      setProgress(null);
      running.current = isWhole ? new AbortController() : null;
      return verify({ dossier, id, sequence, whole: running.current, onProgress: setProgress });
    },
  });
  const id = data?.id;
  const { mutate } = check;
  useEffect(() => {
    if (id !== undefined) mutate({ id, isWhole: false });
  }, [id, mutate]);
  const { data: verified, error, isPending } = check;
  return (
    <Page
      title={sequence === null ? words.ofLog : words.ofEvent(sequence)}
      about={words.about}
      actions={
        <Button
          variant="default"
          size="xs"
          leftSection={<ShieldCheck size={14} aria-hidden />}
          disabled={isPending || id === undefined}
          onClick={() => id !== undefined && mutate({ id, isWhole: true })}
        >
          {words.whole}
        </Button>
      }
    >
      <AuditSections dossier={dossier} />
      {error && <ProblemNote error={error} />}
      {isPending && (
        <div className={style.pending}>
          <span role="status">{words.checking}</span>
          {progress && (
            <>
              <Progress value={(100 * progress.done) / progress.of} aria-label={words.checking} />
              <span className="figures">{words.progress(progress.done, progress.of)}</span>
            </>
          )}
          {running.current !== null && (
            <Button variant="default" size="xs" onClick={() => running.current?.abort()}>
              {words.stop}
            </Button>
          )}
        </div>
      )}
      {!isPending && verified && <Result {...verified} />}
      <p className={style.trust}>{words.trust}</p>
    </Page>
  );
}

interface Progressed {
  readonly done: number;
  readonly of: number;
}

interface Verifying {
  readonly dossier: string;
  readonly id: string;
  readonly sequence: number | null;
  /** What stops the check of the whole log; null: it is not asked for. */
  readonly whole: AbortController | null;
  readonly onProgress: (progress: Progressed) => void;
}

async function verify({ dossier, id, sequence, whole, onProgress }: Verifying): Promise<Verified> {
  const source = sourceOf(dossier);
  const { head, findings, memory } = await checkHead(source, remembered(id));
  if (memory !== null) remember(id, memory);
  if (head === null) return { findings, event: null };
  const { event, findings: ofEvent } =
    sequence === null ? { event: null, findings: [] } : await checkProven(source, sequence, head);
  const report = (done: number): void => onProgress({ done, of: head.size });
  if (whole !== null) report(0);
  const ofLog =
    whole === null ? [] : await checkWhole(source, head, { onProgress: report, signal: whole.signal });
  return { findings: [...findings, ...ofEvent, ...ofLog], event };
}

const ICONS = { passed: CircleCheck, failed: CircleX, noted: CircleAlert } as const;

function Result({ findings, event }: Verified) {
  const isWell = findings.every(({ status }) => status !== 'failed');
  return (
    <>
      <p className={style.verdict} data-well={isWell} role="status">
        {isWell ? (event === null ? words.logHolds : words.eventHolds) : words.fails}
      </p>
      <ol className={style.findings}>
        {findings.map(({ check, status, says, with: given }) => {
          const Icon = ICONS[status];
          const { title, text } = words.verdicts[says];
          return (
            <li key={check} className={style.finding} data-status={status}>
              <Icon size={18} aria-hidden className={style.icon} />
              <div>
                <b>
                  {words.status[status]}: {title}
                </b>
                <p>
                  <Filled text={text} with={given} />
                </p>
              </div>
            </li>
          );
        })}
      </ol>
      {event !== null && (
        <details className={style.bytes}>
          <summary>{words.what}</summary>
          <p className="label">{words.entry}</p>
          <pre tabIndex={0}>{event.entry}</pre>
          <p className="label">{words.payload}</p>
          <pre tabIndex={0}>{event.payload ?? words.redacted}</pre>
        </details>
      )}
    </>
  );
}
