import { Section } from '../ui/page-header.tsx';
import { SwitchRow } from './switch-row.tsx';

/** Settings → Labs: what can be switched on separately. */
export function SettingsLabsPage() {
  return (
    <Section title="Labs" note="Parts of the program that a workspace can have or leave.">
      <SwitchRow
        name="charge_customers_directly"
        whenOn="Saved cards can be charged from a contact’s page and over the API. Switched off, the Charge button goes and charging is refused; history and lifetime values stay, and charges under way still settle."
        whenOff="No card can be charged, neither here nor over the API; history and lifetime values stay visible. Switched on, Charge now is back at once."
      />
    </Section>
  );
}
