import { useMoneyFormat } from '../ui/money-text.tsx';
import { Notice } from '../ui/states.tsx';
import classes from './charge.module.css';
import type { KeptCharge } from './kept-charge.ts';
import type { AskedAgain } from './use-charge.ts';

/** Id of the sentence that says what the button beside it will do. */
export const CHARGE_SENTENCE = 'charge-sentence';

/** One line that says it all, before anything is sent: who, how much, on which card. */
export function ChargeConfirmation(props: {
  kept: KeptCharge;
  contactName: string;
  again: AskedAgain | null;
  note: string | null;
}) {
  const format = useMoneyFormat();
  const { charge, methodLabel } = props.kept;
  const amount = format(charge.amount_minor, charge.currency);
  return (
    <>
      {props.again && (
        <Notice
          tone="amber"
          title={
            props.again.code === 'retry_too_early'
              ? 'It is early to try this card again.'
              : 'The same was charged a moment ago.'
          }
        >
          {props.again.words}{' '}
          {props.again.code === 'retry_too_early'
            ? 'Another card is more likely to work; banks hold many failed tries against a business.'
            : 'Charge again only if it is meant.'}
        </Notice>
      )}
      {props.note && <Notice tone="amber">{props.note}</Notice>}
      <p className={classes.whole} id={CHARGE_SENTENCE}>
        Charge {props.contactName} {amount} on {methodLabel}
      </p>
      <dl className={classes.facts}>
        <dt>Description</dt>
        <dd>{charge.description === '' ? 'No description' : charge.description}</dd>
        {props.kept.pays && (
          <>
            <dt>Pays</dt>
            <dd>{props.kept.pays}</dd>
          </>
        )}
        {charge.retry_of && (
          <>
            <dt>Takes the place of</dt>
            <dd>the charge that failed</dd>
          </>
        )}
      </dl>
    </>
  );
}

/** While it runs: said in words, nothing to press. */
export function ChargeSending(props: { kept: KeptCharge; contactName: string; isReplyLost: boolean }) {
  const format = useMoneyFormat();
  const { charge, methodLabel } = props.kept;
  return (
    <>
      <p className={classes.whole}>
        Charging {props.contactName} {format(charge.amount_minor, charge.currency)} on {methodLabel}
      </p>
      <div className={classes.working} role="status">
        <span className={classes.pulse} aria-hidden />
        {props.isReplyLost
          ? 'The answer was lost on the way. We are asking what became of it; nothing will be charged twice.'
          : 'Waiting for the bank. You can leave this page; the charge goes on.'}
      </div>
    </>
  );
}
