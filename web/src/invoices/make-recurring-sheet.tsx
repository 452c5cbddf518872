import { Button, Checkbox, NumberInput, Select, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Invoice } from '../../../src/invoices/api.ts';
import { recurrenceUnit, recurringInvoice } from '../../../src/invoices/api-recurring.ts';
import { newAttemptKey } from '../app/attempt-key.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { useGoTo } from '../ui/address-link.tsx';
import { SideSheet } from '../ui/side-sheet.tsx';
import { Notice } from '../ui/states.tsx';
import { toastDone } from '../ui/toast.tsx';
import settings from '../workspace/settings.module.css';
import { recurringAddress } from './invoice-addresses.ts';
import { useToday } from './invoice-filters.ts';
import { RecurringEnd } from './recurring-end.tsx';
import { endBody, NEVER } from './recurring-form.ts';
import { useAttachments } from './use-attachments.ts';
import { useCatalogueDeed } from './use-catalogue-deeds.ts';

const UNITS = { day: 'days', week: 'weeks', month: 'months', quarter: 'quarters', year: 'years' } as const;

/** The same invoice again, by itself. */
export function MakeRecurringSheet({ invoice, onClose }: { invoice: Invoice; onClose: () => void }) {
  const { workspace } = useWorkspace();
  const goTo = useGoTo();
  const deed = useCatalogueDeed();
  const today = useToday();
  // One intent, one key: pressed twice it is one schedule.
  const [key] = useState(newAttemptKey);
  const [name, setName] = useState(invoice.lines[0]?.name ?? '');
  const [unit, setUnit] = useState<keyof typeof UNITS>('month');
  const [every, setEvery] = useState(1);
  const [startsOn, setStartsOn] = useState(today);
  const [trialUntil, setTrialUntil] = useState('');
  const [end, setEnd] = useState(NEVER);
  const [wrongEnd, setWrongEnd] = useState<Readonly<Record<string, string>>>({});
  const [autoIssue, setAutoIssue] = useState(true);
  const [withFiles, setWithFiles] = useState(true);
  const files = useAttachments(invoice.id).listed;
  const [autoSend, setAutoSend] = useState(true);
  const [autoCharge, setAutoCharge] = useState(false);

  async function save(event: FormEvent) {
    event.preventDefault();
    const wrong: Record<string, string> = {};
    const ends = endBody(end, wrong);
    setWrongEnd(wrong);
    if (Object.keys(wrong).length > 0) return;
    const body = {
      contact_id: invoice.contact.id,
      name: name.trim(),
      currency: invoice.currency,
      schedule: { unit, every, starts_on: startsOn, trial_until: trialUntil || null, ...ends },
      ...(withFiles && files.length > 0 ? { files_of: invoice.id } : {}),
      auto_issue: autoIssue,
      lines: invoice.lines.map((line) => ({
        name: line.name,
        description: line.description,
        quantity: line.quantity,
        unit: line.unit,
        unit_code: line.unit_code,
        unit_price: line.unit_price,
        discount: line.discount,
        taxes: line.taxes,
      })),
      discount: invoice.discount,
      notes: invoice.notes,
      reference: invoice.reference,
      terms: invoice.terms.terms,
      auto_send: autoSend,
      auto_charge: autoCharge,
    };
    const isDone = await deed.save(async () => {
      const made = await deed.api.post('/v1/recurring-invoices', body, recurringInvoice, { idempotencyKey: key });
      toastDone('It is made by itself from now on');
      goTo(recurringAddress(workspace.id, made.id));
    });
    if (isDone) onClose();
  }
  return (
    <SideSheet
      isOpen
      onClose={onClose}
      title="Make it recurring"
      isBusy={deed.isRunning}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="filled" type="submit" form="recurring" loading={deed.isRunning}>
            Make recurring
          </Button>
        </>
      }
    >
      <form id="recurring" className={settings.form} onSubmit={(event) => void save(event)} noValidate>
        <TextInput
          label="Name"
          data-autofocus
          value={name}
          error={deed.errorOf('name')}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <div className={settings.pair}>
          <NumberInput
            label="Every"
            min={1}
            max={366}
            allowDecimal={false}
            allowNegative={false}
            value={every}
            error={deed.errorOf('schedule.every')}
            onChange={(value) => setEvery(typeof value === 'number' ? value : 1)}
          />
          <Select
            label="of"
            data={recurrenceUnit.options.map((value) => ({ value, label: UNITS[value] }))}
            value={unit}
            onChange={(value) => setUnit(recurrenceUnit.safeParse(value).data ?? unit)}
          />
        </div>
        <TextInput
          type="date"
          label="First invoice on"
          min={today}
          value={startsOn}
          error={deed.errorOf('schedule.starts_on')}
          onChange={(event) => setStartsOn(event.currentTarget.value)}
        />
        <TextInput
          type="date"
          label="Trial until"
          description="Nothing is billed for periods that begin before this day; leave it empty for none."
          min={startsOn}
          value={trialUntil}
          error={deed.errorOf('schedule.trial_until')}
          onChange={(event) => setTrialUntil(event.currentTarget.value)}
        />
        <RecurringEnd value={end} errorOf={(path) => wrongEnd[path] ?? deed.errorOf(path)} onChange={setEnd} />
        {files.length > 0 && (
          <Checkbox
            label={files.length === 1 ? `${files[0]!.name} goes with each` : `Its ${files.length} files go with each`}
            checked={withFiles}
            onChange={(event) => setWithFiles(event.currentTarget.checked)}
          />
        )}
        <Checkbox
          label="Issue it by itself"
          description="Otherwise each one waits as a draft."
          checked={autoIssue}
          onChange={(event) => setAutoIssue(event.currentTarget.checked)}
        />
        <Checkbox
          label="Send it by itself"
          disabled={!autoIssue}
          checked={autoSend}
          onChange={(event) => setAutoSend(event.currentTarget.checked)}
        />
        <Checkbox
          label="Charge it on its due date"
          description="With the card that the customer agreed to; without one, nothing is charged."
          checked={autoCharge}
          onChange={(event) => setAutoCharge(event.currentTarget.checked)}
        />
        {deed.problem && (
          <Notice tone="red">{deed.problem.words || Object.values(deed.problem.fields).join(' ')}</Notice>
        )}
      </form>
    </SideSheet>
  );
}
