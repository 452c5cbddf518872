import { Button, Checkbox, Select, Switch, TextInput } from '@mantine/core';
import { IconCreditCard } from '@tabler/icons-react';
import { useState } from 'react';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { CopyText } from '../ui/copy-text.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { DateText } from '../ui/date-text.tsx';
import { FilterChips } from '../ui/filter-chips.tsx';
import type { FilterValues } from '../ui/filter-sentence.ts';
import { type ListSource, wholeList } from '../ui/list-source.ts';
import { MoneyInput } from '../ui/money-input.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { Page, PageHeader, Section } from '../ui/page-header.tsx';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { useReader } from '../ui/reader.tsx';
import { SideSheet } from '../ui/side-sheet.tsx';
import { Sparkline } from '../ui/sparkline.tsx';
import { EmptyState, ErrorState, Notice, SkeletonFigures, SkeletonLines } from '../ui/states.tsx';
import { StatusDot, type StatusTone } from '../ui/status-dot.tsx';
import { toastDone, toastFailed, toastUndo } from '../ui/toast.tsx';

interface Sample {
  id: string;
  name: string;
  words: string;
  tone: StatusTone;
  status: string;
  amountMinor: number;
  at: Date;
}

const NAMES = ['Harbour Studio', 'Ines Oliveira', 'Northwind Dental', 'Tomasz Zieliński', 'Casa Verde', 'Aiko Tanaka'];
const STATUSES: readonly (readonly [StatusTone, string])[] = [
  ['quiet', 'Paid'],
  ['quiet', 'Paid'],
  ['red', 'Declined'],
  ['amber', 'Pending'],
  ['hollow', 'Refunded'],
  ['accent', 'Being checked'],
];

