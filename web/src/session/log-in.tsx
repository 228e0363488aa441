import { Button, Modal, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useState, type SyntheticEvent } from 'react';
import { Refusal } from '../api/client.js';
import { texts } from '../texts/texts.js';
import { useSession } from './use-session.js';
import style from './log-in.module.css';

const { session: words } = texts;

/** In place of a page that only somebody who is known may see. The address stays, and so leads back to it. */
export function LogIn() {
  return (
    <main className={style.page} id="content">
      <div className={style.card}>
        <Title order={1} className={style.name}>
          {texts.name}
        </Title>
        <Text c="dimmed">{words.invitation}</Text>
        <TokenForm />
      </div>
    </main>
  );
}

/** Over a page whose session has ended. The page stays as it is, with all that was typed on it. */
export function LogInAgain() {
  return (
    <Modal
      opened
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      onClose={stay}
      title={words.ended}
    >
      <Text size="sm" mb="md">
        {words.nothingIsLost}
      </Text>
      <TokenForm />
    </Modal>
  );
}

const stay = (): void => undefined;

/** `onDone`: somebody is logged in. */
export function TokenForm({ onDone }: { readonly onDone?: () => void }) {
  const { logIn } = useSession();
  const [token, setToken] = useState('');
  const { mutate, error, isPending } = useMutation({ mutationFn: logIn });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    mutate(token.trim(), onDone && { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit}>
      <Stack mt="md">
        <PasswordInput
          data-autofocus
          autoFocus
          required
          label={words.token}
          description={words.whereTokens}
          leftSection={<KeyRound size={16} aria-hidden />}
          autoComplete="current-password"
          value={token}
          error={error && explain(error)}
          onChange={({ currentTarget }) => setToken(currentTarget.value)}
        />
        <Button type="submit" loading={isPending}>
          {words.logIn}
        </Button>
      </Stack>
    </form>
  );
}

function explain(error: Error): string {
  return error instanceof Refusal && error.status === 401 ? words.wrongToken : texts.problems.explain(error);
}
