import type { ExpiringCard } from '../../../src/payments/api-upkeep.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { AddressLink } from '../ui/address-link.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import classes from './cards.module.css';
import { expiryOf, methodName } from './method-words.ts';

/** Less than this is the last chance to ask for another card. */
const SOON_DAYS = 7;

/** Cards that expire soon and are needed: whose, until when, what for. Each leads to the cards of its contact. */
export function ExpiringCardRows({ cards }: { cards: readonly ExpiringCard[] }) {
  const { workspace } = useWorkspace();
  return (
    <ul className={classes.expiring} aria-label="Cards about to expire">
      {cards.map(({ contact, payment_method: method, days_left: days, needed_for: neededFor }) => (
        <li key={method.id}>
          <AddressLink
            className={classes.expiringRow}
            address={{
              to: '/w/$workspaceId/contacts/$contactId/cards',
              params: { workspaceId: workspace.id, contactId: contact.id },
            }}
          >
            <span className={classes.name}>{contact.name}</span>
            <StatusDot tone={days <= SOON_DAYS ? 'red' : 'amber'}>{daysWords(days)}</StatusDot>
            <span className={classes.more}>
              {methodName(method)} · {expiryOf(method)}
            </span>
            <span className={classes.more}>
              {neededFor === 'failed_charge' ? 'A charge is still to be paid' : 'Charged in the last 90 days'}
            </span>
          </AddressLink>
        </li>
      ))}
    </ul>
  );
}

function daysWords(days: number): string {
  if (days < 0) return days === -1 ? 'Expired yesterday' : `Expired ${-days} days ago`;
  if (days === 0) return 'Last day today';
  return days === 1 ? '1 day left' : `${days} days left`;
}
