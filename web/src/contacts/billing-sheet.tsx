import { Button, Checkbox, Select, TextInput } from '@mantine/core';
import { linkOptions } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import type { TermsAnswer } from '../../../src/invoices/api-catalogue.ts';
import { termsWords } from '../../../src/invoices/written-terms.ts';
import { type ContactBilling, contactBilling } from '../../../src/payments/api-billing.ts';
import { autoChargeWords } from '../../../src/payments/consent.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { chargeable, methodDetail, methodName } from '../cards/method-words.ts';
import auto from '../invoices/auto-charge.module.css';
import { termsOf } from '../invoices/draft-amounts.ts';
import { useToday } from '../invoices/invoice-filters.ts';
import { useCatalogueDeed } from '../invoices/use-catalogue-deeds.ts';
import { AddressLink } from '../ui/address-link.tsx';
import { SideSheet } from '../ui/side-sheet.tsx';
import { Notice } from '../ui/states.tsx';
import { toastDone } from '../ui/toast.tsx';
import settings from '../workspace/settings.module.css';
import { useWorkspaceFacts } from '../workspace/workspace-facts.ts';
import { CHANNEL_WORDS, type ConsentChannel } from './consent-words.ts';
import { useContactOverview } from './contact-queries.ts';

const CHANNELS = (Object.keys(CHANNEL_WORDS) as ConsentChannel[]).map((value) => ({
  value,
  label: CHANNEL_WORDS[value].replace(/^./, (letter) => letter.toLocaleUpperCase()),
}));

/** Usual terms and the agreement to be charged on due dates; unticked, the agreement is withdrawn. */
export function BillingSheet(props: {
  contactId: string;
  billing: ContactBilling;
  library: readonly TermsAnswer[];
  onClose: () => void;
}) {
  const { contactId, billing, library, onClose } = props;
  const { workspace } = useWorkspace();
  const deed = useCatalogueDeed();
  const today = useToday();
  const overview = useContactOverview(contactId).data;
  const business = useWorkspaceFacts()?.name ?? '';
  const methods = chargeable(overview?.money?.payment_methods ?? []);
  const usable = methods.filter(({ state }) => state === 'usable');
  const agreed = billing.auto_charge;
  const [termsId, setTermsId] = useState(billing.terms_id);
  const [isOn, setOn] = useState(agreed !== null);
  const [methodId, setMethodId] = useState(agreed?.payment_method_id ?? null);
  const [channel, setChannel] = useState<ConsentChannel>(agreed?.consent_channel ?? 'phone');
  const [agreedOn, setAgreedOn] = useState(agreed?.agreed_on ?? today);
  const chosen = methodId ?? usable[0]?.id ?? null;
  const isSame =
    agreed !== null &&
    isOn &&
    agreed.payment_method_id === chosen &&
    agreed.consent_channel === channel &&
    agreed.agreed_on === agreedOn;

  async function save(event: FormEvent) {
    event.preventDefault();
    // What was agreed to stands as it was noted, unless it is noted anew.
    const agreement = isOn
      ? isSame || chosen === null
        ? {}
        : { auto_charge: { payment_method_id: chosen, consent_channel: channel, agreed_on: agreedOn } }
      : agreed === null
        ? {}
        : { auto_charge: null };
    const body = { terms_id: termsId, ...agreement };
    const isDone = await deed.save(() => deed.api.patch(`/v1/contacts/${contactId}/billing`, body, contactBilling));
    if (!isDone) return;
    toastDone(
      agreed !== null && !isOn ? 'The agreement is withdrawn: nothing is charged by itself' : 'Billing is saved',
    );
    onClose();
  }
  const cards = linkOptions({
    to: '/w/$workspaceId/contacts/$contactId/cards',
    params: { workspaceId: workspace.id, contactId },
  });
  return (
    <SideSheet
      isOpen
      onClose={onClose}
      title="How they are billed"
      isBusy={deed.isRunning}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="filled"
            type="submit"
            form="billing"
            loading={deed.isRunning}
            disabled={isOn && chosen === null}
          >
            {agreed !== null && !isOn ? 'Withdraw the agreement' : 'Save billing'}
          </Button>
        </>
      }
    >
      <form
        id="billing"
        className={settings.form}
        style={{ maxWidth: 'none' }}
        onSubmit={(event) => void save(event)}
        noValidate
      >
        <Select
          label="Their terms"
          description="New documents for them begin with these."
          data-autofocus
          data={[
            { value: 'usual', label: `The usual: ${termsWords(termsOf({ kind: 'default' }, library))}` },
            ...library.map((one) => ({ value: one.id, label: one.name })),
          ]}
          allowDeselect={false}
          value={termsId ?? 'usual'}
          error={deed.errorOf('terms_id')}
          onChange={(value) => setTermsId(value === 'usual' ? null : value)}
        />
        <Checkbox
          label="Charge invoices automatically on their due date"
          description="Only where they agreed. Each invoice says whether it is one of these."
          checked={isOn}
          onChange={(event) => setOn(event.currentTarget.checked)}
        />
        {isOn && usable.length === 0 && agreed === null && (
          <Notice tone="quiet">
            No card is saved that can be charged. Add one under <AddressLink address={cards}>Cards</AddressLink> first.
          </Notice>
        )}
        {isOn && (usable.length > 0 || agreed !== null) && (
          <>
            <Select
              label="With"
              data={methods.map((method) => ({
                value: method.id,
                label: [methodName(method), methodDetail(method)].filter(Boolean).join(' · '),
                disabled: method.state !== 'usable',
              }))}
              allowDeselect={false}
              value={chosen}
              error={deed.errorOf('auto_charge.payment_method_id')}
              onChange={setMethodId}
            />
            <Select
              label="How they agreed"
              data={CHANNELS}
              allowDeselect={false}
              value={channel}
              onChange={(value) => setChannel((value ?? 'phone') as ConsentChannel)}
            />
            <TextInput
              label="When they agreed"
              type="date"
              max={today}
              value={agreedOn}
              error={deed.errorOf('auto_charge.agreed_on')}
              onChange={(event) => setAgreedOn(event.currentTarget.value)}
            />
            <p className={auto.quiet}>What they agree to. Read it to them, or show it:</p>
            <blockquote className={auto.words}>{autoChargeWords(business)}</blockquote>
          </>
        )}
        {agreed !== null && !isOn && (
          <Notice tone="quiet">
            What is not paid yet is no longer charged by itself. A payment that is on its way is not stopped by this.
          </Notice>
        )}
        {deed.problem?.words && <Notice tone="red">{deed.problem.words}</Notice>}
      </form>
    </SideSheet>
  );
}
