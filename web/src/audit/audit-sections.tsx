import { Link } from '@tanstack/react-router';
import { Sections } from '../design/sections.js';
import { texts } from '../texts/texts.js';

const { sections: words } = texts.audit;
const PAGE_ITSELF = { exact: true, includeSearch: false } as const;

/** What an auditor can look at in a dossier. */
export function AuditSections({ dossier }: { readonly dossier: string }) {
  const params = { dossier };
  return (
    <Sections label={words.label}>
      <Link to="/d/$dossier/audit" params={params} activeOptions={PAGE_ITSELF}>
        {words.revisions}
      </Link>
      <Link to="/d/$dossier/audit/recorders" params={params} activeOptions={PAGE_ITSELF}>
        {words.recorders}
      </Link>
      <Link to="/d/$dossier/audit/weak-positions" params={params} activeOptions={PAGE_ITSELF}>
        {words.weak}
      </Link>
      <Link to="/d/$dossier/audit/verify" params={params}>
        {words.verify}
      </Link>
    </Sections>
  );
}
