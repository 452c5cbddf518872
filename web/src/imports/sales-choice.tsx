import { Radio, Select } from '@mantine/core';
import type { ImportChanges, ImportRecord } from '../../../src/imports/api.ts';
import { Section } from '../ui/page-header.tsx';
import classes from './imports.module.css';

type Settings = ImportRecord['settings'];
type SalesAs = NonNullable<Settings['sales_as']>;

const CHOICES: { value: SalesAs; label: string; what: string }[] = [
  {
    value: 'payments',
    label: 'Payments only',
    what: 'Each sale is money received, each cancellation a refund. No documents are made.',
  },
  {
    value: 'invoices_paid',
    label: 'Invoices that were paid',
    what: 'Each sale is an issued invoice with its lines, paid on its day; each cancellation a credit note, paid out on its day.',
  },
  {
    value: 'invoices_open',
    label: 'Invoices that are open',
    what: 'The same documents, and nothing is paid: customers owe what they come to.',
  },
];

const METHODS: { value: Settings['paid_by']; label: string }[] = [
  { value: 'bank_transfer', label: 'Bank transfer' },
  { value: 'card', label: 'Card' },
  { value: 'bank_debit', label: 'Bank debit' },
  { value: 'cash', label: 'Cash' },
  { value: 'cheque', label: 'Cheque' },
  { value: 'other', label: 'Not known' },
];

/** What the sales of a file become; kept at once, as the columns are. */
export function SalesChoice(props: {
  settings: Settings;
  isBusy: boolean;
  onChange: (changes: ImportChanges) => void;
}) {
  const { settings, isBusy, onChange } = props;
  const salesAs = settings.sales_as ?? 'payments';
  return (
    <Section
      title="What the sales become"
      note="Documents keep the date and number that they have in the file; your own numbers go on as they are."
    >
      <Radio.Group
        aria-label="What the sales become"
        value={salesAs}
        onChange={(next) => onChange({ sales_as: next as SalesAs })}
      >
        <div className={classes.kinds}>
          {CHOICES.map(({ value, label, what }) => (
            <Radio key={value} size="xs" value={value} disabled={isBusy} label={label} description={what} />
          ))}
        </div>
      </Radio.Group>
      {salesAs === 'invoices_paid' && (
        <div className={classes.options}>
          <Select
            label="Paid by"
            data={METHODS}
            allowDeselect={false}
            disabled={isBusy}
            value={settings.paid_by}
            onChange={(method) => method && onChange({ paid_by: method as Settings['paid_by'] })}
          />
        </div>
      )}
    </Section>
  );
}
