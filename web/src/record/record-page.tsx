import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMay } from '../api/may.js';
import { Answer } from '../design/answer.js';
import { Page } from '../design/page.js';
import { texts } from '../texts/texts.js';
import { ChooseSource } from './choose-source.js';
import { useSource } from './queries.js';
import { Workbench } from './workbench.js';

const { record: words } = texts;

/** Recording from one source after another: which one stands in the address. */
export function RecordPage() {
  const { dossier } = useParams({ from: '/d/$dossier/record' });
  const { source = null } = useSearch({ from: '/d/$dossier/record' });
  const navigate = useNavigate();
  const may = useMay(dossier);
  const opened = useSource(dossier, source);
  if (!may.record) return <Page title={words.title}>{null}</Page>;
  if (source === null)
    return (
      <Page title={words.title} about={words.choose.about}>
        <ChooseSource
          dossier={dossier}
          onAdded={(added) =>
            void navigate({ to: '/d/$dossier/record', params: { dossier }, search: { source: added } })
          }
        />
      </Page>
    );
  return (
    <Page title={words.title} isTitleHidden>
      <Answer of={opened}>{(found) => <Workbench key={found.id} dossier={dossier} source={found} />}</Answer>
    </Page>
  );
}
