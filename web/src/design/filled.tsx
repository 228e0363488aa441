import { Fragment, type ReactNode } from 'react';

interface FilledProps {
  /** A sentence with places in braces: `said {date} by {speaker}`. A translation puts them where its grammar wants them. */
  readonly text: string;
  readonly with: Readonly<Record<string, ReactNode>>;
}

/** A sentence with more than text in it. */
export function Filled({ text, with: given }: FilledProps) {
  return text
    .split(/\{(\w+)\}/)
    .map((part, index) => <Fragment key={index}>{index % 2 === 0 ? part : given[part]}</Fragment>);
}
