import type { NewWorkItemBody, WorkItem } from '../../../src/invoices/api-work.ts';
import { typedText } from './decimal-text.ts';
import { bodyOf, type DraftForm, emptyLine, type FieldError, type LineForm, NO_DISCOUNT } from './draft-form.ts';

/** An appointment or deal while it is written: what stands in the fields, as typed. */
export interface WorkForm {
  readonly kind: 'appointment' | 'deal';
  readonly title: string;
  /** Calendar date and time of day; empty: not known. */
  readonly plannedOn: string;
  readonly plannedTime: string;
  readonly currency: string;
  readonly lines: readonly LineForm[];
  readonly isBillable: boolean;
  readonly note: string;
}

export function emptyWork(kind: WorkForm['kind'], currency: string, taxes: readonly string[]): WorkForm {
  return {
    ...{ kind, title: '', plannedOn: '', plannedTime: '', currency, isBillable: true, note: '' },
    lines: [emptyLine(taxes)],
  };
}

/** Kept work in the fields again. `amountText` writes minor units as they are typed. */
export function workFormOf(
  item: WorkItem,
  taxes: readonly string[],
  mark: '.' | ',',
  amountText: (minor: number) => string,
): WorkForm {
  const lines = item.lines.map(
    (line): LineForm => ({
      ...emptyLine(line.taxes),
      productId: line.product_id ?? null,
      name: line.name,
      description: line.description,
      quantity: typedText(line.quantity, mark),
      unit: line.unit,
      unitCode: line.unit_code,
      unitPrice: typedText(line.unit_price, mark),
      discount:
        line.discount === null
          ? NO_DISCOUNT
          : line.discount.amount_minor === undefined
            ? { as: 'percent', text: typedText(line.discount.percent ?? '', mark) }
            : { as: 'amount', text: amountText(line.discount.amount_minor) },
    }),
  );
  return {
    kind: item.kind,
    title: item.title,
    plannedOn: item.planned_on ?? '',
    plannedTime: item.planned_time ?? '',
    currency: item.currency,
    lines: lines.length > 0 ? lines : [emptyLine(taxes)],
    isBillable: item.billable,
    note: item.note,
  };
}

/** What is sent, and what is missing or wrong before it can be; work without a price is no mistake. */
export function workBodyOf(
  form: WorkForm,
  contactId: string,
  mark: '.' | ',',
  readAmount: Parameters<typeof bodyOf>[2],
): { body: NewWorkItemBody; errors: FieldError[]; places: number[] } {
  const document: DraftForm = {
    ...{ kind: 'invoice', contact: { id: contactId, name: '' }, currency: form.currency, lines: form.lines },
    ...{ discount: NO_DISCOUNT, deposit: NO_DISCOUNT, terms: { kind: 'default' } },
    ...{ reference: '', notes: '', issuedOn: '', validUntil: '', autoCharge: false },
  };
  const read = bodyOf(document, mark, readAmount);
  // What is done for nothing costs nothing, whatever was begun to be written there.
  const { body, errors, places } = form.isBillable ? read : { body: { lines: [] }, errors: [], places: [] };
  const own = errors.filter(({ path }) => path !== 'lines');
  if (form.title.trim() === '') own.push({ path: 'title', message: 'What is it?', isMissing: true });
  if (form.plannedTime !== '' && form.plannedOn === '')
    own.push({ path: 'planned_on', message: 'Which day?', isMissing: true });
  return {
    body: {
      kind: form.kind,
      contact_id: contactId,
      title: form.title.trim(),
      planned_on: form.plannedOn === '' ? null : form.plannedOn,
      planned_time: form.plannedTime === '' ? null : form.plannedTime,
      currency: form.currency,
      lines: body.lines,
      billable: form.isBillable,
      note: form.note.trim(),
    },
    errors: own,
    places,
  };
}
