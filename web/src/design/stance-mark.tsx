import { Check, CircleDashed, DoorOpen, HelpCircle, Minus, X, type LucideIcon } from 'lucide-react';
import { texts } from '../texts/texts.js';
import style from './stance-mark.module.css';

export const STANCES = ['opposed', 'skeptical', 'noncommittal', 'open', 'supportive'] as const;
export type Stance = (typeof STANCES)[number];

const ICONS: Readonly<Record<Stance | 'none', LucideIcon>> = {
  opposed: X,
  skeptical: HelpCircle,
  noncommittal: Minus,
  open: DoorOpen,
  supportive: Check,
  none: CircleDashed,
};

interface StanceMarkProps {
  /** Null: there is no position, which is not the same as noncommittal. */
  readonly stance: Stance | null;
  /** `chip`: on its tint, as in a cell; `inline`: in a line of text. */
  readonly shape?: 'chip' | 'inline';
}

/** A stance by colour, word and icon at once: none of the three has to be seen for it to be understood. */
export function StanceMark({ stance, shape = 'chip' }: StanceMarkProps) {
  const Icon = ICONS[stance ?? 'none'];
  return (
    <span className={style.mark} data-stance={stance ?? 'none'} data-shape={shape}>
      <Icon className={style.icon} size={14} strokeWidth={2.4} aria-hidden />
      <span>{texts.stances[stance ?? 'none']}</span>
    </span>
  );
}
