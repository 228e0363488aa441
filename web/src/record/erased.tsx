import { Alert } from '@mantine/core';
import { Eraser } from 'lucide-react';
import type { Schemas } from '../api/client.js';
import { Instant } from '../design/time.js';
import { texts } from '../texts/texts.js';
import style from './statement-page.module.css';

const { erased: words } = texts.record;

/** What a court or a law had erased: that it was, by whose order and why. The rest of the log is as it was, and proves it. */
export function Erased({ redaction }: { readonly redaction: Schemas['Redaction'] }) {
  const { reason, basis, recordedAt, recordedBy, sequence } = redaction;
  return (
    <Alert
      variant="outline"
      color="gray"
      icon={<Eraser aria-hidden />}
      title={words.title}
      maw="46rem"
      style={{ borderColor: 'var(--rule-strong)' }}
    >
      <p className={style.reason} dir="auto">
        {reason}
      </p>
      {basis && (
        <p className={style.reason} dir="auto">
          {words.basis(basis)}
        </p>
      )}
      <p className={style.more}>
        <Instant at={recordedAt} />, {texts.record.page.recordedBy(recordedBy)}, #{sequence}. {words.remains}
      </p>
    </Alert>
  );
}
