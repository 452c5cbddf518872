import { IconAddressBook, IconCopy, IconEye, IconFileInvoice, IconReceiptRefund } from '@tabler/icons-react';
import type { Payment } from '../../../src/payments/api.ts';
import { useFiles } from '../app/fetch-file.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { copyToClipboard } from '../ui/copy-text.tsx';
import type { RowAction } from '../ui/data-table-shape.ts';
import { useMoneyFormat } from '../ui/money-text.tsx';
import { toastDone } from '../ui/toast.tsx';
import { useMay } from '../workspace/workspace-facts.ts';

const icon = { size: 16, stroke: 1.6, 'aria-hidden': true } as const;

/** The address of a transaction's page. */
export function transactionAddress(workspaceId: string, paymentId: string) {
  return { to: '/w/$workspaceId/payments/transactions/$paymentId', params: { workspaceId, paymentId } };
}

/** Why a payment cannot be refunded now; null when it can. */
export function refundObstacle(payment: Payment, mayRefund: boolean): string | null {
  if (payment.kind !== 'charge') return 'Only charges are refunded.';
  if (!mayRefund) return 'Your role does not allow refunds.';
  if (payment.status === 'undone') return 'It was undone with its import.';
  if (payment.status !== 'settled') return 'Nothing was received.';
  if (payment.refundable_minor > 0) return null;
  return payment.refunding_minor > 0 ? 'A refund of it is under way.' : 'Nothing is left to refund.';
}

/** The three dots of a transaction. View transaction comes first, as it does everywhere. */
export function usePaymentActions(refund: (payment: Payment) => void): (payment: Payment) => readonly RowAction[] {
  const { workspace } = useWorkspace();
  const { open } = useFiles();
  const money = useMoneyFormat();
  const mayRefund = useMay()('payments.refund');
  return (payment) => {
    const obstacle = refundObstacle(payment, mayRefund);
    return [
      { label: 'View transaction', icon: <IconEye {...icon} />, link: transactionAddress(workspace.id, payment.id) },
      {
        label: 'Copy id',
        icon: <IconCopy {...icon} />,
        run: () => void copyToClipboard(payment.id).then(() => toastDone(`${payment.id} is copied`)),
      },
      {
        label: 'Open receipt',
        icon: <IconFileInvoice {...icon} />,
        run: () => void open(`/v1/payments/${payment.id}/receipt.pdf`, `receipt-${payment.id}.pdf`),
        ...(payment.has_receipt ? {} : { disabledReason: 'Receipts exist for money that was received or refunded.' }),
      },
      {
        label: obstacle === null ? `Refund up to ${money(payment.refundable_minor, payment.currency)}` : 'Refund',
        icon: <IconReceiptRefund {...icon} />,
        run: () => refund(payment),
        ...(obstacle === null ? {} : { disabledReason: obstacle }),
      },
      {
        label: 'Open contact',
        icon: <IconAddressBook {...icon} />,
        link: {
          to: '/w/$workspaceId/contacts/$contactId',
          params: { workspaceId: workspace.id, contactId: payment.contact.id },
        },
      },
    ];
  };
}
