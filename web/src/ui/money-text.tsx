import { formatMinor } from '../../../src/foundation/money.ts';
import { useReader } from './reader.tsx';
import classes from './small.module.css';

/**
 * An amount of whole minor units as the reader's locale writes it, with all the digits of its currency, so that a
 * column lines up. `struck` for amounts that did not happen (declined).
 */
export function MoneyText(props: {
  amountMinor: bigint | number;
  currency: string;
  size?: 'normal' | 'large';
  struck?: boolean;
}) {
  const { locale } = useReader();
  const text = formatMinor(props.amountMinor, props.currency, locale);
  const className = props.size === 'large' ? `${classes.money} ${classes.moneyLarge}` : classes.money;
  return (
    <span className={className} data-struck={props.struck || undefined}>
      {text}
    </span>
  );
}

/** The same for places that take only text: labels, confirmations, titles. */
export function useMoneyFormat(): (amountMinor: bigint | number, currency: string) => string {
  const { locale } = useReader();
  return (amountMinor, currency) => formatMinor(amountMinor, currency, locale);
}
