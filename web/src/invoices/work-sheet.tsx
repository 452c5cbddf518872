import { Button, Checkbox, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useMemo, useState } from 'react';
import { parseDecimal, toDecimalText } from '../../../src/foundation/money.ts';
import { type WorkItem, workItem } from '../../../src/invoices/api-work.ts';
import { TERMS_BY_DEFAULT } from '../../../src/invoices/written-terms.ts';
import { describeError } from '../app/api-problem.ts';
import { newAttemptKey } from '../app/attempt-key.ts';
import { currencyChoices } from '../contacts/choices.ts';
import { MoneyText } from '../ui/money-text.tsx';
import { useReader } from '../ui/reader.tsx';
import { SideSheet } from '../ui/side-sheet.tsx';
import { ErrorState, Notice, SkeletonLines } from '../ui/states.tsx';
import { toastDone } from '../ui/toast.tsx';
import settings from '../workspace/settings.module.css';
import { markOf, typedText } from './decimal-text.ts';
import { amountsOfDraft, type DraftFacts } from './draft-amounts.ts';
import { useInvoicing, useTaxes } from './draft-facts.ts';
import { emptyLine } from './draft-form.ts';
import classes from './editor.module.css';
import { useToday } from './invoice-filters.ts';
import { LineRows } from './line-rows.tsx';
import { useCatalogueDeed } from './use-catalogue-deeds.ts';
import { emptyWork, type WorkForm, workBodyOf, workFormOf } from './work-form.ts';
import { WORK_KIND } from './work-words.ts';

/** Wide enough for lines beside each other under their headings. */
const WIDTH = 720;

export interface WorkSheetProps {
  contact: { readonly id: string; readonly name: string };
  /** What it is written in, and whether the contact leaves no choice. */
  currency: string;
  isCurrencyFixed: boolean;
  /** What is edited; null: something new of this kind. */
  item: WorkItem | null;
  kind?: WorkForm['kind'];
  onClose: () => void;
}

/** Adds or edits an appointment or a deal: what, when, and what it costs. */
export function WorkSheet(props: WorkSheetProps) {
  const taxes = useTaxes();
  const invoicing = useInvoicing();
  const kind = WORK_KIND[props.item?.kind ?? props.kind ?? 'appointment'].toLocaleLowerCase();
  const title = props.item ? props.item.title : `New ${kind}`;
  const failed = [taxes, invoicing].find((query) => query.isError);
  if (taxes.data && invoicing.data)
    return <Form {...props} title={title} facts={{ taxes: taxes.data.data, terms: [], settings: invoicing.data }} />;
  return (
    <SideSheet isOpen onClose={props.onClose} title={title} width={WIDTH}>
      {failed ? (
        <ErrorState
          title="It could not be opened"
          message={describeError(failed.error)}
          onRetry={() => void failed.refetch()}
        />
      ) : (
        <SkeletonLines lines={6} />
      )}
    </SideSheet>
  );
}

