import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { texts } from '../texts/texts.js';
import { lineOf, shortened, wordsOf } from './labels.js';
import { Picker, type Choice } from './picker.js';
import { useStatementsFound, useStatementsOfActs, type ActRule, type Statement } from './queries.js';

const { form: words } = texts.record;
type Refers = NonNullable<ActRule['refersTo']>;

/** Milliseconds without a key after which the service is asked. */
const PAUSE = 150;

interface StatementFieldProps {
  readonly dossier: string;
  /** What the act may answer. */
  readonly refersTo: Refers;
  /** The party whose statement it will be. */
  readonly party: string | null;
  readonly value: string | null;
  readonly chosen: Statement | null;
  readonly onChange: (id: string | null) => void;
  readonly error: string | null;
}

/** The statement that is answered: among those that the act may answer, by words of it, who said it or what about. */
export function StatementField({
  dossier,
  refersTo,
  party,
  value,
  chosen,
  onChange,
  error,
}: StatementFieldProps) {
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed.trim(), PAUSE);
  const { data: likely = [] } = useStatementsOfActs(dossier, refersTo.acts === 'any' ? null : refersTo.acts);
  const { data: found = [] } = useStatementsFound(dossier, q);
  const choicesFor = (sought: string): Choice[] => {
    const listed = likely.filter((each) => fits(each, sought));
    const further =
      sought.trim() === '' ? [] : found.filter(({ id }) => !listed.some((each) => each.id === id));
    return [...listed, ...further].filter((each) => mayBeAnswered(each, refersTo, party)).map(choiceOf);
  };
  const acts = refersTo.acts === 'any' ? words.anyStatement : refersTo.acts.map(texts.record.act).join(', ');
  const bond = refersTo.bond === null ? '' : texts.record.bonds[refersTo.bond];
  return (
    <Picker
      name="refersTo"
      label={words.refersTo}
      required={!refersTo.optional}
      placeholder={words.refersToHelp}
      description={chosen === null ? words.mayAnswer(acts, bond) : lineOf(chosen)}
      nothing={words.noStatements}
      value={value}
      shown={chosen === null ? null : shortened(wordsOf(chosen))}
      error={error}
      onChange={onChange}
      onTyped={setTyped}
      choicesFor={choicesFor}
    />
  );
}

function choiceOf(statement: Statement): Choice {
  const label = shortened(wordsOf(statement));
  return { value: statement.id, label, hint: lineOf(statement), isQuote: true };
}

function fits(statement: Statement, sought: string): boolean {
  const all = `${wordsOf(statement)} ${statement.summary ?? ''} ${lineOf(statement)}`.toLowerCase();
  return sought
    .toLowerCase()
    .split(/\s+/u)
    .every((word) => all.includes(word));
}

/** As the catalogue says: of those acts, of one's own party, or directed against it. */
function mayBeAnswered(statement: Statement, { acts, bond }: Refers, party: string | null): boolean {
  if (statement.voided !== null) return false;
  if (acts !== 'any' && !acts.includes(statement.act)) return false;
  if (bond === null || party === null) return true;
  return (bond === 'own' ? statement.resolved.party?.id : statement.against?.id) === party;
}
