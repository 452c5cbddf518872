import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { type PaymentDetail, paymentDetail } from '../../../src/payments/api.ts';
import { ApiProblem, describeError } from '../app/api-problem.ts';
import { useFiles } from '../app/fetch-file.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { AddressLink } from '../ui/address-link.tsx';
import { copyToClipboard } from '../ui/copy-text.tsx';
import { DateText } from '../ui/date-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { Page, PageHeader, Section } from '../ui/page-header.tsx';
import { ErrorState, SkeletonFigures, SkeletonLines } from '../ui/states.tsx';
import { toastDone } from '../ui/toast.tsx';
import { useMay, useSwitch } from '../workspace/workspace-facts.ts';
import { refundObstacle, transactionAddress } from './payment-actions.tsx';
import { PaymentBooks } from './payment-books.tsx';
import { PaymentFacts, PaymentSum } from './payment-facts.tsx';
import { PaymentHistory } from './payment-history.tsx';
import { PaymentNextStep } from './payment-next-step.tsx';
import { didNotHappen, KIND_WORDS, signedMinor, subjectOf } from './payment-words.ts';
import { PaymentsOff } from './payments-off.tsx';
import { RefundSheet } from './refund-sheet.tsx';
import { TestMark } from './test-mark.tsx';
import classes from './transaction.module.css';
import { PaymentAmount, PaymentStatusDot } from './transaction-columns.tsx';

const ChargeNow = lazy(async () => ({ default: (await import('../charge/charge-now.tsx')).ChargeNow }));

const route = getRouteApi('/w/$workspaceId/payments/transactions/$paymentId');

/** While the outcome is open the page looks again by itself, so that it resolves before one's eyes. */
const POLL_MS = 3_000;
const OPEN_STATUSES = ['sent', 'unknown', 'needs_customer'];

/** One movement of money and everything known about it. */
export function TransactionPage() {
  const { paymentId } = route.useParams();
  const { api, workspace } = useWorkspace();
  const isOn = useSwitch('payments_and_ltv');
  const query = useQuery({
    queryKey: [workspace.id, 'payment', paymentId],
    queryFn: ({ signal }) => api.get(`/v1/payments/${paymentId}`, paymentDetail, { signal }),
    refetchInterval: ({ state }) => (state.data && OPEN_STATUSES.includes(state.data.status) ? POLL_MS : false),
    enabled: isOn === true,
  });
  if (isOn === false) return <PaymentsOff title="Transaction" />;
  if (query.data) return <Transaction key={query.data.id} detail={query.data} />;
  return (
    <Page>
      <PageHeader title={query.isError ? 'Transaction' : undefined} />
      {query.isError ? (
        <ErrorState
          title="This transaction could not be shown"
          message={
            query.error instanceof ApiProblem && query.error.status === 404
              ? 'There is no transaction with this id here. Check the address, or look for it in Transactions.'
              : describeError(query.error)
          }
          onRetry={() => void query.refetch()}
          action={
            <Button
              component={AddressLink}
              variant="subtle"
              address={{ to: '/w/$workspaceId/payments/transactions', params: { workspaceId: workspace.id } }}
            >
              All transactions
            </Button>
          }
        />
      ) : (
        <>
          <SkeletonFigures count={1} />
          <SkeletonLines lines={5} width="560px" />
        </>
      )}
    </Page>
  );
}

function Transaction({ detail }: { detail: PaymentDetail }) {
  const { workspace } = useWorkspace();
  const files = useFiles();
  const mayRefund = useMay()('payments.refund');
  const [isRefunding, setRefunding] = useState(false);
  const [isCharging, setCharging] = useState(false);
  const obstacle = refundObstacle(detail, mayRefund);

  return (
    <Page>
      <PageHeader
        title={`${KIND_WORDS[detail.kind]} · ${detail.contact.name}`}
        beside={detail.test && <TestMark />}
        subtitle={subjectOf(detail)}
        actions={
          <>
            {detail.has_receipt && (
              <Button
                loading={files.isFetching}
                onClick={() => void files.open(`/v1/payments/${detail.id}/receipt.pdf`, `receipt-${detail.id}.pdf`)}
              >
                Receipt
              </Button>
            )}
            {obstacle === null && <Button onClick={() => setRefunding(true)}>Refund</Button>}
            <Menu portalProps={{ target: '#page' }}>
              <Menu.Target>
                <ActionIcon aria-label="More" variant="default">
                  <IconDots size={16} stroke={1.8} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item
                  onClick={() => void copyToClipboard(detail.id).then(() => toastDone(`${detail.id} is copied`))}
                >
                  Copy id
                </Menu.Item>
                <Menu.Item
                  component={AddressLink}
                  address={{
                    to: '/w/$workspaceId/contacts/$contactId',
                    params: { workspaceId: workspace.id, contactId: detail.contact.id },
                  }}
                >
                  Open contact
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </>
        }
      />
      <div>
        <div className={classes.amountLine}>
          <MoneyText
            size="large"
            amountMinor={signedMinor(detail)}
            currency={detail.currency}
            struck={didNotHappen(detail)}
          />
          <PaymentStatusDot payment={detail} />
        </div>
        <p className={classes.whereNow}>{detail.where_now}</p>
      </div>
      <PaymentNextStep detail={detail} onCharge={() => setCharging(true)} />
      <div className={classes.columns}>
        <div className={classes.main}>
          <Section title="History">
            <PaymentHistory detail={detail} />
          </Section>
          {detail.related.length > 0 && (
            <Section title="Belongs together">
              <Related detail={detail} />
            </Section>
          )}
          <PaymentBooks detail={detail} />
        </div>
        <aside className={classes.aside} aria-label="Facts">
          <PaymentSum detail={detail} />
          <PaymentFacts detail={detail} workspaceId={workspace.id} />
        </aside>
      </div>
      {isRefunding && <RefundSheet payment={detail} onClose={() => setRefunding(false)} />}
      {isCharging && (
        <Suspense fallback={null}>
          <ChargeNow
            contactId={detail.contact.id}
            prefill={{
              amountMinor: detail.amount_minor,
              currency: detail.currency,
              description: detail.description,
              retryOf: detail.id,
            }}
            onClose={() => setCharging(false)}
          />
        </Suspense>
      )}
    </Page>
  );
}

/** Refunds and disputes of a charge, and the tries before and after it. */
function Related({ detail }: { detail: PaymentDetail }) {
  const { workspace } = useWorkspace();
  return (
    <ul className={classes.related}>
      {detail.related.map((payment) => (
        <li key={payment.id}>
          <AddressLink className={classes.relatedOne} address={transactionAddress(workspace.id, payment.id)}>
            <span>
              {KIND_WORDS[payment.kind]} · {payment.method.label} ·{' '}
              <span className={classes.quiet}>
                <DateText at={payment.occurred_at} />
              </span>
            </span>
            <PaymentStatusDot payment={payment} />
            <PaymentAmount payment={payment} />
          </AddressLink>
        </li>
      ))}
    </ul>
  );
}
