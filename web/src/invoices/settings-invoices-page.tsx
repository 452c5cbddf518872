import { lazy, Suspense } from 'react';
import { SkeletonLines } from '../ui/states.tsx';
import { SettingsQuery } from '../workspace/settings-query.tsx';
import { useMay } from '../workspace/workspace-facts.ts';
import { useInvoicing } from './draft-facts.ts';
import { SettingsAutoCharge } from './settings-auto-charge.tsx';
import { SettingsCalendar } from './settings-calendar.tsx';
import { SettingsLook } from './settings-look.tsx';
import { SettingsSeries } from './settings-series.tsx';
import { SettingsTaxes } from './settings-taxes.tsx';
import { SettingsTerms } from './settings-terms.tsx';

// Further down the page: fetched beside what stands above it.
const SettingsProducts = lazy(async () => ({ default: (await import('./settings-products.tsx')).SettingsProducts }));

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
          <SettingsAutoCharge />
          <SettingsTaxes mayWrite={mayWrite} />
          <SettingsSeries mayWrite={mayWrite} />
          <Suspense fallback={<SkeletonLines lines={4} />}>
            <SettingsProducts mayWrite={mayWrite} />
          </Suspense>
          <SettingsCalendar key={`days ${settings.version}`} settings={settings} mayWrite={mayWrite} />
        </>
      )}
    </SettingsQuery>
  );
}
