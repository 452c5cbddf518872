import { useMemo } from 'react';
import { countryChoices } from '../contacts/choices.ts';
import { useTags } from '../contacts/contact-queries.ts';
import { useOwners } from '../contacts/workspace-settings.ts';
import type { FilterField } from '../ui/filter-sentence.ts';
import { useReader } from '../ui/reader.tsx';
import { useIsOn, useWorkspaceFacts } from '../workspace/workspace-facts.ts';

const choice = (id: string, label: string, choices: readonly { value: string; label: string }[]): FilterField => ({
  id,
  label,
  kind: 'choice',
  isSingle: true,
  choices,
});

const EXPIRY_DAYS = [0, 14, 30, 60, 90, 180] as const;

/** What a list can ask of its contacts; money is left out while payments are switched off. */
export function useSmartListFields(usedCurrency: string | undefined): readonly FilterField[] {
  const { locale } = useReader();
  const tags = useTags();
  const owners = useOwners();
  const withMoney = useIsOn()('payments_and_ltv');
  const own = useWorkspaceFacts()?.currency;
  return useMemo(() => {
    const currencies = [...new Set([own, usedCurrency, 'USD', 'EUR', 'GBP'].filter((code) => code !== undefined))];
    const money: FilterField[] = [
      { id: 'ltv', label: 'Lifetime value', kind: 'amounts', currencies },
      { id: 'last_payment', label: 'Last payment', kind: 'dates' },
      choice('paid', 'Payments', [{ value: 'never', label: 'none so far' }]),
      choice('failed', 'Failed charge', [
        { value: 'true', label: 'waiting' },
        { value: 'false', label: 'not waiting' },
      ]),
      choice('card', 'Saved card', [
        { value: 'true', label: 'there' },
        { value: 'false', label: 'missing' },
      ]),
      choice(
        'card_expires',
        'Card expiry',
        EXPIRY_DAYS.map((days) => ({ value: String(days), label: days === 0 ? 'today' : `within ${days} days` })),
      ),
    ];
    return [
      ...(withMoney ? money : []),
      choice(
        'tag',
        'Tag',
        tags.map((tag) => ({ value: tag, label: tag })),
      ),
      choice(
        'owner',
        'Owner',
        owners.map((one) => ({ value: one.id, label: one.name })),
      ),
      choice('country', 'Country', countryChoices(locale)),
      { id: 'created', label: 'Added', kind: 'dates' },
    ];
  }, [withMoney, own, usedCurrency, tags, owners, locale]);
}
