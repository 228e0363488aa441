import { Button, Collapse, MultiSelect, TagsInput, Textarea, TextInput } from '@mantine/core';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState, type RefObject } from 'react';
import { saidAtInWords } from '../design/dates.js';
import { STANCES } from '../design/stance-mark.js';
import { texts } from '../texts/texts.js';
import { ActField } from './act-field.js';
import { AttributionField, StanceField } from './choice-fields.js';
import { partiesOf } from './decide.js';
import type { Fields } from './draft.js';
import type { Errors } from './errors.js';
import type { Wanted } from './new-thing.js';
import type { ActRule, Party, Speaker, Statement, Topic } from './queries.js';
import { SaidAtField } from './said-at-field.js';
import { StatementField } from './statement-field.js';
import { findBySpelling } from './spelling.js';
import { ThingField } from './thing-field.js';
import { placesFor } from './needs.js';
import style from './form.module.css';

const { form: words } = texts.record;

interface StatementFormProps {
  readonly dossier: string;
  readonly acts: readonly ActRule[];
  readonly parties: readonly Party[];
  readonly speakers: readonly Speaker[];
  readonly topics: readonly Topic[];
  readonly referred: Statement | null;
  readonly fields: Fields;
  readonly onChange: (change: Partial<Fields>) => void;
  readonly errors: Errors;
  readonly onAdd: (wanted: Wanted) => void;
  readonly actInput: RefObject<HTMLInputElement | null>;
}

