import { Page, PageHeader } from '../ui/page-header.tsx';
import { EmptyState } from '../ui/states.tsx';

export function SettingsPage() {
  return (
    <Page>
      <PageHeader title="Settings" />
      <EmptyState title="Nothing to set here yet">Switches, people and gateways of the workspace.</EmptyState>
    </Page>
  );
}
