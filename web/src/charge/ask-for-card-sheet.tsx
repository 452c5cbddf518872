import { SideSheet } from '../ui/side-sheet.tsx';
import { AskForCard, type CardAsked } from './ask-for-card.tsx';
import classes from './charge.module.css';

/** A link that asks a customer for a card, in a sheet of its own. Mounted while it is open. */
export function AskForCardSheet(props: { about: CardAsked; contactName: string; onClose: () => void }) {
  return (
    <SideSheet isOpen onClose={props.onClose} title={`Ask ${props.contactName} for a card`}>
      <p className={classes.outcomeText}>
        {props.contactName} gets a link, gives a card on a page of the payment provider, and can pay there what has
        failed. No account is needed, and no card number passes through here.
      </p>
      <AskForCard about={props.about} button="Make the link" />
    </SideSheet>
  );
}
