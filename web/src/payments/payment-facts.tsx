import type { ReactNode } from 'react';
import type { PaymentDetail } from '../../../src/payments/api.ts';
import { AddressLink } from '../ui/address-link.tsx';
import { CopyText } from '../ui/copy-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { useReader } from '../ui/reader.tsx';
import { exactDate } from '../ui/relative-date.ts';
import { transactionAddress } from './payment-actions.tsx';
import { gatewayWord, KIND_WORDS, reasonWords, SOURCE_WORDS } from './payment-words.ts';
import classes from './transaction.module.css';

/** What the charge came to after everything that was taken from it. Shown once money has settled. */
export function PaymentSum({ detail }: { detail: PaymentDetail }) {
  if (detail.net_minor === null) return null;
  const money = (amountMinor: number) => <MoneyText amountMinor={amountMinor} currency={detail.currency} />;
  const isCharge = detail.kind === 'charge';
  const { settlement } = detail;
  // The account is settled in another currency: fee and net are told in that one.
  const isExchanged = settlement !== null && settlement.currency !== detail.currency;
  return (
    <dl className={classes.facts} data-sum>
      <dt>{KIND_WORDS[detail.kind]}</dt>
      <dd>{money(isCharge ? detail.amount_minor : -Math.abs(detail.amount_minor))}</dd>
      {detail.tax_minor !== 0 && (
        <>
          <dt>Tax in it</dt>
          <dd className={classes.quiet}>{money(detail.tax_minor)}</dd>
        </>
      )}
      {isExchanged ? null : (
        <>
          <dt>Fee</dt>
          <dd>{money(-detail.fee_minor || 0)}</dd>
          <dt>Net</dt>
          <dd>{money(isCharge ? detail.net_minor : -Math.abs(detail.amount_minor) - detail.fee_minor)}</dd>
        </>
      )}
      {isExchanged && settlement && (
        <>
          <dt>
            Exchanged {settlement.exchange_rate && <span className={classes.quiet}>at {settlement.exchange_rate}</span>}
          </dt>
          <dd>
            <MoneyText amountMinor={settlement.gross_minor} currency={settlement.currency} />
          </dd>
          <dt>Fee</dt>
          <dd>
            <MoneyText amountMinor={-settlement.fee_minor || 0} currency={settlement.currency} />
          </dd>
          <dt>Net</dt>
          <dd>
            <MoneyText amountMinor={settlement.net_minor} currency={settlement.currency} />
          </dd>
        </>
      )}
    </dl>
  );
}

/** Everything else that is known, as pairs. Ids are copied by a click. */
export function PaymentFacts({ detail, workspaceId }: { detail: PaymentDetail; workspaceId: string }) {
  const rows: [string, ReactNode][] = [
    [
      'Contact',
      <AddressLink
        key="contact"
        address={{ to: '/w/$workspaceId/contacts/$contactId', params: { workspaceId, contactId: detail.contact.id } }}
      >
        {detail.contact.name}
      </AddressLink>,
    ],
    ['Method', detail.method.label],
    ['Made by', detail.created_by],
    ['Source', SOURCE_WORDS[detail.source]],
    ['Happened', <ExactDate key="at" at={detail.occurred_at} />],
    ['Settled', detail.settled_at && <ExactDate key="settled" at={detail.settled_at} />],
    ['Reference', detail.reference],
    ['Reason', detail.reason && reasonWords(detail.reason)],
    ['Gateway', gatewayWord(detail.gateway)],
    [
      'Gateway id',
      detail.gateway_ref && (
        <CopyText key="ref" text={detail.gateway_ref} shown={short(detail.gateway_ref)} label="gateway id" />
      ),
    ],
    [
      'Payout',
      detail.settlement?.payout_ref && (
        <CopyText
          key="payout"
          text={detail.settlement.payout_ref}
          shown={short(detail.settlement.payout_ref)}
          label="payout id"
        />
      ),
    ],
    ['Available', detail.settlement?.available_at && <ExactDate key="available" at={detail.settlement.available_at} />],
    ['Id', <CopyText key="id" text={detail.id} shown={short(detail.id)} label="transaction id" />],
    [
      'Idempotency key',
      detail.idempotency_key && (
        <CopyText
          key="key"
          text={detail.idempotency_key}
          shown={short(detail.idempotency_key)}
          label="idempotency key"
        />
      ),
    ],
    [
      'Belongs to',
      detail.parent_id && (
        <AddressLink key="parent" address={transactionAddress(workspaceId, detail.parent_id)}>
          The charge
        </AddressLink>
      ),
    ],
    [
      'Repeats',
      detail.retry_of && (
        <AddressLink key="retry" address={transactionAddress(workspaceId, detail.retry_of)}>
          A failed charge
        </AddressLink>
      ),
    ],
  ];
  return (
    <dl className={classes.facts}>
      {rows.map(
        ([name, value]) =>
          value && (
            <div key={name} style={{ display: 'contents' }}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

/** In full, and broken over two lines where the column is narrow. */
function ExactDate({ at }: { at: string }) {
  const { locale, timeZone } = useReader();
  return <time dateTime={at}>{exactDate(new Date(at), locale, timeZone)}</time>;
}

/** The end of an id is what tells it from others. */
function short(id: string): string {
  return id.length <= 20 ? id : `${id.slice(0, 6)}…${id.slice(-8)}`;
}
