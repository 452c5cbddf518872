import { ActionIcon, Button, Checkbox, Radio, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPlus, IconX } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { changePreview, type RecurringInvoice, recurringInvoice } from '../../../src/invoices/api-recurring.ts';
import { describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { CalendarDateText } from '../ui/date-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { Section } from '../ui/page-header.tsx';
import { useReader } from '../ui/reader.tsx';
import { SideSheet } from '../ui/side-sheet.tsx';
import { Notice, SkeletonLines } from '../ui/states.tsx';
import { toastDone } from '../ui/toast.tsx';
import settings from '../workspace/settings.module.css';
import { markOf } from './decimal-text.ts';
import classes from './edit-recurring.module.css';
import { useToday } from './invoice-filters.ts';
import { RecurringEnd } from './recurring-end.tsx';
import { blankScheduleLine, changesOf, contentOf, formOfSchedule, type RecurringForm } from './recurring-form.ts';
import { useCatalogueDeed } from './use-catalogue-deeds.ts';

const TYPING_PAUSE_MS = 300;

/** Changes a schedule for what comes, and with a divided period for the days that are left of this one. */
export function EditRecurringSheet({ schedule, onClose }: { schedule: RecurringInvoice; onClose: () => void }) {
  const { locale } = useReader();
  const mark = markOf(locale);
  const today = useToday();
  const deed = useCatalogueDeed();
  const [form, setForm] = useState(() => formOfSchedule(schedule, today, mark));
  const [wasAsked, setAsked] = useState(false);
  const change = (part: Partial<RecurringForm>) => setForm((before) => ({ ...before, ...part }));
  const { changes, errors } = changesOf(schedule, form, { today, mark });
  const hasPrices = changes.lines !== undefined || changes.meters !== undefined;
  const isWhole = Object.keys(errors).length === 0;
  const errorOf = (path: string) => (wasAsked ? errors[path] : undefined) ?? deed.errorOf(path);
  const content = contentOf(schedule, today);
  const inTrial = schedule.schedule.trial_until !== null || schedule.made.length === 0;

  async function save(event: FormEvent) {
    event.preventDefault();
    setAsked(true);
    if (!isWhole) return;
    if (Object.keys(changes).length === 0) return onClose();
    const path = `/v1/recurring-invoices/${schedule.id}`;
    const isDone = await deed.save(() =>
      deed.api.patch(path, changes, recurringInvoice, { ifMatch: `"v${schedule.version}"` }),
    );
    if (!isDone) return;
    toastDone('The schedule is changed');
    onClose();
  }
  return (
    <SideSheet
      isOpen
      onClose={onClose}
      width={560}
      title={`Change ${schedule.name}`}
      isBusy={deed.isRunning}
      footer={
        <>
          <Button onClick={onClose} disabled={deed.isRunning}>
            Cancel
          </Button>
          <Button variant="filled" type="submit" form="edit-recurring" loading={deed.isRunning}>
            Save the change
          </Button>
        </>
      }
    >
      <form id="edit-recurring" className={settings.form} onSubmit={(event) => void save(event)} noValidate>
        <TextInput
          label="Name"
          data-autofocus
          value={form.name}
          error={errorOf('name')}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <ScheduleLines form={form} errorOf={errorOf} onChange={change} />
        {content.meters.map((meter, index) => (
          <TextInput
            key={meter.code}
            label={`${meter.name}: price of one`}
            inputMode="decimal"
            autoComplete="off"
            value={form.meterPrices[meter.code] ?? ''}
            error={errorOf(`meters[${index}].unit_price`)}
            onChange={(event) =>
              change({ meterPrices: { ...form.meterPrices, [meter.code]: event.currentTarget.value } })
            }
          />
        ))}
        {hasPrices && <Holds schedule={schedule} form={form} today={today} errorOf={errorOf} onChange={change} />}
        {inTrial && (
          <TextInput
            type="date"
            label="Trial until"
            description="Nothing is billed for periods that begin before this day."
            value={form.trialUntil}
            error={errorOf('schedule.trial_until')}
            onChange={(event) => change({ trialUntil: event.currentTarget.value })}
          />
        )}
        <RecurringEnd value={form.end} errorOf={errorOf} onChange={(end) => change({ end })} />
        <Checkbox
          label="Issue it by itself"
          description="Otherwise each one waits as a draft."
          checked={form.autoIssue}
          onChange={(event) => change({ autoIssue: event.currentTarget.checked })}
        />
        <Checkbox
          label="Send it by itself"
          disabled={!form.autoIssue}
          checked={form.autoSend}
          onChange={(event) => change({ autoSend: event.currentTarget.checked })}
        />
        <Checkbox
          label="Charge it on its due date"
          description="With the card that the customer agreed to; without one, nothing is charged."
          checked={form.autoCharge}
          onChange={(event) => change({ autoCharge: event.currentTarget.checked })}
        />
        {deed.problem && (
          <Notice tone="red">{deed.problem.words || Object.values(deed.problem.fields).join(' ')}</Notice>
        )}
        <Preview schedule={schedule} changes={isWhole && Object.keys(changes).length > 0 ? changes : null} />
      </form>
    </SideSheet>
  );
}

interface Part {
  readonly form: RecurringForm;
  readonly errorOf: (path: string) => string | undefined;
  readonly onChange: (part: Partial<RecurringForm>) => void;
}

function ScheduleLines({ form, errorOf, onChange }: Part) {
  const write = (key: string, part: object) =>
    onChange({ lines: form.lines.map((line) => (line.key === key ? { ...line, ...part } : line)) });
  return (
    <fieldset className={classes.lines}>
      <legend>Billed each time</legend>
      {form.lines.map((line, index) => (
        <div key={line.key} className={classes.line}>
          <TextInput
            label="Item"
            value={line.name}
            error={errorOf(`lines[${index}].name`)}
            onChange={(event) => write(line.key, { name: event.currentTarget.value })}
          />
          <TextInput
            label="Quantity"
            inputMode="decimal"
            autoComplete="off"
            value={line.quantity}
            error={errorOf(`lines[${index}].quantity`)}
            onChange={(event) => write(line.key, { quantity: event.currentTarget.value })}
          />
          <TextInput
            label="Unit price"
            inputMode="decimal"
            autoComplete="off"
            value={line.unitPrice}
            error={errorOf(`lines[${index}].unit_price`)}
            onChange={(event) => write(line.key, { unitPrice: event.currentTarget.value })}
          />
          <ActionIcon
            variant="subtle"
            className={classes.remove ?? ''}
            aria-label={`Remove ${line.name || `line ${index + 1}`}`}
            onClick={() => onChange({ lines: form.lines.filter((one) => one !== line) })}
          >
            <IconX size={16} stroke={1.8} />
          </ActionIcon>
        </div>
      ))}
      {errorOf('lines') && <Notice tone="red">{errorOf('lines')}</Notice>}
      <div>
        <Button
          size="xs"
          variant="subtle"
          leftSection={<IconPlus size={14} stroke={1.8} />}
          onClick={() => onChange({ lines: [...form.lines, blankScheduleLine()] })}
        >
          Add line
        </Button>
      </div>
    </fieldset>
  );
}

/** From when changed prices hold. */
function Holds(props: Part & { schedule: RecurringInvoice; today: string }) {
  const { schedule, form, errorOf, onChange } = props;
  const [next] = schedule.upcoming;
  const mayDivide = schedule.made.some(({ period }) => period !== null && period.until > props.today);
  return (
    <>
      <Radio.Group
        label="The new prices hold"
        value={form.holds}
        error={errorOf('prorate')}
        onChange={(holds) => onChange({ holds: holds as RecurringForm['holds'] })}
      >
        <div className={classes.choices}>
          <Radio
            value="next"
            label={
              <>
                from the next invoice on{next && ', '}
                {next && <CalendarDateText date={next.on} />}
              </>
            }
          />
          <Radio value="date" label="from a later day on" />
          {mayDivide && (
            <Radio
              value="today"
              label="from today on"
              description="The days that are left of this period are credited as they were billed, and billed anew."
            />
          )}
        </div>
      </Radio.Group>
      {form.holds === 'date' && (
        <TextInput
          type="date"
          label="From"
          min={props.today}
          value={form.from}
          error={errorOf('from')}
          onChange={(event) => onChange({ from: event.currentTarget.value })}
        />
      )}
    </>
  );
}

/** What the change would come to, as the server counts it; null while nothing is changed or something is missing. */
function Preview({ schedule, changes }: { schedule: RecurringInvoice; changes: object | null }) {
  const { api, workspace } = useWorkspace();
  const [asked] = useDebouncedValue(changes === null ? null : JSON.stringify(changes), TYPING_PAUSE_MS);
  const preview = useQuery({
    queryKey: [workspace.id, 'recurring-preview', schedule.id, schedule.version, asked],
    queryFn: ({ signal }) =>
      api.post(`/v1/recurring-invoices/${schedule.id}/change-previews`, JSON.parse(asked!), changePreview, { signal }),
    enabled: asked !== null,
    placeholderData: keepPreviousData,
    retry: false,
  });
  if (changes === null) return null;
  if (preview.isError) return <Notice tone="red">{describeError(preview.error)}</Notice>;
  if (!preview.data) return <SkeletonLines lines={4} />;
  const { credit, charge, currency, difference_minor, upcoming } = preview.data;
  const money = (minor: number) => <MoneyText amountMinor={minor} currency={currency} />;
  return (
    <Section title="What comes of it">
      <dl className={classes.sums}>
        {(credit || charge) && (
          <>
            <dt>Credited now</dt>
            <dd>{money(-(credit?.total_minor ?? 0))}</dd>
            <dt>Billed now</dt>
            <dd>{money(charge?.total_minor ?? 0)}</dd>
            <dt className={classes.strong}>{difference_minor < 0 ? 'Less to pay' : 'More to pay'}</dt>
            <dd className={classes.strong}>{money(Math.abs(difference_minor))}</dd>
          </>
        )}
        {upcoming.map((one) => (
          <div key={one.number} className={classes.pair}>
            <dt>
              Invoice on <CalendarDateText date={one.on} />
            </dt>
            <dd>{money(one.total_minor)}</dd>
          </div>
        ))}
      </dl>
      {upcoming.length === 0 && <p className={settings.quiet}>No further invoice is made.</p>}
    </Section>
  );
}
