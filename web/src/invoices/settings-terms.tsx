import { Button } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import type { TermsAnswer } from '../../../src/invoices/api-catalogue.ts';
import { TERMS_BY_DEFAULT, termsWords } from '../../../src/invoices/written-terms.ts';
import { Section } from '../ui/page-header.tsx';
import settings from '../workspace/settings.module.css';
import { SettingsQuery } from '../workspace/settings-query.tsx';
import { useTerms } from './draft-facts.ts';
import { useCatalogueDeed } from './use-catalogue-deeds.ts';

const TermsSheet = lazy(async () => ({ default: (await import('./terms-sheet.tsx')).TermsSheet }));

/** The terms library: how long customers have, in how many parts, and what paying early is worth. */
export function SettingsTerms({ mayWrite }: { mayWrite: boolean }) {
  const query = useTerms();
  const deed = useCatalogueDeed();
  const [edited, setEdited] = useState<TermsAnswer | 'new' | null>(null);
  return (
    <Section
      title="Payment terms"
      note="Chosen on a document, on a contact, or the usual ones. A document keeps the terms it was issued with."
      actions={mayWrite && <Button onClick={() => setEdited('new')}>New terms</Button>}
    >
      <SettingsQuery query={query} what="The payment terms">
        {({ data }) =>
          data.length === 0 ? (
            <p className={settings.quiet}>
              None yet: documents are {termsWords(TERMS_BY_DEFAULT).toLocaleLowerCase()}.
            </p>
          ) : (
            <ul className={settings.rows}>
              {data.map((one) => (
                <li key={one.id} className={settings.row}>
                  <span>
                    <span className={settings.rowName}>{one.name}</span>
                    {one.is_default && ' (usual)'}
                    <br />
                    {one.words}
                  </span>
                  {mayWrite ? (
                    <Button size="xs" variant="subtle" onClick={() => setEdited(one)}>
                      Edit
                    </Button>
                  ) : (
                    <span />
                  )}
                  {mayWrite && (
                    <Button
                      size="xs"
                      variant="subtle"
                      onClick={() => void deed.run(() => deed.api.remove(`/v1/payment-terms/${one.id}`))}
                    >
                      Remove
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </SettingsQuery>
      <Suspense fallback={null}>
        {edited && <TermsSheet terms={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
      </Suspense>
    </Section>
  );
}
