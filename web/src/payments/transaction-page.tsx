import { Page, PageHeader } from '../ui/page-header.tsx';
import { EmptyState } from '../ui/states.tsx';

export function TransactionPage() {
  return (
    <Page>
      <PageHeader title="Transaction" />
      <EmptyState title="Nothing is known of this transaction">
        Its history, fees and ledger lines are listed here.
      </EmptyState>
    </Page>
  );
}
