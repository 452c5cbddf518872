import { Page, PageHeader } from '../ui/page-header.tsx';
import { EmptyState } from '../ui/states.tsx';

export function ContactPage() {
  return (
    <Page>
      <PageHeader title="Contact" />
      <EmptyState title="Nothing is known of this contact">Notes and payments are listed here.</EmptyState>
    </Page>
  );
}
