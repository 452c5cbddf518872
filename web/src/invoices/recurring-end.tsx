import { NumberInput, Select, TextInput } from '@mantine/core';
import settings from '../workspace/settings.module.css';
import type { EndForm } from './recurring-form.ts';

const KINDS = [
  { value: 'never', label: 'Never' },
  { value: 'count', label: 'After a number of invoices' },
  { value: 'date', label: 'Before a day' },
] as const;

/** When a schedule ends by itself. */
export function RecurringEnd(props: {
  value: EndForm;
  errorOf: (path: string) => string | undefined;
  onChange: (end: EndForm) => void;
}) {
  const { value, onChange } = props;
  return (
    <div className={settings.pair}>
      <Select
        label="Ends"
        data={[...KINDS]}
        value={value.kind}
        allowDeselect={false}
        onChange={(kind) => onChange({ ...value, kind: KINDS.find((one) => one.value === kind)?.value ?? 'never' })}
      />
      {value.kind === 'count' && (
        <NumberInput
          label="Invoices in all"
          min={1}
          max={10_000}
          allowDecimal={false}
          allowNegative={false}
          value={value.count}
          error={props.errorOf('schedule.count_max')}
          onChange={(count) => onChange({ ...value, count: `${count}` })}
        />
      )}
      {value.kind === 'date' && (
        <TextInput
          type="date"
          label="No invoice from"
          value={value.date}
          error={props.errorOf('schedule.ends_on')}
          onChange={(event) => onChange({ ...value, date: event.currentTarget.value })}
        />
      )}
    </div>
  );
}
