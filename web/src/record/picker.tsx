import { CloseButton, Combobox, InputBase, useCombobox } from '@mantine/core';
import { useEffect, useState, type KeyboardEvent, type ReactNode, type Ref } from 'react';
import { texts } from '../texts/texts.js';
import style from './form.module.css';

export interface Choice {
  readonly value: string;
  readonly label: string;
  /** Under the label, in small type. */
  readonly hint?: string | undefined;
  /** The label is words that were said. */
  readonly isQuote?: boolean;
}

interface PickerProps {
  readonly label: string;
  readonly name: string;
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
  /** What there is to choose for what is typed, the likeliest first. */
  readonly choicesFor: (typed: string) => readonly Choice[];
  /** The label of what is chosen, which need not be among the choices. */
  readonly shown: string | null;
  readonly onTyped?: (typed: string) => void;
  /** Makes a new thing of what was typed. */
  readonly onAdd?: ((typed: string) => void) | undefined;
  readonly nothing: string;
  readonly placeholder?: string | undefined;
  readonly description?: ReactNode;
  readonly error?: ReactNode;
  readonly required?: boolean;
  readonly inputRef?: Ref<HTMLInputElement>;
}

const ADD = '+';
const MOST_SHOWN = 50;

/** A field whose value is found by typing: what fits best is marked, and picked with Enter or by going on with Tab. */
export function Picker(props: PickerProps) {
  const { label, name, value, onChange, choicesFor, shown, onTyped, onAdd } = props;
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  /** Null: nothing is being typed, and what is chosen is shown. */
  const [typed, setTyped] = useState<string | null>(null);
  const isOpen = combobox.dropdownOpened;
  const choices = isOpen ? choicesFor(typed ?? '').slice(0, MOST_SHOWN) : [];
  const likeliest = choices[0]?.value;
  const canAdd = onAdd !== undefined && typed !== null && typed.trim() !== '';
  useEffect(() => {
    if (isOpen && typed) combobox.selectFirstOption();
    // `combobox` is another object each time
  }, [isOpen, typed, likeliest, canAdd]);

  const type = (text: string | null): void => {
    setTyped(text);
    onTyped?.(text ?? '');
  };
  const pick = (picked: string): void => {
    if (picked === ADD) onAdd?.(typed?.trim() ?? '');
    else onChange(picked);
    type(null);
    combobox.closeDropdown();
  };
  const leave = (): void => {
    if (typed?.trim() === '') onChange(null);
    type(null);
    combobox.closeDropdown();
  };
  const onKeyDown = ({ key, shiftKey }: KeyboardEvent): void => {
    if (key === 'Tab' && !shiftKey && typed && likeliest !== undefined)
      pick(marked(choices, combobox) ?? likeliest);
    if (key === 'Escape') type(null);
  };
  return (
    <Combobox store={combobox} onOptionSubmit={pick} keepMounted position="bottom-start" width="target">
      <Combobox.Target withExpandedAttribute>
        <InputBase
          ref={props.inputRef ?? null}
          label={label}
          name={name}
          description={props.description}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          placeholder={props.placeholder}
          error={props.error}
          withAsterisk={props.required === true}
          size="sm"
          autoComplete="off"
          dir="auto"
          value={typed ?? shown ?? ''}
          onChange={({ currentTarget }) => {
            type(currentTarget.value);
            combobox.openDropdown();
          }}
          onClick={() => combobox.openDropdown()}
          onFocus={({ currentTarget }) => currentTarget.select()}
          onBlur={leave}
          onKeyDown={onKeyDown}
          rightSectionPointerEvents={value === null ? 'none' : 'all'}
          rightSection={
            value === null ? (
              <Combobox.Chevron />
            ) : (
              <CloseButton
                size="sm"
                tabIndex={-1}
                aria-label={texts.record.form.clear(label)}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => onChange(null)}
              />
            )
          }
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options className={style.options} aria-label={label}>
          {choices.map((choice) => (
            <Combobox.Option key={choice.value} value={choice.value} active={choice.value === value}>
              <Option {...choice} />
            </Combobox.Option>
          ))}
          {isOpen && choices.length === 0 && !canAdd && <Combobox.Empty>{props.nothing}</Combobox.Empty>}
          {isOpen && canAdd && (
            <Combobox.Option value={ADD}>{texts.record.form.add(typed.trim())}</Combobox.Option>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

/** What the arrow keys have marked. */
function marked(choices: readonly Choice[], combobox: ReturnType<typeof useCombobox>): string | undefined {
  return choices[combobox.getSelectedOptionIndex()]?.value;
}

function Option({ label, hint, isQuote = false }: Choice) {
  return (
    <span className={style.option}>
      <span className={isQuote ? style.optionQuote : undefined} dir="auto">
        {label}
      </span>
      {hint && (
        <span className={style.hint} dir="auto">
          {hint}
        </span>
      )}
    </span>
  );
}
