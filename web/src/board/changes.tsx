import { Button, Collapse } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { ArrowRight, CheckCheck, Sparkle } from 'lucide-react';
import { StanceMark } from '../design/stance-mark.js';
import { texts } from '../texts/texts.js';
import style from './changes.module.css';
import { referenceTo } from './matrix.js';
import type { Changes } from './use-changes.js';

const { board: words } = texts;

interface ChangesNoteProps {
  readonly dossier: string;
  readonly changes: Changes;
}

/** How many positions changed since the last visit, and which. */
export function ChangesNote({ dossier, changes: { items, markSeen } }: ChangesNoteProps) {
  const [isOpen, { toggle }] = useDisclosure(false);
  if (items.length === 0) return null;
  return (
    <section className={style.note} aria-label={words.changesTitle}>
      <div className={style.line}>
        <Sparkle size={15} aria-hidden className={style.icon} />
        <span role="status">{words.changesSince(items.length)}</span>
        <Button variant="subtle" size="compact-sm" aria-expanded={isOpen} onClick={toggle}>
          {isOpen ? words.hideChanges : words.showChanges}
        </Button>
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<CheckCheck size={14} aria-hidden />}
          onClick={markSeen}
        >
          {words.markSeen}
        </Button>
      </div>
      <Collapse expanded={isOpen}>
        <ul className={style.list}>
          {items.map(({ party, topic, before, after }) => (
            <li key={party.id + topic.id} className={style.item}>
              <Link
                to="/d/$dossier/positions/$party/$topic"
                params={{ dossier, party: referenceTo(party), topic: referenceTo(topic) }}
              >
                {texts.position.title(party.name, topic.name)}
              </Link>
              <span className={style.change}>
                <StanceMark stance={before?.stance ?? null} shape="inline" />
                <ArrowRight size={14} aria-label={words.became} className={style.arrow} />
                <StanceMark stance={after?.stance ?? null} shape="inline" />
              </span>
            </li>
          ))}
        </ul>
      </Collapse>
    </section>
  );
}
