import { ActionIcon, Button, Menu, MultiSelect, Textarea, TextInput } from '@mantine/core';
import { IconDots, IconGripVertical, IconPlus } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { TaxAnswer } from '../../../src/invoices/api-catalogue.ts';
import type { LineAmounts } from '../../../src/invoices/invoice-amounts.ts';
import { MoneyText } from '../ui/money-text.tsx';
import { DiscountField } from './discount-field.tsx';
import { emptyLine, type LineForm, withProduct } from './draft-form.ts';
import classes from './editor.module.css';
import { ProductField } from './product-field.tsx';

export interface LineRowsProps {
  lines: readonly LineForm[];
  currency: string;
  mark: '.' | ',';
  taxes: readonly TaxAnswer[];
  /** What each line comes to; absent for lines that nothing was written on, or while it cannot be counted. */
  amountOf: (place: number) => LineAmounts | undefined;
  errorOf: (place: number, field: string) => string | undefined;
  onChange: (lines: readonly LineForm[]) => void;
  onRemove: (place: number) => void;
}

/** The lines of a document. Enter adds one below, arrows go to the line above and below, Alt with them moves the line. */
export function LineRows(props: LineRowsProps) {
  const { lines, onChange } = props;
  const body = useRef<HTMLDivElement>(null);
  const dragged = useRef<number | null>(null);
  const [focus, setFocus] = useState<{ place: number; cell: string } | null>(null);
  const defaults = props.taxes.filter((tax) => tax.is_default).map((tax) => tax.code);

  // A line that was just added is written on at once; it is in the document only now.
  useEffect(() => {
    if (!focus) return;
    cellAt(body.current, focus.place, focus.cell)?.focus();
    setFocus(null);
  }, [focus]);

  function add(after: number) {
    onChange([...lines.slice(0, after + 1), emptyLine(defaults), ...lines.slice(after + 1)]);
    setFocus({ place: after + 1, cell: 'name' });
  }
  function move(from: number, to: number, cell = 'name') {
    const line = lines[from];
    if (!line || to < 0 || to >= lines.length || from === to) return;
    const others = lines.filter((_, place) => place !== from);
    onChange([...others.slice(0, to), line, ...others.slice(to)]);
    setFocus({ place: to, cell });
  }
  function onKey(event: KeyboardEvent, place: number) {
    const cell = event.target instanceof HTMLInputElement ? event.target.dataset.cell : undefined;
    if (cell === undefined) return;
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (step !== 0 && event.altKey) {
      event.preventDefault();
      move(place, place + step, cell);
    } else if (event.defaultPrevented) {
      // The list of products has the arrows while it is open.
    } else if (step !== 0) {
      event.preventDefault();
      cellAt(body.current, place + step, cell)?.focus();
    } else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      add(place);
    }
  }

  return (
    <div className={classes.lines} ref={body}>
      <div className={classes.linesHead} aria-hidden>
        <span />
        <span>Item</span>
        <span>Quantity</span>
        <span>Unit price</span>
        <span>Tax</span>
        <span>Amount</span>
        <span />
      </div>
      {lines.map((line, place) => (
        <LineRow
          key={line.key}
          {...props}
          line={line}
          place={place}
          onLine={(next) => onChange(lines.map((one, at) => (at === place ? next : one)))}
          onKey={(event) => onKey(event, place)}
          onMove={(to) => move(place, to)}
          onDragStart={() => {
            dragged.current = place;
          }}
          onDrop={() => {
            if (dragged.current !== null) move(dragged.current, place);
            dragged.current = null;
          }}
        />
      ))}
      <div>
        <Button
          size="xs"
          variant="subtle"
          leftSection={<IconPlus size={14} stroke={1.8} />}
          onClick={() => add(lines.length - 1)}
        >
          Add line
        </Button>
      </div>
    </div>
  );
}

function cellAt(rows: HTMLElement | null, place: number, cell: string): HTMLElement | null {
  return rows?.querySelector<HTMLElement>(`[data-line="${place}"] input[data-cell="${cell}"]`) ?? null;
}