function Form(props: WorkSheetProps & { title: string; facts: Omit<DraftFacts, 'today'> }) {
  const { item, contact, facts } = props;
  const { locale } = useReader();
  const mark = markOf(locale);
  const today = useToday();
  const deed = useCatalogueDeed();
  // One intent, one key: pressed twice it is one appointment.
  const [key] = useState(newAttemptKey);
  const usual = facts.taxes.filter((tax) => tax.is_default).map((tax) => tax.code);
  const [form, setForm] = useState<WorkForm>(() =>
    item
      ? workFormOf(item, usual, mark, (minor) => typedText(toDecimalText(BigInt(minor), item.currency), mark))
      : emptyWork(props.kind ?? 'appointment', props.currency, usual),
  );
  const [isDone, setDone] = useState(false);
  const [wasAsked, setAsked] = useState(false);
  const change = (changes: Partial<WorkForm>) => setForm((before) => ({ ...before, ...changes }));

  const { body, errors, places } = useMemo(
    () =>
      workBodyOf(form, contact.id, mark, (text) => {
        const read = parseDecimal(text, form.currency);
        if (!read.ok) return { problem: read.reason };
        return read.amountMinor < 0n ? { problem: 'Not less than zero.' } : { minor: Number(read.amountMinor) };
      }),
    [form, contact.id, mark],
  );
  const { counted, errors: wrong } = useMemo(
    () =>
      amountsOfDraft({ contact_id: contact.id, currency: form.currency, lines: body.lines ?? [] }, TERMS_BY_DEFAULT, {
        ...facts,
        today,
      }),
    [body.lines, contact.id, form.currency, facts, today],
  );
  const errorOf = (path: string) =>
    [...errors.filter((one) => wasAsked || !one.isMissing), ...wrong].find((one) => one.path === path)?.message ??
    deed.errorOf(path);
  // While an invoice bills it, what the invoice says of it is not changed here.
  const isBilled = item?.invoice !== null && item?.invoice !== undefined && item.invoice.status !== 'void';

  async function save(event: FormEvent) {
    event.preventDefault();
    setAsked(true);
    if (errors.length > 0 || wrong.length > 0) return;
    const isSaved = await deed.save(async () => {
      if (item) {
        const { kind: _, contact_id: __, ...rest } = body;
        const { lines, currency, billable, ...free } = rest;
        const changes = isBilled ? free : { ...free, lines, currency, billable };
        await deed.api.patch(`/v1/work-items/${item.id}`, changes, workItem, { ifMatch: `"v${item.version}"` });
      } else {
        const doneOn = form.plannedOn !== '' && form.plannedOn < today ? form.plannedOn : today;
        const whole = isDone ? { ...body, done_on: doneOn } : body;
        await deed.api.post('/v1/work-items', whole, workItem, { idempotencyKey: key });
        toastDone(isDone ? 'It is done, and waits to be invoiced' : `“${body.title}” is planned`);
      }
    });
    if (isSaved) props.onClose();
  }

  return (
    <SideSheet
      isOpen
      onClose={props.onClose}
      title={props.title}
      width={WIDTH}
      isBusy={deed.isRunning}
      footer={
        <>
          <Button onClick={props.onClose}>Cancel</Button>
          <Button variant="filled" type="submit" form="work" loading={deed.isRunning}>
            {item ? 'Save' : `Add ${WORK_KIND[form.kind].toLocaleLowerCase()}`}
          </Button>
        </>
      }
    >
      <form id="work" className={classes.main} onSubmit={(event) => void save(event)} noValidate>
        {!item && (
          <SegmentedControl
            aria-label="Kind"
            data={Object.entries(WORK_KIND).map(([value, label]) => ({ value, label }))}
            value={form.kind}
            onChange={(kind) => change({ kind: kind === 'deal' ? 'deal' : 'appointment' })}
          />
        )}
        <TextInput
          label="Title"
          data-autofocus
          maxLength={200}
          placeholder={form.kind === 'deal' ? 'Kitchen renovation' : 'First consultation'}
          value={form.title}
          error={errorOf('title')}
          onChange={(event) => change({ title: event.currentTarget.value })}
        />
        <div className={settings.pair}>
          <TextInput
            type="date"
            label="Planned for"
            value={form.plannedOn}
            error={errorOf('planned_on')}
            onChange={(event) => change({ plannedOn: event.currentTarget.value })}
          />
          <TextInput
            type="time"
            label="At"
            value={form.plannedTime}
            error={errorOf('planned_time')}
            onChange={(event) => change({ plannedTime: event.currentTarget.value })}
          />
        </div>
        {!item && (
          <Checkbox
            label="It is done already"
            checked={isDone}
            onChange={(event) => setDone(event.currentTarget.checked)}
          />
        )}
        {isBilled ? (
          <Notice tone="quiet">
            An invoice bills this: lines and price stay as they are until the draft is thrown away or the invoice is
            voided.
          </Notice>
        ) : (
          <>
            <Checkbox
              label="To be billed"
              description="Without this it is done for nothing, and never waits for an invoice."
              checked={form.isBillable}
              onChange={(event) => change({ isBillable: event.currentTarget.checked })}
            />
            {form.isBillable && (
              <section aria-label="What it costs" className={classes.main}>
                {!props.isCurrencyFixed && (
                  <Select
                    className={classes.currency ?? ''}
                    label="Currency"
                    searchable
                    data={currencyChoices(locale)}
                    limit={60}
                    value={form.currency}
                    error={errorOf('currency')}
                    onChange={(currency) => currency && change({ currency })}
                  />
                )}
                <LineRows
                  lines={form.lines}
                  currency={form.currency}
                  mark={mark}
                  taxes={facts.taxes}
                  amountOf={(place) => {
                    const index = places.indexOf(place);
                    return index === -1 ? undefined : counted?.amounts.lines[index];
                  }}
                  errorOf={(place, field) => {
                    const index = places.indexOf(place);
                    return index === -1 ? undefined : errorOf(`lines[${index}].${field}`);
                  }}
                  onChange={(lines) => change({ lines })}
                  onRemove={(place) => {
                    const others = form.lines.filter((_, at) => at !== place);
                    change({ lines: others.length > 0 ? others : [emptyLine(usual)] });
                  }}
                />
                {counted && places.length > 0 && (
                  <p className={classes.quiet}>
                    Total <MoneyText amountMinor={counted.amounts.totalMinor} currency={form.currency} />
                  </p>
                )}
              </section>
            )}
          </>
        )}
        <Textarea
          label="Note"
          description="For you and your colleagues; it is not on the invoice."
          autosize
          minRows={2}
          maxRows={8}
          maxLength={2_000}
          value={form.note}
          error={errorOf('note')}
          onChange={(event) => change({ note: event.currentTarget.value })}
        />
        {deed.problem && (
          <Notice tone="red">{deed.problem.words || Object.values(deed.problem.fields).join(' ')}</Notice>
        )}
      </form>
    </SideSheet>
  );
}
