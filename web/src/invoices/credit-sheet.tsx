import { Button, Checkbox, SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Invoice } from '../../../src/invoices/api.ts';
import { describeError, fieldErrors } from '../app/api-problem.ts';
import { MoneyText, useMoneyFormat } from '../ui/money-text.tsx';
import { useReader } from '../ui/reader.tsx';
import { SideSheet } from '../ui/side-sheet.tsx';
import { Notice } from '../ui/states.tsx';
import { CreditFiles } from './credit-files.tsx';
import { creditLinesOf } from './credit-lines.ts';
import { decimalText, markOf, typedText } from './decimal-text.ts';
import { inBase64 } from './file-problem.ts';
import classes from './invoice-page.module.css';
import { priceText } from './product-price.ts';
import { useDocumentDeeds } from './use-documents.ts';

/** Takes back an invoice, whole or line by line, with a credit note that says why. */
export function CreditSheet(props: { invoice: Invoice; onClose: () => void; onCredited: (note: Invoice) => void }) {
  const { invoice, onClose } = props;
  const money = useMoneyFormat();
  const mark = markOf(useReader().locale);
  const deeds = useDocumentDeeds();
  const mayBeWhole = invoice.credited_minor === 0;
  const [how, setHow] = useState<'whole' | 'lines'>(mayBeWhole ? 'whole' : 'lines');
  const [taken, setTaken] = useState<ReadonlyMap<number, string>>(new Map());
  const [reason, setReason] = useState('');
  const [files, setFiles] = useState<readonly File[]>([]);
  const [problem, setProblem] = useState<{ words: string; fields: Record<string, string> } | null>(null);
  const [isSending, setSending] = useState(false);

  const quantities = new Map([...taken].map(([place, typed]) => [place, decimalText(typed, mark) ?? '']));
  const part = how === 'lines' && taken.size > 0 ? creditLinesOf(invoice, quantities) : null;
  const amountMinor = how === 'whole' ? BigInt(invoice.total_minor) : (part?.amounts.totalMinor ?? null);
  const amount = amountMinor === null ? '' : money(amountMinor, invoice.currency);

  async function credit() {
    const fields: Record<string, string> = {};
    if (reason.trim() === '') fields.reason = 'Say why: it is printed on the credit note.';
    if (how === 'lines' && part === null) fields.lines = 'Choose what is taken back, at most what was billed.';
    if (Object.keys(fields).length > 0) return setProblem({ words: '', fields });
    setSending(true);
    setProblem(null);
    try {
      const attachments = await Promise.all(
        files.map(async (file) => ({ name: file.name, content: await inBase64(file) })),
      );
      const body = { reason: reason.trim(), ...(part ? { lines: part.lines } : {}), attachments };
      props.onCredited(await deeds.credit(invoice.id, body));
      onClose();
    } catch (error) {
      setProblem({ words: describeError(error), fields: fieldErrors(error) });
    } finally {
      setSending(false);
    }
  }

  return (
    <SideSheet
      isOpen
      onClose={onClose}
      isBusy={isSending}
      title={`Credit ${invoice.number}`}
      width={480}
      footer={
        <>
          <Button onClick={onClose} disabled={isSending}>
            Cancel
          </Button>
          <Button variant="filled" loading={isSending} onClick={() => void credit()}>
            Credit {amount}
          </Button>
        </>
      }
    >
      <div className={classes.form}>
        <p className={classes.quiet}>
          A credit note to {invoice.contact.name} is issued with a number of its own, at once. The invoice stays as it
          is; what was paid beyond the rest goes on their account.
        </p>
        {mayBeWhole && (
          <SegmentedControl
            aria-label="What is credited"
            value={how}
            onChange={(next) => setHow(next === 'lines' ? 'lines' : 'whole')}
            data={[
              { value: 'whole', label: `All of it, ${money(invoice.total_minor, invoice.currency)}` },
              { value: 'lines', label: 'Some lines' },
            ]}
          />
        )}
        {how === 'lines' && (
          <ul className={classes.creditLines} aria-label="Lines">
            {invoice.lines.map((line, place) => {
              const typed = taken.get(place);
              const set = (next: string | null) => {
                const others = new Map(taken);
                if (next === null) others.delete(place);
                else others.set(place, next);
                setTaken(others);
              };
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: the lines of an issued invoice never move
                <li key={place}>
                  <Checkbox
                    label={line.name}
                    description={
                      <>
                        {typedText(line.quantity, mark)} × {priceText(line.unit_price, invoice.currency, mark)} ={' '}
                        <MoneyText amountMinor={line.gross_minor - line.discount_minor} currency={invoice.currency} />
                      </>
                    }
                    checked={typed !== undefined}
                    onChange={(event) => set(event.currentTarget.checked ? typedText(line.quantity, mark) : null)}
                  />
                  {typed !== undefined && (
                    <TextInput
                      aria-label={`Quantity of ${line.name}`}
                      w={88}
                      inputMode="decimal"
                      value={typed}
                      error={creditLinesOf(invoice, new Map([[place, decimalText(typed, mark) ?? '']])) === null}
                      onChange={(event) => set(event.currentTarget.value)}
                    />
                  )}
                </li>
              );
            })}
          </ul>
        )}
        {problem?.fields.lines && <Notice tone="red">{problem.fields.lines}</Notice>}
        <TextInput
          label="Reason"
          description="Printed on the credit note."
          maxLength={500}
          value={reason}
          error={problem?.fields.reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          data-autofocus
        />
        <CreditFiles files={files} onChange={setFiles} />
        {problem?.words && (
          <Notice tone="red" title="Nothing was credited">
            {problem.words}
          </Notice>
        )}
      </div>
    </SideSheet>
  );
}
