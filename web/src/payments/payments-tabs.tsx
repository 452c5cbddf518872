import { linkOptions } from '@tanstack/react-router';
import { useWorkspace } from '../app/workspace-context.ts';
import { AddressTabs } from '../ui/address-tabs.tsx';
import { useMay } from '../workspace/workspace-facts.ts';

/** The lists below Payments, beside each other. */
export function PaymentsTabs() {
  const { workspace } = useWorkspace();
  const may = useMay();
  const params = { workspaceId: workspace.id };
  return (
    <AddressTabs
      label="Payments"
      tabs={[
        { label: 'Transactions', address: linkOptions({ to: '/w/$workspaceId/payments/transactions', params }) },
        ...(may('invoices.read')
          ? [
              { label: 'Invoices', address: linkOptions({ to: '/w/$workspaceId/payments/invoices', params }) },
              { label: 'Ageing', address: linkOptions({ to: '/w/$workspaceId/payments/ageing', params }) },
              { label: 'Recurring', address: linkOptions({ to: '/w/$workspaceId/payments/recurring', params }) },
              { label: 'To invoice', address: linkOptions({ to: '/w/$workspaceId/payments/to-invoice', params }) },
            ]
          : []),
      ]}
    />
  );
}
