import { Page, PageHeader } from '../ui/page-header.tsx';
import { EmptyState } from '../ui/states.tsx';

export function ContactListPage() {
  return (
    <Page>
      <PageHeader title="Contacts" />
      <EmptyState title="No contacts yet">
        A contact is somebody you sell to: who they are, what they are worth, what they owe.
      </EmptyState>
    </Page>
  );
}
