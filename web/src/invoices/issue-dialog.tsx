import { Select } from '@mantine/core';
import { useState } from 'react';
import type { Invoice } from '../../../src/invoices/api.ts';
import { numberText, PATTERNS_BY_DEFAULT } from '../../../src/invoices/number-series.ts';
import { describeError } from '../app/api-problem.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { CalendarDateText } from '../ui/date-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { useSeries } from './draft-facts.ts';
import { useToday } from './invoice-filters.ts';
import { KIND_WORDS } from './invoice-words.ts';
import { useDocumentDeeds } from './use-documents.ts';

/** Asks once before a document gets its number: who, how much, which number and date. */
export function IssueDialog(props: { draft: Invoice; onClose: () => void; onIssued: (invoice: Invoice) => void }) {
  const { draft } = props;
  const deeds = useDocumentDeeds();
  const today = useToday();
  const found = useSeries();
  const [chosen, setChosen] = useState<string | null>(null);
  const open = (found.data?.data ?? []).filter((one) => one.kind === draft.kind && !one.closed);
  const series = open.find((one) => one.id === chosen) ?? open.find((one) => one.is_default) ?? open[0];
  const date = draft.issue_on ?? today;
  const kind = KIND_WORDS[draft.kind].toLocaleLowerCase();
  const next = series?.next ?? numberText(PATTERNS_BY_DEFAULT[draft.kind], date, 1n);
  return (
    <ConfirmDialog
      isOpen
      onClose={props.onClose}
      title={`Issue this ${kind}?`}
      confirm={`Issue ${kind}`}
      describe={describeError}
      onConfirm={async () => {
        props.onIssued(await deeds.issue(draft.id, chosen === null ? {} : { series_id: chosen }));
      }}
    >
      <p style={{ margin: 0 }}>
        {KIND_WORDS[draft.kind]} for <strong>{draft.contact.name}</strong> over{' '}
        <strong>
          <MoneyText amountMinor={draft.total_minor} currency={draft.currency} />
        </strong>
        , dated <CalendarDateText date={date} />
        {found.isSuccess && (
          <>
            , number <strong>{next}</strong>
          </>
        )}
        .
      </p>
      <p style={{ margin: '8px 0 0' }}>
        {draft.kind === 'quote'
          ? 'A quote that is issued stays as it is; a new one can be written from it.'
          : 'An issued invoice never changes. What is wrong with it is mended with a credit note, or by voiding it.'}
      </p>
      {open.length > 1 && (
        <Select
          mt={16}
          label="Number series"
          data={open.map((one) => ({ value: one.id, label: `${one.name}: ${one.next}` }))}
          value={series?.id ?? null}
          onChange={setChosen}
        />
      )}
    </ConfirmDialog>
  );
}
