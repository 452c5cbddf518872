import type { Payment } from '../../../src/payments/api.ts';
import { MomentText } from '../ui/date-text.tsx';
import { useReader } from '../ui/reader.tsx';
import classes from './charge.module.css';

type Decline = NonNullable<Payment['decline']>;

const CLASS_WORDS: Record<Decline['class'], string> = {
  retry_later: 'May work later',
  other_card: 'This card will not work',
  ask_customer: 'The customer has to act',
  stop: 'Do not try this card again',
};

/** What kind of decline it was, what may be said to the customer, and when the same card may be tried again. */
export function DeclineAdvice({ decline }: { decline: Decline }) {
  const { now } = useReader();
  return (
    <dl className={classes.facts}>
      <dt>Kind</dt>
      <dd>{CLASS_WORDS[decline.class]}</dd>
      <dt>Same card again</dt>
      <dd>
        {decline.retry_after ? (
          new Date(decline.retry_after) <= now ? (
            'any time'
          ) : (
            <MomentText at={decline.retry_after} />
          )
        ) : decline.class === 'ask_customer' ? (
          'after the customer has acted'
        ) : (
          'not until it is replaced'
        )}
      </dd>
      <dt>To the customer</dt>
      <dd>“{decline.customer_words}”</dd>
    </dl>
  );
}
