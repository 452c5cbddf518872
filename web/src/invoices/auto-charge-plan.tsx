import { planInWords } from '../../../src/payments/auto-charge-plan.ts';
import classes from './auto-charge.module.css';

/** When a charge that failed by itself is tried again: the plan that the server follows, one line for each kind of no. */
export function AutoChargePlan() {
  return (
    <dl className={classes.plan} aria-label="When it fails">
      {planInWords().map(({ declined, said, follows }) => (
        <div key={declined}>
          <dt>{said}</dt>
          <dd>{follows}</dd>
        </div>
      ))}
    </dl>
  );
}
