import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useWorkspace } from '../app/workspace-context.ts';
import { SkeletonLines } from '../ui/states.tsx';
import { SettingsQuery } from '../workspace/settings-query.tsx';
import { factsQuery, useMay } from '../workspace/workspace-facts.ts';
import { useInvoicing, useSeries, useTaxes, useTerms } from './draft-facts.ts';
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
  const { api, workspace } = useWorkspace();
  const mayWrite = useMay()('settings.write');
  const invoicing = useInvoicing();
  // Shown when all of it is here: what came later would push away what somebody is about to click.
  const parts = [useTerms(), useTaxes(), useSeries(), useQuery(factsQuery(workspace.id, api))];
  if (parts.some(({ isPending }) => isPending)) return <SkeletonLines lines={5} width="480px" />;
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
