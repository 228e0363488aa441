import { Button, Group, Select } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { UserMinus } from 'lucide-react';
import { useState } from 'react';
import { answered, api, type Schemas } from '../api/client.js';
import { useMay } from '../api/may.js';
import { Answer } from '../design/answer.js';
import { ProblemNote } from '../design/page.js';
import { Row, Rows } from '../design/rows.js';
import { texts } from '../texts/texts.js';
import { VisibilityFields } from './visibility-fields.js';

const { lists: words } = texts;
type Role = Schemas['Member']['role'];
const ROLES = ['reader', 'auditor', 'recorder'] as const satisfies readonly Role[];
const CHOICES = ROLES.map((role) => ({ value: role, label: words.roles[role] }));

/** Who may do what in the dossier. Everyone with a hand in it may look; administrators change it. */
export function Members({ dossier }: { readonly dossier: string }) {
  const { administer } = useMay(dossier);
  const client = useQueryClient();
  const path = { dossier };
  const members = useQuery({
    queryKey: [dossier, 'members'],
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/v1/dossiers/{dossier}/members', { params: { path, query: { limit: 500 } }, signal }),
      ),
  });
  const { mutate, error } = useMutation({
    mutationFn: ({ user, role }: { readonly user: string; readonly role: Role | null }) =>
      role === null
        ? answered<unknown>(
            api.DELETE('/api/v1/dossiers/{dossier}/members/{user}', { params: { path: { dossier, user } } }),
          )
        : answered<unknown>(
            api.PUT('/api/v1/dossiers/{dossier}/members/{user}', {
              params: { path: { dossier, user } },
              body: { role },
            }),
          ),
    onSettled: () => client.invalidateQueries({ queryKey: [dossier, 'members'] }),
  });
  return (
    <>
      <VisibilityFields dossier={dossier} />
      {error && <ProblemNote error={error} />}
      {administer && <NewMember onAdd={(user, role) => mutate({ user, role })} />}
      <Answer of={members}>
        {({ items }) =>
          items.length === 0 ? (
            <p>{words.noMembers}</p>
          ) : (
            <Rows label={words.members}>
              {items.map(({ user, role }) => (
                <Row
                  key={user.id}
                  name={user.name}
                  also={user.slug !== user.name && user.slug}
                  about={
                    administer ? (
                      <Select
                        size="xs"
                        w={160}
                        aria-label={words.roleOf(user.name)}
                        allowDeselect={false}
                        data={CHOICES}
                        value={role}
                        onChange={(chosen) =>
                          chosen !== null && mutate({ user: user.id, role: roleOf(chosen) })
                        }
                      />
                    ) : (
                      words.roles[role]
                    )
                  }
                  actions={
                    administer && (
                      <Button
                        variant="subtle"
                        color="red"
                        size="compact-xs"
                        leftSection={<UserMinus size={13} aria-hidden />}
                        onClick={() => mutate({ user: user.id, role: null })}
                      >
                        {words.remove}
                      </Button>
                    )
                  }
                />
              ))}
            </Rows>
          )
        }
      </Answer>
    </>
  );
}

function NewMember({ onAdd }: { readonly onAdd: (user: string, role: Role) => void }) {
  const [user, setUser] = useState<string | null>(null);
  const [role, setRole] = useState<Role>('reader');
  const { data } = useQuery({
    queryKey: ['users'],
    queryFn: ({ signal }) =>
      answered(api.GET('/api/v1/users', { params: { query: { limit: 500 } }, signal })),
  });
  const users = (data?.items ?? []).map(({ id, name, slug }) => ({
    value: id,
    label: name === slug ? name : `${name} (${slug})`,
  }));
  return (
    <Group align="end" gap="xs" mb="md">
      <Select size="xs" label={words.user} searchable data={users} value={user} onChange={setUser} />
      <Select
        size="xs"
        label={words.roleLabel}
        allowDeselect={false}
        data={CHOICES}
        value={role}
        onChange={(chosen) => setRole(roleOf(chosen))}
      />
      <Button
        size="xs"
        disabled={user === null}
        onClick={() => {
          if (user !== null) onAdd(user, role);
          setUser(null);
        }}
      >
        {words.addMember}
      </Button>
    </Group>
  );
}

const roleOf = (chosen: string | null): Role => ROLES.find((role) => role === chosen) ?? 'reader';
