import { Page, PageHeader } from '../ui/page-header.tsx';
import { EmptyState } from '../ui/states.tsx';

export function ImportListPage() {
  return (
    <Page>
      <PageHeader title="Imports" />
      <EmptyState title="Nothing was imported yet">
        Bring contacts and payments from a CSV file; every import can be undone in one step.
      </EmptyState>
    </Page>
  );
}
