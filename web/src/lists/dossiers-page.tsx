import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState, type SyntheticEvent } from 'react';
import { answered, api } from '../api/client.js';
import { Loading, Page, ProblemNote } from '../design/page.js';
import { Row, Rows } from '../design/rows.js';
import { useSession } from '../session/use-session.js';
import { texts } from '../texts/texts.js';
import style from './dossiers-page.module.css';

const { lists: words, counts } = texts;

/** What somebody may read. */
export function DossiersPage() {
  const { me } = useSession();
  const [isOpening, { open, close }] = useDisclosure(false);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['dossiers'],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam: cursor, signal }) =>
      answered(
        api.GET('/api/v1/dossiers', {
          params: { query: { limit: 100, ...(cursor !== null && { cursor }) } },
          signal,
        }),
      ),
    getNextPageParam: ({ next }) => next,
  });
  const dossiers = data?.pages.flatMap(({ items }) => items);
  return (
    <Page
      title={words.dossiers}
      actions={
        me?.role && (
          <Button size="xs" leftSection={<Plus size={14} aria-hidden />} onClick={open}>
            {words.openDossier}
          </Button>
        )
      }
    >
      {isOpening && <NewDossier onClose={close} />}
      {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {dossiers === undefined ? (
        !error && <Loading />
      ) : dossiers.length === 0 ? (
        <p>{words.noDossiers}</p>
      ) : (
        <Rows label={words.dossiers}>
          {dossiers.map(({ id, slug, title, description, counts: has }) => (
            <Row
              key={id}
              name={
                <Link className={style.title} to="/d/$dossier" params={{ dossier: slug ?? id }}>
                  {title}
                </Link>
              }
              also={description}
              about={
                <span className={style.counts}>
                  {[
                    counts.parties(has.parties),
                    counts.topics(has.topics),
                    counts.statements(has.statements),
                    counts.sources(has.sources),
                  ].join(' · ')}
                </span>
              }
            />
          ))}
        </Rows>
      )}
      {hasNextPage && (
        <Button
          variant="default"
          size="xs"
          mt="md"
          loading={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          {words.more}
        </Button>
      )}
    </Page>
  );
}

function NewDossier({ onClose }: { readonly onClose: () => void }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [title, setTitle] = useState('');
  const [description, setDescription] = useState('');
  const { mutate, error, isPending } = useMutation({
    mutationFn: () =>
      answered(
        api.POST('/api/v1/dossiers', {
          body: { title: title.trim(), description: description.trim() || null },
        }),
      ),
    onSuccess: ({ id }) => {
      void client.invalidateQueries({ queryKey: ['dossiers'] });
      void navigate({ to: '/d/$dossier/lists/$kind', params: { dossier: id, kind: 'parties' } });
    },
  });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    mutate();
  };
  return (
    <Modal opened onClose={onClose} title={words.openDossier}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            data-autofocus
            required
            label={words.fields.title}
            value={title}
            onChange={({ currentTarget }) => setTitle(currentTarget.value)}
          />
          <Textarea
            label={words.description}
            value={description}
            onChange={({ currentTarget }) => setDescription(currentTarget.value)}
          />
          {error && <ProblemNote error={error} />}
          <Group justify="end">
            <Button type="submit" loading={isPending}>
              {words.openDossier}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
