import type { PaymentMethod } from '../../../src/payments/api.ts';
import { SideSheet } from '../ui/side-sheet.tsx';
import { AddCardPanel } from './add-card-panel.tsx';

/** Saves a card for a contact, in a sheet of its own. Mounted while it is open. */
export function AddCardSheet(props: {
  contactId: string;
  contactName: string;
  onClose: () => void;
  onAdded?: (method: PaymentMethod) => void;
}) {
  return (
    <SideSheet isOpen onClose={props.onClose} title={`New card for ${props.contactName}`}>
      <AddCardPanel
        contactId={props.contactId}
        contactName={props.contactName}
        onCancel={props.onClose}
        onDone={(method) => {
          props.onAdded?.(method);
          props.onClose();
        }}
      />
    </SideSheet>
  );
}
