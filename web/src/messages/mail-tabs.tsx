import { useWorkspace } from '../app/workspace-context.ts';
import { AddressTabs } from '../ui/address-tabs.tsx';

/** The parts of Settings → Mail. */
export function MailTabs() {
  const { workspace } = useWorkspace();
  const params = { workspaceId: workspace.id };
  return (
    <AddressTabs
      label="Mail"
      tabs={[
        { label: 'Set-up', address: { to: '/w/$workspaceId/settings/mail', params }, isExact: true },
        { label: 'Words', address: { to: '/w/$workspaceId/settings/mail/templates', params } },
        { label: 'Outbox', address: { to: '/w/$workspaceId/settings/mail/outbox', params } },
      ]}
    />
  );
}
