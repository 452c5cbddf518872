import { Button } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { termsWords } from '../../../src/invoices/written-terms.ts';
import { describeError } from '../app/api-problem.ts';
import auto from '../invoices/auto-charge.module.css';
import { termsOf } from '../invoices/draft-amounts.ts';
import { useTerms } from '../invoices/draft-facts.ts';
import { libraryFor, useContactBilling } from '../invoices/use-contact-billing.ts';
import { CalendarDateText } from '../ui/date-text.tsx';
import { ErrorState, SkeletonLines } from '../ui/states.tsx';
import { useMay } from '../workspace/workspace-facts.ts';
import { CHANNEL_WORDS } from './consent-words.ts';
import classes from './contact-page.module.css';

const BillingSheet = lazy(async () => ({ default: (await import('./billing-sheet.tsx')).BillingSheet }));

/** How this contact is billed: their usual terms, and whether a card is charged on due dates without asking. */
export function BillingPanel({ contactId }: { contactId: string }) {
  const billing = useContactBilling(contactId);
  const terms = useTerms();
  const mayWrite = useMay()('invoices.write');
  const [isOpen, setOpen] = useState(false);
  const failed = [billing, terms].find((query) => query.isError);
  if (failed)
    return (
      <ErrorState
        title="How they are billed could not be shown"
        message={describeError(failed.error)}
        onRetry={() => void failed.refetch()}
      />
    );
  if (!billing.data || !terms.data) return <SkeletonLines lines={2} width="360px" />;
  const { terms_id, auto_charge: agreed } = billing.data;
  const own = terms.data.data.find(({ id }) => id === terms_id);
  const usual = termsOf({ kind: 'default' }, libraryFor(terms.data.data, terms_id));
  return (
    <section aria-label="How they are billed">
      <div className={auto.head}>
        <dl className={classes.facts}>
          <dt>Terms</dt>
          <dd>{own ? own.name : `The usual: ${termsWords(usual)}`}</dd>
          <dt>On due dates</dt>
          <dd>
            {agreed === null ? (
              'Nothing is charged by itself'
            ) : (
              <>
                {agreed.method_label} is charged by itself.{' '}
                <span className={classes.none}>
                  Agreed {CHANNEL_WORDS[agreed.consent_channel]} on <CalendarDateText date={agreed.agreed_on} />
                  {agreed.consent_text_version && `, words of ${agreed.consent_text_version}`}; noted by {agreed.by}.
                </span>
                {agreed.method_problem && (
                  <span className={auto.late}> It cannot be charged now: {agreed.method_problem}</span>
                )}
              </>
            )}
          </dd>
        </dl>
        {mayWrite && (
          <Button size="xs" onClick={() => setOpen(true)}>
            Edit billing
          </Button>
        )}
      </div>
      <Suspense fallback={null}>
        {isOpen && (
          <BillingSheet
            contactId={contactId}
            billing={billing.data}
            library={terms.data.data}
            onClose={() => setOpen(false)}
          />
        )}
      </Suspense>
    </section>
  );
}
