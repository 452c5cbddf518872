import { SettingsQuery } from '../workspace/settings-query.tsx';
import { useMay } from '../workspace/workspace-facts.ts';
import { useInvoicing } from './draft-facts.ts';
import { SettingsCalendar } from './settings-calendar.tsx';
import { SettingsLook } from './settings-look.tsx';
import { SettingsProducts } from './settings-products.tsx';
import { SettingsSeries } from './settings-series.tsx';
import { SettingsTaxes } from './settings-taxes.tsx';
import { SettingsTerms } from './settings-terms.tsx';

/** Settings → Invoices: what stands on documents, and what they are written from. Issued ones stay as they are. */
export function SettingsInvoicesPage() {
  const mayWrite = useMay()('settings.write');
  const invoicing = useInvoicing();
  return (
    <SettingsQuery query={invoicing} what="The settings of invoices">
      {(settings) => (
        <>
          <SettingsLook key={`look ${settings.version}`} settings={settings} mayWrite={mayWrite} />
          <SettingsTerms mayWrite={mayWrite} />
          <SettingsTaxes mayWrite={mayWrite} />
          <SettingsSeries mayWrite={mayWrite} />
          <SettingsProducts mayWrite={mayWrite} />
          <SettingsCalendar key={`days ${settings.version}`} settings={settings} mayWrite={mayWrite} />
        </>
      )}
    </SettingsQuery>
  );
}
