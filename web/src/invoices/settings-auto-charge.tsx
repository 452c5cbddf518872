import { AUTO_CHARGE_TEXT_VERSION, autoChargeWords } from '../../../src/payments/consent.ts';
import { Section } from '../ui/page-header.tsx';
import { useWorkspaceFacts } from '../workspace/workspace-facts.ts';
import classes from './auto-charge.module.css';
import { AutoChargePlan } from './auto-charge-plan.tsx';

/** What is done without anybody asking: which invoices are charged, what customers agree to, and the plan when it fails. */
export function SettingsAutoCharge() {
  const facts = useWorkspaceFacts();
  return (
    <Section
      title="Charged by themselves"
      note="Invoices that say so are charged on each due date with the card that the customer agreed to. Their agreement is noted on the contact’s Invoices tab."
    >
      <AutoChargePlan />
      <p className={classes.quiet}>
        A try never comes before the bank allows it. A customer who is charged in vain, or has to confirm it, is told by
        e-mail once, with the link to the invoice.
      </p>
      {facts && (
        <>
          <p className={classes.quiet}>What they agree to (version {AUTO_CHARGE_TEXT_VERSION}):</p>
          <blockquote className={classes.words}>{autoChargeWords(facts.name)}</blockquote>
        </>
      )}
    </Section>
  );
}
