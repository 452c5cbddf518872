import { Button, TextInput } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type AccountStatementAnswer, accountStatement } from '../../../src/invoices/api-statement.ts';
import { describeError } from '../app/api-problem.ts';
import { useFiles } from '../app/fetch-file.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { useToday } from '../invoices/invoice-filters.ts';
import { CalendarDateText } from '../ui/date-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { SideSheet } from '../ui/side-sheet.tsx';
import { Notice, SkeletonLines } from '../ui/states.tsx';
import { StatementSending } from './statement-sending.tsx';
import classes from './statement-sheet.module.css';

/** Before anything that a book could hold. */
const FIRST_DAY = '1970-01-01';

/** A customer's account from one day to another: what it comes to, and as a file. Mounted while it is open. */
export function StatementSheet(props: { contactId: string; name: string; email: string | null; onClose: () => void }) {
  const { api, workspace } = useWorkspace();
  const files = useFiles();
  const today = useToday();
  const [from, setFrom] = useState(`${today.slice(0, 4)}-01-01`);
  const [to, setTo] = useState(today);
  const [isSending, setSending] = useState(false);
  const path = `/v1/contacts/${props.contactId}/statement`;
  const isWrong = from === '' || to === '' || from > to;
  const read = useQuery({
    queryKey: [workspace.id, 'statement', props.contactId, from, to],
    queryFn: ({ signal }) => api.get(path, accountStatement, { query: { from, to }, signal }),
    enabled: !isWrong,
    placeholderData: keepPreviousData,
  });
  const file = `${path}.pdf?from=${from}&to=${to}`;
  const year = Number(today.slice(0, 4));
  const choose = (first: string, last: string) => {
    setFrom(first);
    setTo(last);
  };
  return (
    <SideSheet isOpen onClose={props.onClose} title={`Statement for ${props.name}`}>
      <div className={classes.sheet}>
        <div className={classes.days}>
          <TextInput
            type="date"
            label="From"
            value={from}
            max={to}
            error={isWrong && 'Not after the last day.'}
            onChange={(event) => setFrom(event.currentTarget.value)}
          />
          <TextInput type="date" label="Until" value={to} onChange={(event) => setTo(event.currentTarget.value)} />
        </div>
        <div className={classes.choices}>
          <Button size="xs" onClick={() => choose(`${year}-01-01`, today)}>
            This year
          </Button>
          <Button size="xs" onClick={() => choose(`${year - 1}-01-01`, `${year - 1}-12-31`)}>
            Last year
          </Button>
          <Button size="xs" onClick={() => choose(FIRST_DAY, today)}>
            Everything
          </Button>
        </div>
        {read.isError && <Notice tone="red">{describeError(read.error)}</Notice>}
        {read.isPending && !isWrong && <SkeletonLines lines={4} />}
        {read.data && !read.isError && <Sums statement={read.data} />}
        <div className={classes.choices}>
          <Button
            variant="filled"
            disabled={isWrong || read.isError}
            loading={files.isFetching}
            onClick={() => void files.open(file, 'statement.pdf')}
          >
            Open PDF
          </Button>
          <Button disabled={isWrong || read.isError} onClick={() => void files.download(file, 'statement.pdf')}>
            Download
          </Button>
          {!isSending && (
            <Button disabled={isWrong || read.isError} onClick={() => setSending(true)}>
              Send by e-mail
            </Button>
          )}
        </div>
        {isSending && !isWrong && (
          <StatementSending
            contactId={props.contactId}
            email={props.email}
            from={from}
            until={to}
            onDone={() => setSending(false)}
          />
        )}
        <p className={classes.words}>
          It is written in the customer’s language. Customers find it on their own page too.
        </p>
      </div>
    </SideSheet>
  );
}

function Sums({ statement }: { statement: AccountStatementAnswer }) {
  if (statement.accounts.length === 0)
    return <p className={classes.words}>Nothing was invoiced or paid on account until then.</p>;
  return statement.accounts.map((account) => (
    <dl key={account.currency} className={classes.sums} aria-label={account.currency}>
      <dt>Balance before</dt>
      <dd>
        <MoneyText amountMinor={account.opening_minor} currency={account.currency} />
      </dd>
      <dt>{account.movements.length === 1 ? '1 entry' : `${account.movements.length} entries`}</dt>
      <dd>
        <MoneyText amountMinor={account.closing_minor - account.opening_minor} currency={account.currency} />
      </dd>
      <dt className={classes.strong}>
        Balance on <CalendarDateText date={statement.to} />
      </dt>
      <dd className={classes.strong}>
        <MoneyText amountMinor={account.closing_minor} currency={account.currency} />
      </dd>
    </dl>
  ));
}
