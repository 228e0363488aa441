import { Button, Group, Select, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ChevronDown, ChevronUp } from 'lucide-react';
import { useState, type SyntheticEvent } from 'react';
import { answered, api, type Schemas } from '../api/client.js';
import { Answer } from '../design/answer.js';
import { Page, ProblemNote } from '../design/page.js';
import { Row, Rows } from '../design/rows.js';
import { texts } from '../texts/texts.js';
import { Tokens } from './tokens.js';

const { access: words } = texts;
type User = Schemas['User'];
type OverallRole = 'none' | 'recorder' | 'administrator';

const ROLES = ['none', 'recorder', 'administrator'] as const satisfies readonly OverallRole[];
const CHOICES = ROLES.map((role) => ({ value: role, label: words.roles[role] }));
const roleOf = (chosen: string | null): OverallRole => ROLES.find((role) => role === chosen) ?? 'none';

/** For administrators: who there is, what they may do everywhere, and by which tokens they are known. */
export function UsersPage() {
  const users = useQuery({
    queryKey: ['users'],
    queryFn: ({ signal }) =>
      answered(api.GET('/api/v1/users', { params: { query: { limit: 500 } }, signal })),
  });
  return (
    <Page title={words.users}>
      <NewUser />
      <Answer of={users}>
        {({ items }) => (
          <Rows label={words.users}>
            {items.map((user) => (
              <UserRow key={user.id} user={user} />
            ))}
          </Rows>
        )}
      </Answer>
    </Page>
  );
}

function UserRow({ user }: { readonly user: User }) {
  const { id, name, slug, role, disabled } = user;
  const client = useQueryClient();
  const [isOpen, open] = useState(false);
  const { mutate, error, isPending } = useMutation({
    mutationFn: (change: () => Promise<unknown>) => change(),
    onSettled: () => client.invalidateQueries({ queryKey: ['users'] }),
  });
  const params = { path: { user: id } };
  const toggle = (): Promise<unknown> =>
    disabled === null
      ? answered(api.POST('/api/v1/users/{user}/disable', { params, body: { reason: words.disabledHere } }))
      : answered(api.POST('/api/v1/users/{user}/enable', { params, body: { reason: words.enabledHere } }));
  return (
    <Row
      name={name}
      also={[slug !== name && slug, disabled && words.isDisabled(disabled.reason)]
        .filter(Boolean)
        .join(' · ')}
      about={
        <Select
          size="xs"
          w={190}
          aria-label={words.roleOf(name)}
          allowDeselect={false}
          data={CHOICES}
          value={role ?? 'none'}
          onChange={(chosen) =>
            mutate(() =>
              answered(api.PUT('/api/v1/users/{user}/role', { params, body: { role: roleOf(chosen) } })),
            )
          }
        />
      }
      actions={
        <>
          <Button
            variant="subtle"
            size="compact-xs"
            color={disabled ? 'ink' : 'red'}
            loading={isPending}
            onClick={() => mutate(toggle)}
          >
            {disabled ? words.enable : words.disable}
          </Button>
          <Button
            variant="subtle"
            size="compact-xs"
            aria-expanded={isOpen}
            aria-label={words.tokensOf(name)}
            rightSection={
              isOpen ? <ChevronUp size={13} aria-hidden /> : <ChevronDown size={13} aria-hidden />
            }
            onClick={() => open((was) => !was)}
          >
            {words.tokens}
          </Button>
        </>
      }
    >
      {error && <ProblemNote error={error} />}
      {isOpen && <Tokens user={user} />}
    </Row>
  );
}

function NewUser() {
  const client = useQueryClient();
  const [slug, setSlug] = useState('');
  const [name, setName] = useState('');
  const [role, setRole] = useState<OverallRole>('none');
  const { mutate, error, isPending } = useMutation({
    mutationFn: () =>
      answered(
        api.POST('/api/v1/users', {
          body: { slug: slug.trim(), name: name.trim() || null, role: role === 'none' ? null : role },
        }),
      ),
    onSuccess: () => {
      setSlug('');
      setName('');
      return client.invalidateQueries({ queryKey: ['users'] });
    },
  });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    mutate();
  };
  return (
    <form onSubmit={submit}>
      <Group align="end" gap="xs" mb="md">
        <TextInput
          size="xs"
          required
          label={words.slug}
          value={slug}
          onChange={({ currentTarget }) => setSlug(currentTarget.value)}
        />
        <TextInput
          size="xs"
          label={words.name}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <Select
          size="xs"
          label={words.role}
          allowDeselect={false}
          data={CHOICES}
          value={role}
          onChange={(chosen) => setRole(roleOf(chosen))}
        />
        <Button type="submit" size="xs" loading={isPending}>
          {words.addUser}
        </Button>
      </Group>
      {error && <ProblemNote error={error} />}
    </form>
  );
}
