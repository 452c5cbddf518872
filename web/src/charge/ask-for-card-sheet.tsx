import { SideSheet } from '../ui/side-sheet.tsx';
import { AskForCard } from './ask-for-card.tsx';

/** The message that asks a customer for a new card, in a sheet of its own. Mounted while it is open. */
export function AskForCardSheet(props: { paymentId: string; contactName: string; onClose: () => void }) {
  return (
    <SideSheet isOpen onClose={props.onClose} title={`Ask ${props.contactName} for a new card`}>
      <AskForCard payment={{ id: props.paymentId }} isOpenAtOnce />
    </SideSheet>
  );
}