/** The fields of a statement: what its act needs at once, what it may have besides folded away. */
export function StatementForm(props: StatementFormProps) {
  const { dossier, acts, parties, speakers, topics, referred, fields, onChange, errors, onAdd, actInput } =
    props;
  const rule = acts.find(({ act }) => act === fields.act) ?? null;
  const [isOpen, open] = useState(false);
  const speaker = speakers.find(({ id }) => id === fields.speaker);
  const spokenFor = speaker === undefined ? [] : partiesOf(speaker, fields.saidAt);
  const proposed = spokenFor.length === 1 ? (spokenFor[0] ?? null) : null;
  const party = fields.party ?? proposed;
  const error = (field: string): string | null => errors[field] ?? null;
  const text = (field: 'summary' | 'note' | 'translation') => (
    <Textarea
      key={field}
      name={field}
      label={words[field]}
      description={field === 'summary' ? words.summaryHelp : undefined}
      dir="auto"
      autosize
      minRows={2}
      size="sm"
      value={fields[field]}
      error={error(field)}
      onChange={({ currentTarget }) => onChange({ [field]: currentTarget.value })}
    />
  );

  const every = {
    refersTo: (
      <StatementField
        key="refersTo"
        dossier={dossier}
        refersTo={rule?.refersTo ?? { acts: 'any', bond: null, optional: true }}
        party={party}
        value={fields.refersTo}
        chosen={referred}
        error={error('refersTo')}
        onChange={(refersTo) => onChange({ refersTo })}
      />
    ),
    topic: (
      <ThingField
        key="topic"
        name="topic"
        label={words.topic}
        things={topics.map((each) => ({
          ...each,
          aliases: each.proposition === null ? [] : [each.proposition],
        }))}
        value={fields.topic}
        required={rule?.requires.includes('topic') ?? false}
        hintOf={({ proposition }) => proposition ?? undefined}
        description={
          fields.topic === null && referred?.resolved.topic
            ? words.topicOf(referred.resolved.topic.name)
            : topics.find(({ id }) => id === fields.topic)?.proposition
        }
        error={error('topic')}
        onChange={(topic) => onChange({ topic })}
        onAdd={(name) => onAdd({ kind: 'topic', name })}
      />
    ),
    against: (
      <ThingField
        key="against"
        name="against"
        label={words.against}
        things={parties}
        value={fields.against}
        required={rule?.requires.includes('against') ?? false}
        error={error('against')}
        onChange={(against) => onChange({ against })}
      />
    ),
    conditions: (
      <TagsInput
        key="conditions"
        name="conditions"
        classNames={{ inputField: style.bare ?? '' }}
        label={words.conditions}
        description={words.conditionsHelp}
        withAsterisk={rule?.requires.includes('conditions') ?? false}
        splitChars={[]}
        acceptValueOnBlur
        size="sm"
        value={[...fields.conditions]}
        error={error('conditions')}
        onChange={(conditions) => onChange({ conditions })}
      />
    ),
    stance: (
      <StanceField
        key="stance"
        value={fields.stance}
        ofAct={STANCES.find((each) => each === rule?.stance) ?? null}
        error={error('stance')}
        onChange={(stance) => onChange({ stance })}
      />
    ),
    summary: text('summary'),
    addressees: (
      <MultiSelect
        key="addressees"
        name="addressees"
        classNames={{ inputField: style.bare ?? '' }}
        label={words.addressees}
        searchable
        size="sm"
        withScrollArea={false}
        openOnFocus={false}
        data={parties.map(({ id, name }) => ({ value: id, label: name }))}
        filter={({ options, search }) => {
          const found = new Map(findBySpelling(parties, search).map(({ thing }, index) => [thing.id, index]));
          const rank = (option: object): number =>
            'value' in option ? (found.get(String(option.value)) ?? Infinity) : Infinity;
          return options
            .filter((option) => rank(option) < Infinity)
            .toSorted((one, other) => rank(one) - rank(other));
        }}
        selectFirstOptionOnChange
        value={[...fields.addressees]}
        error={error('addressees')}
        onChange={(addressees) => onChange({ addressees })}
      />
    ),
    language: (
      <TextInput
        key="language"
        name="language"
        label={words.language}
        size="sm"
        dir="ltr"
        value={fields.language}
        error={error('language')}
        onChange={({ currentTarget }) => onChange({ language: currentTarget.value })}
      />
    ),
    translation: text('translation'),
    note: text('note'),
  } as const;
  const places = placesFor(rule, fields);
  const isFoldedOpen = isOpen || places.folded.some((field) => error(field) !== null);
  return (
    <>
      <ActField
        acts={acts}
        value={fields.act}
        error={error('act')}
        onChange={(act) => onChange({ act })}
        inputRef={actInput}
      />
      <div className={style.pair}>
        <ThingField
          name="speaker"
          label={words.speaker}
          placeholder={words.speakerHelp}
          things={speakers}
          value={fields.speaker}
          hintOf={({ affiliations }) => affiliations.map((each) => each.party.name).join(', ')}
          error={error('speaker')}
          onChange={(id) => onChange({ speaker: id, party: null })}
          onAdd={(name) => onAdd({ kind: 'speaker', name })}
        />
        <ThingField
          name="party"
          label={words.party}
          things={parties}
          value={party}
          description={
            fields.party === null && speaker ? whyParty(speaker, spokenFor, fields.saidAt) : undefined
          }
          error={error('party')}
          onChange={(id) => onChange({ party: id === proposed ? null : id })}
          onAdd={(name) => onAdd({ kind: 'party', name })}
        />
      </div>
      {places.asked.map((field) => every[field])}
      <div className={style.pair}>
        <SaidAtField
          value={fields.saidAt}
          error={error('saidAt')}
          onChange={(saidAt) => onChange({ saidAt })}
        />
        <AttributionField
          value={fields.attribution}
          error={error('attribution')}
          onChange={(attribution) => onChange({ attribution })}
        />
      </div>
      {places.after.map((field) => every[field])}
      <div>
        <Button
          variant="subtle"
          size="compact-sm"
          color="gray"
          leftSection={
            isFoldedOpen ? <ChevronDown size={14} aria-hidden /> : <ChevronRight size={14} aria-hidden />
          }
          aria-expanded={isFoldedOpen}
          onClick={() => open(!isFoldedOpen)}
        >
          {words.more}
        </Button>
      </div>
      <Collapse expanded={isFoldedOpen}>
        {isFoldedOpen && <div className={style.form}>{places.folded.map((field) => every[field])}</div>}
      </Collapse>
    </>
  );
}

/** Why this party is proposed, or why none is. */
function whyParty(speaker: Speaker, spokenFor: readonly string[], saidAt: string): string {
  const names = spokenFor.map(
    (id) => speaker.affiliations.find(({ party }) => party.id === id)?.party.name ?? '',
  );
  if (names.length === 0) return words.noParty;
  if (names.length > 1) return words.manyParties(names.join(', '));
  const role = speaker.affiliations.find(({ party }) => party.id === spokenFor[0])?.role ?? '';
  return words.asOf(speaker.name, role, saidAt.trim() === '' ? '' : saidAtInWords(saidAt.trim()));
}
