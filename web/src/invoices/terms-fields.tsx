import { ActionIcon, Button, NumberInput, Select, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { TermsBody } from '../../../src/invoices/api.ts';
import classes from './editor.module.css';

type Due = TermsBody['due'];
type Rule = Exclude<Due, { kind: 'instalments' }>;
type Part = Extract<Due, { kind: 'instalments' }>['parts'][number];

const RULES = [
  { value: 'immediate', label: 'At once' },
  { value: 'net', label: 'Days after the invoice' },
  { value: 'end_of_month', label: 'End of the month' },
  { value: 'day_of_month', label: 'A day of a month' },
];

function ruleOf(kind: string | null): Rule {
  if (kind === 'net') return { kind, days: 30 };
  if (kind === 'end_of_month') return { kind, plus_days: 0 };
  if (kind === 'day_of_month') return { kind, day: 15, months_ahead: 1 };
  return { kind: 'immediate' };
}

/** When a document is to be paid: a rule or instalments, what is off for paying early, and what happens on closed days. */
export function TermsFields(props: {
  value: TermsBody;
  onChange: (terms: TermsBody) => void;
  errorOf?: (path: string) => string | undefined;
}) {
  const { value, onChange } = props;
  const error = (path: string) => props.errorOf?.(path);
  const { due, early_discount: early } = value;
  return (
    <>
      <div className={classes.fields}>
        <Select
          label="Due"
          data={[...RULES, { value: 'instalments', label: 'In instalments' }]}
          value={due.kind}
          onChange={(kind) =>
            onChange({
              ...value,
              due:
                kind === 'instalments'
                  ? {
                      kind,
                      parts: [
                        { percent: '50', due: { kind: 'immediate' } },
                        { percent: '50', due: { kind: 'net', days: 30 } },
                      ],
                    }
                  : ruleOf(kind),
            })
          }
        />
        {due.kind !== 'instalments' && <RuleFields rule={due} onChange={(rule) => onChange({ ...value, due: rule })} />}
        <Select
          label="Where that is a closed day"
          data={[
            { value: 'none', label: 'It stays that day' },
            { value: 'next', label: 'The next open day' },
            { value: 'previous', label: 'The open day before' },
          ]}
          value={value.shift}
          onChange={(shift) => onChange({ ...value, shift: (shift ?? 'none') as TermsBody['shift'] })}
        />
      </div>
      {due.kind === 'instalments' && (
        <Instalments
          parts={due.parts}
          errorOf={error}
          onChange={(parts) => onChange({ ...value, due: { kind: 'instalments', parts } })}
        />
      )}
      <div className={classes.fields}>
        <TextInput
          label="Off for paying early, %"
          inputMode="decimal"
          placeholder="None"
          value={early?.percent ?? ''}
          error={error('early_discount.percent')}
          onChange={(event) => {
            const percent = event.currentTarget.value.replace(',', '.').trim();
            onChange({ ...value, early_discount: percent === '' ? null : { percent, days: early?.days ?? 10 } });
          }}
        />
        {early && (
          <Count
            label="if paid within so many days"
            value={early.days}
            max={365}
            onChange={(days) => onChange({ ...value, early_discount: { ...early, days } })}
          />
        )}
      </div>
    </>
  );
}

function RuleFields({ rule, onChange }: { rule: Rule; onChange: (rule: Rule) => void }) {
  switch (rule.kind) {
    case 'immediate':
      return null;
    case 'net':
      return <Count label="Days" value={rule.days} max={730} onChange={(days) => onChange({ ...rule, days })} />;
    case 'end_of_month':
      return (
        <Count
          label="Days after it"
          value={rule.plus_days}
          max={120}
          onChange={(plus_days) => onChange({ ...rule, plus_days })}
        />
      );
    case 'day_of_month':
      return (
        <>
          <Count label="Day" value={rule.day} min={1} max={31} onChange={(day) => onChange({ ...rule, day })} />
          <Select
            label="of"
            data={[
              { value: '0', label: 'this month' },
              { value: '1', label: 'the next month' },
              { value: '2', label: 'the month after it' },
              { value: '3', label: 'three months on' },
            ]}
            value={String(rule.months_ahead)}
            onChange={(months) => onChange({ ...rule, months_ahead: Number(months ?? 1) })}
          />
        </>
      );
  }
}

function Count(props: { label: string; value: number; min?: number; max: number; onChange: (value: number) => void }) {
  return (
    <NumberInput
      label={props.label}
      value={props.value}
      min={props.min ?? 0}
      max={props.max}
      clampBehavior="strict"
      allowDecimal={false}
      allowNegative={false}
      hideControls
      onChange={(value) => props.onChange(typeof value === 'number' ? value : (props.min ?? 0))}
    />
  );
}

function Instalments(props: {
  parts: readonly Part[];
  errorOf: (path: string) => string | undefined;
  onChange: (parts: Part[]) => void;
}) {
  const { parts, onChange } = props;
  const set = (place: number, part: Part) => onChange(parts.map((one, at) => (at === place ? part : one)));
  const sum = parts.reduce((all, part) => all + Number(part.percent ?? 0), 0);
  return (
    <div className={classes.main} style={{ gap: 8 }}>
      {parts.map((part, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts have nothing else to be told apart by
        <div key={place} className={classes.part}>
          <TextInput
            label={place === 0 ? 'Part, %' : undefined}
            aria-label={`Instalment ${place + 1}: per cent`}
            inputMode="decimal"
            value={part.percent ?? ''}
            error={props.errorOf(`due.parts[${place}].percent`)}
            onChange={(event) => set(place, { percent: event.currentTarget.value.replace(',', '.'), due: part.due })}
          />
          <Select
            label={place === 0 ? 'Due' : undefined}
            aria-label={`Instalment ${place + 1}: due`}
            data={RULES}
            value={part.due.kind}
            onChange={(kind) => set(place, { ...part, due: ruleOf(kind) })}
          />
          {part.due.kind === 'net' ? (
            <NumberInput
              label={place === 0 ? 'Days' : undefined}
              aria-label={`Instalment ${place + 1}: days`}
              hideControls
              allowDecimal={false}
              min={0}
              max={730}
              value={part.due.days}
              onChange={(days) => set(place, { ...part, due: { kind: 'net', days: Number(days) || 0 } })}
            />
          ) : (
            <span />
          )}
          <ActionIcon
            aria-label={`Remove instalment ${place + 1}`}
            disabled={parts.length === 1}
            onClick={() => onChange(parts.filter((_, at) => at !== place))}
          >
            <IconX size={14} stroke={1.8} />
          </ActionIcon>
        </div>
      ))}
      <div style={{ alignItems: 'center', display: 'flex', gap: 16 }}>
        <Button
          size="xs"
          variant="subtle"
          leftSection={<IconPlus size={14} stroke={1.8} />}
          disabled={parts.length >= 24}
          onClick={() =>
            onChange([
              ...parts,
              { percent: String(Math.max(0, 100 - sum)), due: { kind: 'net', days: 30 * parts.length } },
            ])
          }
        >
          Add instalment
        </Button>
        {sum !== 100 && <span className={classes.quiet}>{sum} % in all: the parts are taken in proportion.</span>}
      </div>
    </div>
  );
}
