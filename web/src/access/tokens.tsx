import { Alert, Button, Code, CopyButton, Group, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Check, Copy, KeyRound } from 'lucide-react';
import { useState, type SyntheticEvent } from 'react';
import { answered, api, type Schemas } from '../api/client.js';
import { Answer } from '../design/answer.js';
import { ProblemNote } from '../design/page.js';
import { Row, Rows } from '../design/rows.js';
import { Instant } from '../design/time.js';
import { texts } from '../texts/texts.js';
import style from './tokens.module.css';

const { access: words } = texts;
type Token = Schemas['Token'];

/** A user's tokens. The secret of a new one is shown once and kept nowhere. */
export function Tokens({ user: { id, name } }: { readonly user: Schemas['User'] }) {
  const client = useQueryClient();
  const queryKey = ['users', id, 'tokens'];
  const params = { path: { user: id } };
  const [label, setLabel] = useState('');
  const tokens = useQuery({
    queryKey,
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/v1/users/{user}/tokens', { params: { ...params, query: { limit: 500 } }, signal }),
      ),
  });
  const refresh = () => client.invalidateQueries({ queryKey });
  const issue = useMutation({
    mutationFn: () =>
      answered(api.POST('/api/v1/users/{user}/tokens', { params, body: { label: label.trim() || null } })),
    onSuccess: () => {
      setLabel('');
      return refresh();
    },
  });
  const revoke = useMutation({
    mutationFn: (token: string) =>
      answered(api.DELETE('/api/v1/users/{user}/tokens/{token}', { params: { path: { user: id, token } } })),
    onSettled: refresh,
  });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    issue.mutate();
  };
  const error = issue.error ?? revoke.error;
  return (
    <div className={style.tokens}>
      <form onSubmit={submit}>
        <Group align="end" gap="xs" mb="sm">
          <TextInput
            size="xs"
            label={words.label}
            placeholder={words.labelExample}
            value={label}
            onChange={({ currentTarget }) => setLabel(currentTarget.value)}
          />
          <Button type="submit" size="xs" loading={issue.isPending}>
            {words.issue}
          </Button>
        </Group>
      </form>
      {error && <ProblemNote error={error} />}
      {issue.data?.token && <Secret token={issue.data.token} onClose={issue.reset} />}
      <Answer of={tokens}>
        {({ items }) =>
          items.length === 0 ? (
            <p>{words.noTokens}</p>
          ) : (
            <Rows label={words.tokensOf(name)}>
              {items.map((token) => (
                <Row
                  key={token.id}
                  name={token.label ?? words.unlabelled}
                  also={<Code>{token.prefix}…</Code>}
                  about={<Life token={token} />}
                  actions={
                    token.revoked === null && (
                      <Button
                        variant="subtle"
                        color="red"
                        size="compact-xs"
                        aria-label={words.revokeNamed(token.label ?? token.prefix)}
                        onClick={() => revoke.mutate(token.id)}
                      >
                        {words.revoke}
                      </Button>
                    )
                  }
                />
              ))}
            </Rows>
          )
        }
      </Answer>
    </div>
  );
}

function Life({ token: { issuedAt, expiresAt, lastUsedAt, revoked } }: { readonly token: Token }) {
  return (
    <span className={style.life}>
      {words.issued} <Instant at={issuedAt} />
      {lastUsedAt && (
        <>
          {' · '}
          {words.used} <Instant at={lastUsedAt} />
        </>
      )}
      {expiresAt && (
        <>
          {' · '}
          {words.expires} <Instant at={expiresAt} />
        </>
      )}
      {revoked && (
        <>
          {' · '}
          {words.revoked} <Instant at={revoked.at} />
        </>
      )}
    </span>
  );
}

interface SecretProps {
  readonly token: string;
  readonly onClose: () => void;
}

function Secret({ token, onClose }: SecretProps) {
  return (
    <Alert
      mb="sm"
      variant="outline"
      icon={<KeyRound aria-hidden />}
      title={words.shownOnce}
      withCloseButton
      closeButtonLabel={words.hide}
      onClose={onClose}
    >
      <Group gap="xs">
        <Code className={style.secret}>{token}</Code>
        <CopyButton value={token}>
          {({ copied, copy }) => (
            <Button
              size="compact-xs"
              variant="default"
              leftSection={copied ? <Check size={13} aria-hidden /> : <Copy size={13} aria-hidden />}
              onClick={copy}
            >
              {copied ? words.copied : words.copy}
            </Button>
          )}
        </CopyButton>
      </Group>
    </Alert>
  );
}
