import { Button } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useContactActions } from '../contacts/contact-actions.ts';
import { useContactOverview } from '../contacts/contact-queries.ts';
import { MoneyOnly } from '../contacts/money-only.tsx';
import { EmptyState } from '../ui/states.tsx';
import { useMay } from '../workspace/workspace-facts.ts';
import { CardLinks } from './card-links.tsx';
import { CardRow } from './card-row.tsx';
import classes from './cards.module.css';

const route = getRouteApi('/w/$workspaceId/contacts/$contactId');

/** Saved cards and bank debits: those that can be charged first, below them what has expired or was removed. */
export function CardsTab() {
  return (
    <MoneyOnly>
      <Cards />
    </MoneyOnly>
  );
}

function Cards() {
  const { contactId } = route.useParams();
  const { addCard, askForCard } = useContactActions();
  const canChange = useMay()('payments.charge');
  const overview = useContactOverview(contactId).data;
  const methods = overview?.money?.payment_methods;
  if (!overview || !methods) return null;
  const usable = methods.filter((method) => method.state === 'usable');
  const past = methods.filter((method) => method.state !== 'usable');
  const isEditable = canChange && !overview.contact.archived_at;
  if (methods.length === 0) {
    return (
      <>
        <EmptyState
          title="No card is saved"
          action={
            <>
              {addCard && <Button onClick={addCard}>Add new card</Button>}{' '}
              {askForCard && <Button onClick={askForCard}>Ask by link</Button>}
            </>
          }
        >
          With a saved card {overview.contact.name} can be charged in one step, with their consent.
        </EmptyState>
        <CardLinks contactId={contactId} />
      </>
    );
  }
  return (
    <section aria-label="Cards" style={{ maxWidth: 880 }}>
      <div className={classes.buttons}>
        {addCard && (
          <Button size="xs" onClick={addCard}>
            Add new card
          </Button>
        )}
        {askForCard && (
          <Button size="xs" onClick={askForCard}>
            Ask by link
          </Button>
        )}
      </div>
      <ul className={classes.cards} aria-label="Cards that can be charged">
        {usable
          .toSorted((a, b) => Number(b.is_default) - Number(a.is_default))
          .map((method) => (
            <CardRow key={method.id} method={method} contactName={overview.contact.name} isEditable={isEditable} />
          ))}
      </ul>
      {past.length > 0 && (
        <>
          <h2 className={classes.pastTitle}>Cannot be charged</h2>
          <ul className={classes.cards} aria-label="Cards that cannot be charged">
            {past.map((method) => (
              <CardRow
                key={method.id}
                method={method}
                contactName={overview.contact.name}
                isEditable={isEditable && method.state !== 'removed'}
              />
            ))}
          </ul>
        </>
      )}
      <CardLinks contactId={contactId} />
    </section>
  );
}
