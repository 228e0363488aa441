import { Group, Select } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answered, api, type Schemas } from '../api/client.js';
import { useMay } from '../api/may.js';
import { ProblemNote } from '../design/page.js';
import { texts } from '../texts/texts.js';

const { lists: words } = texts;
type Visibility = Schemas['Visibility'];

/** Who may read the dossier, and who its log. */
export function VisibilityFields({ dossier }: { readonly dossier: string }) {
  const { administer } = useMay(dossier);
  const client = useQueryClient();
  const path = { dossier };
  const queryKey = [dossier, 'visibility'];
  const { data } = useQuery({
    queryKey,
    queryFn: ({ signal }) =>
      answered(api.GET('/api/v1/dossiers/{dossier}/visibility', { params: { path }, signal })),
  });
  const { mutate, error } = useMutation({
    mutationFn: ({ visibility, audits }: Visibility) =>
      answered(
        api.PUT('/api/v1/dossiers/{dossier}/visibility', { params: { path }, body: { visibility, audits } }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey }),
  });
  if (data === undefined) return null;
  const { visibility, audits } = data;
  return (
    <>
      {error && <ProblemNote error={error} />}
      <Group gap="md" mb="md">
        <Select
          size="xs"
          label={words.visibility}
          allowDeselect={false}
          readOnly={!administer}
          data={Object.entries(words.visibilities).map(([value, label]) => ({ value, label }))}
          value={visibility}
          onChange={(chosen) => mutate({ visibility: keyOf(words.visibilities, chosen, visibility), audits })}
        />
        <Select
          size="xs"
          label={words.auditsLabel}
          allowDeselect={false}
          readOnly={!administer}
          data={Object.entries(words.audits).map(([value, label]) => ({ value, label }))}
          value={audits}
          onChange={(chosen) => mutate({ visibility, audits: keyOf(words.audits, chosen, audits) })}
        />
      </Group>
    </>
  );
}

function keyOf<Key extends string>(
  all: Readonly<Record<Key, string>>,
  chosen: string | null,
  otherwise: Key,
): Key {
  return chosen !== null && chosen in all ? (chosen as Key) : otherwise; // holds: it has just been looked up
}
