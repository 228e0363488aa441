import { Button, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Plus, Search } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../api/may.js';
import { Page } from '../design/page.js';
import { Sections } from '../design/sections.js';
import { NotFound } from '../shell/not-found.js';
import { texts } from '../texts/texts.js';
import style from './list-page.module.css';
import { Members } from './members.js';
import { RecordForm } from './record-form.js';
import { RecordList } from './record-list.js';
import { isKind, KINDS } from './records.js';

const { lists: words } = texts;

/** Parties, speakers, topics, sources and members of a dossier. */
export function ListPage() {
  const { dossier, kind }: { readonly dossier: string; readonly kind: string } = useParams({
    from: '/d/$dossier/lists/$kind',
  });
  const { q }: { readonly q?: string | undefined } = useSearch({ from: '/d/$dossier/lists/$kind' });
  const navigate = useNavigate({ from: '/d/$dossier/lists/$kind' });
  const may = useMay(dossier);
  const [isAdding, setAdding] = useState(false);
  const search = useDebouncedCallback(
    (text: string) => void navigate({ search: { q: text || undefined }, replace: true }),
    250,
  );
  if (kind !== 'members' && !isKind(kind)) return <NotFound />;
  return (
    <Page
      title={words[kind]}
      actions={
        may.record &&
        kind !== 'members' && (
          <Button size="xs" leftSection={<Plus size={14} aria-hidden />} onClick={() => setAdding(true)}>
            {words.add[kind]}
          </Button>
        )
      }
    >
      <Sections label={words.kinds}>
        {[...KINDS, ...(may.oversee ? (['members'] as const) : [])].map((each) => (
          <Link key={each} to="/d/$dossier/lists/$kind" params={{ dossier, kind: each }}>
            {words[each]}
          </Link>
        ))}
      </Sections>
      {kind === 'members' ? (
        <Members dossier={dossier} />
      ) : (
        <>
          <TextInput
            key={kind}
            type="search"
            className={style.search}
            aria-label={words.find[kind]}
            placeholder={words.find[kind]}
            leftSection={<Search size={14} aria-hidden />}
            defaultValue={q ?? ''}
            onChange={({ currentTarget }) => search(currentTarget.value)}
          />
          <RecordList key={kind + (q ?? '')} dossier={dossier} kind={kind} q={q} />
          {isAdding && (
            <RecordForm dossier={dossier} kind={kind} record={null} onClose={() => setAdding(false)} />
          )}
        </>
      )}
    </Page>
  );
}
