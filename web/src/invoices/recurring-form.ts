import type { RecurringChangesBody, RecurringInvoice } from '../../../src/invoices/api-recurring.ts';
import { decimalText, typedText } from './decimal-text.ts';

/** When a schedule ends: never, after so many invoices, or before a day. As it stands in the fields. */
export interface EndForm {
  readonly kind: 'never' | 'count' | 'date';
  readonly count: string;
  readonly date: string;
}

export interface ScheduleLine {
  /** Only for telling lines apart on the screen. */
  readonly key: string;
  /** The kept line that it was made from: what is not in the fields stays as it is. */
  readonly kept: RecurringInvoice['revisions'][number]['lines'][number] | null;
  readonly name: string;
  readonly quantity: string;
  readonly unitPrice: string;
}

/** A schedule while it is changed: what stands in the fields, as typed. */
export interface RecurringForm {
  readonly name: string;
  readonly lines: readonly ScheduleLine[];
  /** Prices of what is counted, by the code of its meter. */
  readonly meterPrices: Readonly<Record<string, string>>;
  /** From when the prices hold. */
  readonly holds: 'next' | 'date' | 'today';
  readonly from: string;
  readonly end: EndForm;
  readonly trialUntil: string;
  readonly autoIssue: boolean;
  readonly autoSend: boolean;
  readonly autoCharge: boolean;
}

export const NEVER: EndForm = { kind: 'never', count: '12', date: '' };

/** What a schedule bills from its next invoice on, or today where none is to come. */
export function contentOf(schedule: RecurringInvoice, today: string): RecurringInvoice['revisions'][number] {
  const on = schedule.upcoming[0]?.on ?? today;
  return schedule.revisions.filter(({ from }) => from <= on).at(-1) ?? schedule.revisions[0]!;
}

let keys = 0;
/** A line that nothing has been written on. */
export function blankScheduleLine(): ScheduleLine {
  keys += 1;
  return { key: `line ${keys}`, kept: null, name: '', quantity: '1', unitPrice: '' };
}

export function formOfSchedule(schedule: RecurringInvoice, today: string, mark: '.' | ','): RecurringForm {
  const content = contentOf(schedule, today);
  const { count_max: count, ends_on: date, trial_until: trial } = schedule.schedule;
  return {
    name: schedule.name,
    lines: content.lines.map((line) => ({
      ...blankScheduleLine(),
      kept: line,
      name: line.name,
      quantity: typedText(line.quantity, mark),
      unitPrice: typedText(line.unit_price, mark),
    })),
    meterPrices: Object.fromEntries(content.meters.map((meter) => [meter.code, typedText(meter.unit_price, mark)])),
    holds: 'next',
    from: '',
    end: { ...NEVER, kind: count !== null ? 'count' : date !== null ? 'date' : 'never', ...endTexts(count, date) },
    trialUntil: trial ?? '',
    autoIssue: schedule.auto_issue,
    autoSend: schedule.auto_send,
    autoCharge: schedule.auto_charge,
  };
}

const endTexts = (count: number | null, date: string | null) => ({
  ...(count === null ? {} : { count: `${count}` }),
  ...(date === null ? {} : { date }),
});

/** What the API is told of an end; its fields are named as the API names them. */
export function endBody(
  { kind, count, date }: EndForm,
  errors: Record<string, string>,
): { count_max: number | null; ends_on: string | null } {
  if (kind === 'date' && date === '') errors['schedule.ends_on'] = 'Before which day?';
  const number = Number(count);
  const isCount = Number.isInteger(number) && number >= 1;
  if (kind === 'count' && !isCount) errors['schedule.count_max'] = 'After how many invoices?';
  return {
    count_max: kind === 'count' && isCount ? number : null,
    ends_on: kind === 'date' && date !== '' ? date : null,
  };
}

/** What is sent to the API: only what is not as it was. `errors` by the names of the API's fields. */
export function changesOf(
  schedule: RecurringInvoice,
  form: RecurringForm,
  { today, mark }: { readonly today: string; readonly mark: '.' | ',' },
): { readonly changes: RecurringChangesBody; readonly errors: Readonly<Record<string, string>> } {
  const errors: Record<string, string> = {};
  const begun = formOfSchedule(schedule, today, mark);
  const isOther = (field: keyof RecurringForm) => form[field] !== begun[field];
  if (form.name.trim() === '') errors.name = 'A name for the schedule.';
  const prices = pricesOf(schedule, form, { today, mark }, errors);
  const end = endBody(form.end, errors);
  const { count_max, ends_on, trial_until } = schedule.schedule;
  const dates = {
    ...(end.count_max === count_max ? {} : { count_max: end.count_max }),
    ...(end.ends_on === ends_on ? {} : { ends_on: end.ends_on }),
    ...(form.trialUntil === (trial_until ?? '') ? {} : { trial_until: form.trialUntil || null }),
  };
  if (form.holds === 'date' && prices !== null && form.from === '') errors.from = 'From which day on?';
  return {
    changes: {
      ...(isOther('name') ? { name: form.name.trim() } : {}),
      ...(prices ?? {}),
      ...(prices === null || form.holds === 'next' ? {} : form.holds === 'today' ? { prorate: true } : {}),
      ...(prices !== null && form.holds === 'date' && form.from !== '' ? { from: form.from } : {}),
      ...(Object.keys(dates).length === 0 ? {} : { schedule: dates }),
      ...(isOther('autoIssue') ? { auto_issue: form.autoIssue } : {}),
      ...(isOther('autoSend') ? { auto_send: form.autoSend } : {}),
      ...(isOther('autoCharge') ? { auto_charge: form.autoCharge } : {}),
    },
    errors,
  };
}

type Prices = Pick<RecurringChangesBody, 'lines' | 'meters'>;

/** Lines and meters where something of them is another; null where all is as it was. */
function pricesOf(
  schedule: RecurringInvoice,
  form: RecurringForm,
  { today, mark }: { readonly today: string; readonly mark: '.' | ',' },
  errors: Record<string, string>,
): Prices | null {
  const content = contentOf(schedule, today);
  const decimal = (typed: string, path: string, ask: string): string => {
    const text = decimalText(typed, mark);
    if (text === null) errors[path] = typed.trim() === '' ? ask : 'That is no number.';
    return text ?? '0';
  };
  const lines = form.lines.map((line, index) => {
    if (line.name.trim() === '') errors[`lines[${index}].name`] = 'What is it for?';
    const quantity = decimal(line.quantity, `lines[${index}].quantity`, 'How many?');
    if (Number(quantity) === 0 && !(`lines[${index}].quantity` in errors))
      errors[`lines[${index}].quantity`] = 'More than zero.';
    return {
      // A new line is taxed as the first one is.
      ...(line.kept ?? { taxes: content.lines[0]?.taxes ?? [] }),
      name: line.name.trim(),
      quantity,
      unit_price: decimal(line.unitPrice, `lines[${index}].unit_price`, 'What does one cost?'),
    };
  });
  const meters = content.meters.map((meter, index) => ({
    ...meter,
    unit_price: decimal(form.meterPrices[meter.code] ?? '', `meters[${index}].unit_price`, 'What does one cost?'),
  }));
  if (lines.length === 0 && meters.length === 0) errors.lines = 'Write at least one line.';
  const isSame = (own: readonly object[], kept: readonly object[]) => JSON.stringify(own) === JSON.stringify(kept);
  const prices: Prices = {
    ...(isSame(lines, content.lines) ? {} : { lines }),
    ...(isSame(meters, content.meters) ? {} : { meters }),
  };
  return Object.keys(prices).length === 0 ? null : prices;
}
