import { Button, Checkbox, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { TermsAnswer } from '../../../src/invoices/api-catalogue.ts';
import { TERMS_BY_DEFAULT, termsProblem, termsWords } from '../../../src/invoices/written-terms.ts';
import { SideSheet } from '../ui/side-sheet.tsx';
import { Notice } from '../ui/states.tsx';
import settings from '../workspace/settings.module.css';
import { useWorkspaceFacts } from '../workspace/workspace-facts.ts';
import { calendarOf } from './draft-amounts.ts';
import { useInvoicing } from './draft-facts.ts';
import { DraftSchedule } from './draft-schedule.tsx';
import { useToday } from './invoice-filters.ts';
import { TermsFields } from './terms-fields.tsx';
import { useCatalogueDeed } from './use-catalogue-deeds.ts';

/** An amount that every currency can divide, to show dates and parts by. */
const EXAMPLE_MINOR = 100_000n;

/** Terms of the library, with the dates that an invoice of today would have. */
export function TermsSheet(props: { terms: TermsAnswer | null; onClose: () => void }) {
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
