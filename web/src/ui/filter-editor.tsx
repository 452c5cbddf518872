import { Button, Checkbox, Radio, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import classes from './filter-chips.module.css';
import { FilterRecordEditor } from './filter-record-editor.tsx';
import type { FilterField, FilterValue } from './filter-sentence.ts';
import { MoneyInput } from './money-input.tsx';

interface Editing<Kind extends FilterField['kind']> {
  field: Extract<FilterField, { kind: Kind }>;
  value: Extract<FilterValue, { kind: Kind }> | undefined;
  onApply: (value: FilterValue) => void;
}

/** What stands inside a chip's popover, by kind of field. Enter applies. */
export function FilterEditor(props: {
  field: FilterField;
  value: FilterValue | undefined;
  onApply: (value: FilterValue) => void;
}) {
  const { field, value, onApply } = props;
  switch (field.kind) {
    case 'choice':
      return <ChoiceEditor field={field} value={value?.kind === 'choice' ? value : undefined} onApply={onApply} />;
    case 'text':
      return <TextEditor field={field} value={value?.kind === 'text' ? value : undefined} onApply={onApply} />;
    case 'record':
      return <FilterRecordEditor field={field} onApply={onApply} />;
    case 'dates':
      return <DatesEditor field={field} value={value?.kind === 'dates' ? value : undefined} onApply={onApply} />;
    case 'amounts':
      return <AmountsEditor field={field} value={value?.kind === 'amounts' ? value : undefined} onApply={onApply} />;
  }
}

function Form(props: { onSubmit: () => void; children: React.ReactNode }) {
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        props.onSubmit();
      }}
    >
      {props.children}
      <Button type="submit" size="xs" variant="filled">
        Apply
      </Button>
    </form>
  );
}

function ChoiceEditor({ field, value, onApply }: Editing<'choice'>) {
  const [any, setAny] = useState<readonly string[]>(value?.any ?? []);
  if (field.isSingle) {
    return (
      <Radio.Group
        aria-label={field.label}
        value={any[0] ?? null}
        onChange={(one) => onApply({ kind: 'choice', any: [one] })}
      >
        <div className={classes.choices}>
          {field.choices.map((choice) => (
            <Radio key={choice.value} size="xs" value={choice.value} label={choice.label} />
          ))}
        </div>
      </Radio.Group>
    );
  }
  return (
    <Form onSubmit={() => onApply({ kind: 'choice', any })}>
      <Checkbox.Group aria-label={field.label} value={[...any]} onChange={setAny}>
        <div className={classes.choices}>
          {field.choices.map((choice) => (
            <Checkbox key={choice.value} value={choice.value} label={choice.label} />
          ))}
        </div>
      </Checkbox.Group>
    </Form>
  );
}

function TextEditor({ field, value, onApply }: Editing<'text'>) {
  const [text, setText] = useState(value?.text ?? '');
  return (
    <Form onSubmit={() => onApply({ kind: 'text', text: text.trim() })}>
      <TextInput
        label={`${field.label} has`}
        placeholder={field.placeholder}
        data-autofocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </Form>
  );
}

function DatesEditor({ field, value, onApply }: Editing<'dates'>) {
  const [from, setFrom] = useState(value?.from ?? '');
  const [to, setTo] = useState(value?.to ?? '');
  const isBackwards = from !== '' && to !== '' && to < from;
  return (
    <Form
      onSubmit={() => {
        if (!isBackwards) onApply({ kind: 'dates', ...(from ? { from } : {}), ...(to ? { to } : {}) });
      }}
    >
      {field.presets && (
        <div className={classes.presets}>
          {field.presets.map((preset) => (
            <Button
              key={preset.label}
              size="xs"
              onClick={() => onApply({ kind: 'dates', from: preset.from, to: preset.to })}
            >
              {preset.label}
            </Button>
          ))}
        </div>
      )}
      <TextInput
        type="date"
        label="From"
        data-autofocus
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <TextInput
        type="date"
        label="To"
        value={to}
        error={isBackwards ? 'The end lies before the beginning.' : undefined}
        onChange={(event) => setTo(event.currentTarget.value)}
      />
    </Form>
  );
}

function AmountsEditor({ field, value, onApply }: Editing<'amounts'>) {
  const [currency, setCurrency] = useState(value?.currency ?? field.currencies[0] ?? '');
  const [min, setMin] = useState<number | undefined>(value?.minMinor);
  const [max, setMax] = useState<number | undefined>(value?.maxMinor);
  if (currency === '') return <p className={classes.none}>There are no amounts to filter yet.</p>;
  const bound = (amountMinor: number | undefined) => (amountMinor === undefined ? null : BigInt(amountMinor));
  const take = (set: (minor: number | undefined) => void) => (amountMinor: bigint | null) =>
    set(amountMinor === null ? undefined : Number(amountMinor));
  return (
    <Form
      onSubmit={() =>
        onApply({
          kind: 'amounts',
          currency,
          ...(min === undefined ? {} : { minMinor: min }),
          ...(max === undefined ? {} : { maxMinor: max }),
        })
      }
    >
      {field.currencies.length > 1 && (
        <Select
          label="Currency"
          data={[...field.currencies]}
          value={currency}
          comboboxProps={{ withinPortal: false }}
          onChange={(next) => {
            setCurrency(next ?? currency);
            setMin(undefined);
            setMax(undefined);
          }}
        />
      )}
      <MoneyInput
        label="At least"
        currency={currency}
        minMinor={0n}
        amountMinor={bound(min)}
        onAmount={take(setMin)}
        data-autofocus
      />
      <MoneyInput label="At most" currency={currency} minMinor={0n} amountMinor={bound(max)} onAmount={take(setMax)} />
    </Form>
  );
}
