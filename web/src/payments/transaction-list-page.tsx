import { Page, PageHeader } from '../ui/page-header.tsx';
import { EmptyState } from '../ui/states.tsx';

export function TransactionListPage() {
  return (
    <Page>
      <PageHeader title="Transactions" />
      <EmptyState title="No transactions yet">Every movement of money is listed here, newest first.</EmptyState>
    </Page>
  );
}
