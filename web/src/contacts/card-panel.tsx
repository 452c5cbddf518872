import { Button } from '@mantine/core';
import { linkOptions } from '@tanstack/react-router';
import type { PaymentMethod } from '../../../src/payments/api.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { chargeable, expiryOf, methodName } from '../cards/method-words.ts';
import { AddressLink } from '../ui/address-link.tsx';
import { useContactActions } from './contact-actions.ts';
import classes from './contact-page.module.css';

const CARDS_SHOWN_MAX = 3;

/** What a charge would go to: the default card first, the others below it. */
export function CardPanel(props: { contactId: string; methods: readonly PaymentMethod[] }) {
  const { workspace } = useWorkspace();
  const { addCard, askForCard } = useContactActions();
  const methods = chargeable(props.methods);
  const shown = methods.slice(0, CARDS_SHOWN_MAX);
  return (
    <section className={classes.panel} aria-label="Card">
      <h2 className={classes.panelTitle}>{methods.length > 1 ? 'Cards' : 'Card'}</h2>
      {methods.length === 0 && <p className={classes.quiet}>No card is saved yet.</p>}
      <div>
        {shown.map((method, place) => (
          <div
            key={method.id}
            className={classes.cardLine}
            data-other={place > 0 || undefined}
            data-off={method.state !== 'usable' || undefined}
          >
            <span className={classes.cardName}>{methodName(method)}</span>
            <span className={classes.cardMore}>
              {method.state === 'usable' ? expiryOf(method) : method.state === 'expired' ? 'expired' : 'not usable'}
            </span>
          </div>
        ))}
      </div>
      <div className={classes.panelFoot}>
        {addCard && (
          <Button size="xs" variant="subtle" onClick={addCard}>
            + Add new card
          </Button>
        )}
        {askForCard && (
          <Button size="xs" variant="subtle" onClick={askForCard}>
            Ask by link
          </Button>
        )}
        {methods.length > shown.length && (
          <Button
            size="xs"
            variant="subtle"
            component={AddressLink}
            address={linkOptions({
              to: '/w/$workspaceId/contacts/$contactId/cards',
              params: { workspaceId: workspace.id, contactId: props.contactId },
            })}
          >
            All {methods.length} cards
          </Button>
        )}
      </div>
    </section>
  );
}
