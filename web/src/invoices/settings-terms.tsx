import { Button, Checkbox, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { TermsAnswer } from '../../../src/invoices/api-catalogue.ts';
import { TERMS_BY_DEFAULT, termsProblem, termsWords } from '../../../src/invoices/written-terms.ts';
import { Section } from '../ui/page-header.tsx';
import { SideSheet } from '../ui/side-sheet.tsx';
import { Notice } from '../ui/states.tsx';
import settings from '../workspace/settings.module.css';
import { SettingsQuery } from '../workspace/settings-query.tsx';
import { useWorkspaceFacts } from '../workspace/workspace-facts.ts';
import { calendarOf } from './draft-amounts.ts';
import { useInvoicing, useTerms } from './draft-facts.ts';
import { DraftSchedule } from './draft-schedule.tsx';
import { useToday } from './invoice-filters.ts';
import { TermsFields } from './terms-fields.tsx';
import { useCatalogueDeed } from './use-catalogue-deeds.ts';

/** An amount that every currency can divide, to show dates and parts by. */
const EXAMPLE_MINOR = 100_000n;

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
      {edited && <TermsSheet terms={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
    </Section>
  );
}

function TermsSheet(props: { terms: TermsAnswer | null; onClose: () => void }) {
  const { terms: kept, onClose } = props;
  const deed = useCatalogueDeed();
  const invoicing = useInvoicing().data;
  const currency = useWorkspaceFacts()?.currency;
  const today = useToday();
  const [name, setName] = useState(kept?.name ?? '');
  const [terms, setTerms] = useState(kept?.terms ?? TERMS_BY_DEFAULT);
  const [lateFee, setLateFee] = useState(kept?.late_fee_text ?? '');
  const [isDefault, setDefault] = useState(kept?.is_default ?? false);
  const problem = termsProblem(terms);

  async function save(event: FormEvent) {
    event.preventDefault();
    const body = { name: name.trim(), terms, late_fee_text: lateFee.trim(), is_default: isDefault };
    const isDone = await deed.save(() =>
      kept ? deed.api.patch(`/v1/payment-terms/${kept.id}`, body) : deed.api.post('/v1/payment-terms', body),
    );
    if (isDone) onClose();
  }
  const errorOf = (path: string) =>
    deed.errorOf(`terms.${path}`) ?? (problem?.path === path ? problem.message : undefined);
  return (
    <SideSheet
      isOpen
      onClose={onClose}
      width={560}
      title={kept ? `Edit ${kept.name}` : 'New payment terms'}
      isBusy={deed.isRunning}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="filled" type="submit" form="terms" loading={deed.isRunning}>
            {kept ? 'Save terms' : 'Add terms'}
          </Button>
        </>
      }
    >
      <form
        id="terms"
        className={settings.form}
        style={{ maxWidth: 'none' }}
        onSubmit={(event) => void save(event)}
        noValidate
      >
        <TextInput
          label="Name"
          placeholder="30 days"
          data-autofocus
          value={name}
          error={deed.errorOf('name')}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TermsFields value={terms} onChange={setTerms} errorOf={errorOf} />
        <Textarea
          label="What happens when it is late"
          description="Printed on the document, such as the interest that is asked for."
          autosize
          minRows={2}
          value={lateFee}
          error={deed.errorOf('late_fee_text')}
          onChange={(event) => setLateFee(event.currentTarget.value)}
        />
        <Checkbox
          label="The usual terms"
          checked={isDefault}
          onChange={(event) => setDefault(event.currentTarget.checked)}
        />
        {!problem && invoicing && currency && (
          <div aria-live="polite">
            <p className={settings.quiet}>{termsWords(terms)}. An invoice of today would be:</p>
            <DraftSchedule
              currency={currency}
              due={{
                terms,
                deposit: null,
                issuedOn: today,
                totalMinor: EXAMPLE_MINOR,
                calendar: calendarOf(invoicing),
              }}
            />
          </div>
        )}
        {deed.problem?.words && <Notice tone="red">{deed.problem.words}</Notice>}
      </form>
    </SideSheet>
  );
}