function LineRow(
  props: LineRowsProps & {
    line: LineForm;
    place: number;
    onLine: (line: LineForm) => void;
    onKey: (event: KeyboardEvent) => void;
    onMove: (to: number) => void;
    onDragStart: () => void;
    onDrop: () => void;
  },
) {
  const { line, place, onLine, currency } = props;
  const [hasDescription, setDescription] = useState(line.description !== '');
  const [hasDiscount, setDiscount] = useState(line.discount.text !== '');
  const name = `Line ${place + 1}`;
  const error = (field: string) => props.errorOf(place, field);
  const amount = props.amountOf(place);
  const taxChoices = props.taxes.map((tax) => ({ value: tax.code, label: tax.label }));
  const extra = { label: line.description === '' ? 'Add description' : 'Description' };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the fields inside are watched here, for all of them at once
    <div
      className={classes.line}
      data-line={place}
      onKeyDown={props.onKey}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        props.onDrop();
      }}
    >
      <span
        className={classes.grip}
        draggable
        onDragStart={(event) => {
          event.dataTransfer.effectAllowed = 'move';
          props.onDragStart();
        }}
        aria-hidden
      >
        <IconGripVertical size={14} stroke={1.6} />
      </span>
      <div className={classes.item}>
        <ProductField
          label={`${name}: item`}
          value={line.name}
          error={error('name')}
          onText={(text) => onLine({ ...line, name: text, productId: text === line.name ? line.productId : null })}
          onProduct={(product) => onLine(withProduct(line, product, currency, props.mark))}
        />
        {(hasDescription || line.description !== '') && (
          <Textarea
            aria-label={`${name}: description`}
            placeholder="Description"
            autosize
            minRows={1}
            maxRows={8}
            maxLength={2_000}
            value={line.description}
            error={error('description')}
            onChange={(event) => onLine({ ...line, description: event.currentTarget.value })}
          />
        )}
        {(hasDiscount || line.discount.text !== '') && (
          <div className={classes.lineDiscount}>
            <DiscountField
              label={`${name}: discount`}
              placeholder="Discount"
              currency={currency}
              value={line.discount}
              error={error('discount.percent') ?? error('discount.amount_minor') ?? error('discount')}
              onChange={(discount) => onLine({ ...line, discount })}
            />
          </div>
        )}
      </div>
      <TextInput
        aria-label={`${name}: quantity`}
        className={classes.quantity ?? ''}
        classNames={{ input: classes.number ?? '' }}
        inputMode="decimal"
        autoComplete="off"
        maxLength={24}
        value={line.quantity}
        error={error('quantity')}
        onChange={(event) => onLine({ ...line, quantity: event.currentTarget.value })}
        onFocus={(event) => event.currentTarget.select()}
        {...(line.unit
          ? { rightSection: <span className={classes.unit}>{line.unit}</span>, rightSectionWidth: 52 }
          : {})}
        data-cell="quantity"
      />
      <TextInput
        aria-label={`${name}: unit price in ${currency}`}
        className={classes.price ?? ''}
        classNames={{ input: classes.number ?? '' }}
        inputMode="decimal"
        autoComplete="off"
        maxLength={28}
        placeholder="0"
        value={line.unitPrice}
        error={error('unit_price')}
        onChange={(event) => onLine({ ...line, unitPrice: event.currentTarget.value })}
        data-cell="price"
      />
      <MultiSelect
        aria-label={`${name}: taxes`}
        className={classes.taxes ?? ''}
        data={taxChoices}
        value={line.taxes.filter((code) => props.taxes.some((tax) => tax.code === code))}
        onChange={(codes) => onLine({ ...line, taxes: codes })}
        maxValues={4}
        placeholder={line.taxes.length === 0 ? 'No tax' : ''}
        disabled={taxChoices.length === 0}
        error={error('taxes')}
        hidePickedOptions
        comboboxProps={{ shadow: 'xl', width: 'max-content', position: 'bottom-end' }}
        size="sm"
      />
      <span className={classes.lineAmount}>
        {amount && <MoneyText amountMinor={amount.grossMinor - amount.discountMinor} currency={currency} />}
        {amount && amount.discountMinor > 0n && (
          <span className={classes.before}>
            <MoneyText amountMinor={amount.grossMinor} currency={currency} struck />
          </span>
        )}
      </span>
      <Menu>
        <Menu.Target>
          <ActionIcon aria-label={`${name}: more`}>
            <IconDots size={16} stroke={1.8} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setDescription(true)}>{extra.label}</Menu.Item>
          <Menu.Item onClick={() => setDiscount(true)}>
            {line.discount.text === '' ? 'Add discount' : 'Discount'}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item disabled={place === 0} onClick={() => props.onMove(place - 1)}>
            Move up
          </Menu.Item>
          <Menu.Item disabled={place === props.lines.length - 1} onClick={() => props.onMove(place + 1)}>
            Move down
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item onClick={() => props.onRemove(place)}>Remove line</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
