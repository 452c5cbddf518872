import { GatewaySettings } from '../gateways/gateway-settings.tsx';
import { Section } from '../ui/page-header.tsx';
import { ChargeLimitsForm } from './charge-limits-form.tsx';
import { SwitchRow } from './switch-row.tsx';

/** Settings → Payments: whether money is shown at all, how much may be charged, and through whom. */
export function SettingsPaymentsPage() {
  return (
    <>
      <Section title="Payments">
        <SwitchRow
          name="payments_and_ltv"
          whenOn="Payments, lifetime values and Transactions are shown, and the API answers about them. Switched off, all of it goes out of sight and the API refuses; nothing is lost, and money under way is still booked."
          whenOff="Nothing about money is shown or answered. Switched on, everything is back, including what happened in the meantime."
        />
      </Section>
      <Section
        title="Limits"
        note="The most that one charge may be, per role and for everybody. The lower of the two holds. An empty field is no limit."
      >
        <ChargeLimitsForm />
      </Section>
      <GatewaySettings />
    </>
  );
}
