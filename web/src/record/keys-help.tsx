import { Kbd, Modal } from '@mantine/core';
import { texts } from '../texts/texts.js';
import style from './workbench.module.css';

const { keys: words } = texts.record;

type Row = keyof typeof words.rows;

/** Keys of each row; `/` stands between alternatives. */
const IN_TEXT: readonly (readonly [Row, readonly string[]])[] = [
  ['sentence', ['↓', '↑']],
  ['sentences', ['Shift ↓', 'Shift ↑']],
  ['word', ['→', '←']],
  ['words', ['Shift →', 'Shift ←']],
  ['start', ['Ctrl →', 'Ctrl ←']],
  ['paragraph', ['PgDn', 'PgUp']],
  ['ends', ['Home', 'End']],
  ['find', ['F']],
  ['take', ['Enter']],
  ['help', ['?']],
];

const IN_FORM: readonly (readonly [Row, readonly string[]])[] = [
  ['pick', ['Enter', 'Tab']],
  ['save', ['Ctrl Enter', '⌘ Enter']],
  ['back', ['Esc']],
];

interface KeysHelpProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function KeysHelp({ isOpen, onClose }: KeysHelpProps) {
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={words.title}
      closeButtonProps={{ 'aria-label': words.close }}
    >
      {[
        { title: words.inText, rows: IN_TEXT },
        { title: words.inForm, rows: IN_FORM },
      ].map(({ title, rows }) => (
        <section key={title}>
          <h3 className="label">{title}</h3>
          <table className={style.keys}>
            <tbody>
              {rows.map(([row, pressed]) => (
                <tr key={row}>
                  <th scope="row">
                    {pressed.map((each) => (
                      <Kbd key={each} me={6} size="xs">
                        {each}
                      </Kbd>
                    ))}
                  </th>
                  <td>{words.rows[row]}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ))}
    </Modal>
  );
}