/** Every component in its states, for looking at them side by side. Not part of the product. */
export function GalleryPage() {
  const { now } = useReader();
  const [isSheetOpen, setSheetOpen] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const [amountMinor, setAmountMinor] = useState<bigint | null>(120_050n);
  const [filters, setFilters] = useState<FilterValues>({ status: { kind: 'choice', any: ['failed', 'pending'] } });
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set(['pay_2']));
  const rows = Array.from({ length: 5_000 }, (_, index): Sample => {
    const [tone, status] = STATUSES[index % STATUSES.length]!;
    return {
      id: `pay_${index}`,
      name: NAMES[(index * 5) % NAMES.length]!,
      words: 'Consultation, follow-up and a longer description that is cut',
      tone,
      status,
      amountMinor: ((index * 7919) % 90_000) + 1_200,
      at: new Date(now.getTime() - index * 7 * 3_600_000),
    };
  });
  const waiting: ListSource<Sample> = { ...wholeList<Sample>([]), status: 'pending' };

  const table = (source: ListSource<Sample>) => (
    <DataTable
      label="Sample transactions"
      source={source}
      rowId={(row) => row.id}
      onOpen={() => setSheetOpen(true)}
      selection={{ ids: selected, onChange: setSelected }}
      rowActions={() => [
        { label: 'View transaction', run: () => setSheetOpen(true) },
        { label: 'Copy id', run: () => toastDone('Copied') },
        { label: 'Refund', isDestructive: true, disabledReason: 'Nothing is left to refund.' },
      ]}
      phone={(row) => ({
        title: row.name,
        value: <MoneyText amountMinor={row.amountMinor} currency="USD" />,
        detail: <StatusDot tone={row.tone}>{row.status}</StatusDot>,
        valueDetail: <DateText at={row.at} />,
      })}
      columns={[
        { id: 'name', header: 'Contact', width: 'minmax(140px, 2fr)', render: (row) => row.name },
        {
          id: 'status',
          header: 'Status',
          width: '136px',
          render: (row) => <StatusDot tone={row.tone}>{row.status}</StatusDot>,
        },
        {
          id: 'words',
          header: 'Description',
          width: 'minmax(120px, 3fr)',
          minTableWidth: 820,
          render: (row) => row.words,
        },
        { id: 'at', header: 'Date', width: '120px', render: (row) => <DateText at={row.at} /> },
        {
          id: 'amount',
          header: 'Amount',
          width: '120px',
          align: 'right',
          render: (row) => <MoneyText amountMinor={row.amountMinor} currency="USD" struck={row.tone === 'red'} />,
        },
      ]}
      empty={<EmptyState title="Nothing here">Nothing to show.</EmptyState>}
    />
  );

  return (
    <main id="page" style={{ height: '100dvh', overflowY: 'auto' }}>
      <Page>
        <PageHeader
          title="Components"
          beside={<StatusDot tone="green">Paid just now</StatusDot>}
          subtitle="Every one in its states"
          actions={
            <>
              <Button onClick={() => toastUndo('Note removed', () => toastDone('The note is back'))}>
                Remove note
              </Button>
              <Button onClick={() => toastFailed('The tag was not saved. Check the connection and try again.')}>
                Fail
              </Button>
              <Button color="red" onClick={() => setAsking(true)}>
                Remove card
              </Button>
              <Button variant="filled" onClick={() => setSheetOpen(true)}>
                Charge now
              </Button>
            </>
          }
        />
        <Section title="Inputs" note="As people type them">
          <div style={{ display: 'grid', gap: 16, gridTemplateColumns: 'repeat(auto-fit, minmax(200px, 1fr))' }}>
            <MoneyInput label="Amount" currency="USD" amountMinor={amountMinor} onAmount={setAmountMinor} />
            <MoneyInput label="Yen" currency="JPY" amountMinor={1_200n} onAmount={() => {}} />
            <TextInput label="Description" placeholder="What is it for" description="Stands on the receipt" />
            <Select label="Card" data={['Visa ·· 4242', 'Mastercard ·· 4444']} defaultValue="Visa ·· 4242" />
            <TextInput label="E-mail" error="Enter an e-mail address." defaultValue="ines@" />
            <Checkbox label="Send a receipt" defaultChecked />
            <Switch label="Charge customers directly" defaultChecked />
          </div>
        </Section>
        <Section title="Small things">
          <div style={{ display: 'flex', flexWrap: 'wrap', gap: 32, alignItems: 'center' }}>
            <MoneyText size="large" amountMinor={431_800} currency="USD" />
            <Sparkline values={[2, 3, 2, 6, 3, 8, 5, -2, 0, 4, 6]} label="Received per month" />
            <CopyText text="pay_01jd8h2k3v9x7m" label="payment id" />
            <CopyText text="pay_01jd8h2k3v9x7m" shown="…9x7m" label="payment id, short" />
          </div>
          <Notice
            tone="red"
            title="The card was declined: not enough money on it."
            action={<Button size="xs">Other card</Button>}
          >
            Ask for another card, or try again after payday.
          </Notice>
          <Notice tone="amber">We are asking the gateway; nothing will be charged twice.</Notice>
          <Notice tone="green">Harbour Studio paid $120.00.</Notice>
          <ProgressBar label="Importing payments" done={12_345} total={541_909} unit="lines" />
          <ProgressBar label="Counting" done={12_345} total={null} unit="lines" />
        </Section>
        <Section title="Waiting">
          <SkeletonFigures />
          <SkeletonLines />
          {table(waiting)}
        </Section>
        <Section title="States">
          <EmptyState
            icon={<IconCreditCard size={28} stroke={1.4} />}
            title="No transactions yet"
            action={<Button variant="filled">Record a payment</Button>}
          >
            Every movement of money stands here: charges, refunds, cash and transfers.
          </EmptyState>
          <ErrorState
            title="Transactions could not be loaded"
            message="The server could not be reached."
            onRetry={() => {}}
          />
        </Section>
        <Section title="Table">
          <FilterChips
            values={filters}
            onChange={setFilters}
            fields={[
              {
                id: 'status',
                label: 'Status',
                kind: 'choice',
                choices: [
                  { value: 'failed', label: 'failed' },
                  { value: 'pending', label: 'pending' },
                  { value: 'paid', label: 'paid' },
                ],
              },
              { id: 'contact', label: 'Contact', kind: 'text' },
              { id: 'date', label: 'Date', kind: 'dates' },
              { id: 'amount', label: 'Amount', kind: 'amounts', currencies: ['USD', 'JPY'] },
            ]}
          />
          {table(wholeList(rows))}
        </Section>
      </Page>
      <SideSheet
        isOpen={isSheetOpen}
        onClose={() => setSheetOpen(false)}
        title="Charge Harbour Studio"
        footer={
          <>
            <Button onClick={() => setSheetOpen(false)}>Cancel</Button>
            <Button variant="filled">Continue</Button>
          </>
        }
      >
        <MoneyInput
          label="Amount"
          currency="USD"
          amountMinor={amountMinor}
          onAmount={setAmountMinor}
          data-autofocus
          size="md"
        />
        <TextInput label="Description" />
      </SideSheet>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title="Remove Visa ·· 4242?"
        confirm="Remove card"
        isDestructive
        onConfirm={() => toastDone('Card removed')}
        describe={String}
      >
        Harbour Studio can no longer be charged on this card. Its payments stay as they are.
      </ConfirmDialog>
    </main>
  );
}
