import { Button, Select } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { allCurrencies } from '../../../src/foundation/currency.ts';
import { type ChargeLimits, chargeLimits } from '../../../src/workspace/api.ts';
import { describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { MoneyInput } from '../ui/money-input.tsx';
import { Notice } from '../ui/states.tsx';
import { toastDone } from '../ui/toast.tsx';
import classes from './settings.module.css';
import { SettingsQuery } from './settings-query.tsx';
import { useMay, useWorkspaceFacts } from './workspace-facts.ts';

const WHO = [
  { id: 'workspace', label: 'Everybody' },
  { id: 'owner', label: 'Owners' },
  { id: 'admin', label: 'Admins' },
  { id: 'staff', label: 'Staff' },
] as const;

/** The most one charge may be, by who charges and in which currency. */
export function ChargeLimitsForm() {
  const { api, workspace } = useWorkspace();
  const facts = useWorkspaceFacts();
  const query = useQuery({
    queryKey: [workspace.id, 'charge-limits'],
    queryFn: ({ signal }) => api.get('/v1/charge-limits', chargeLimits, { signal }),
  });
  return (
    <SettingsQuery query={query} what="The limits">
      {(limits) => (facts ? <Limits limits={limits} ownCurrency={facts.currency} /> : null)}
    </SettingsQuery>
  );
}

function Limits({ limits, ownCurrency }: { limits: ChargeLimits; ownCurrency: string }) {
  const { api, workspace } = useWorkspace();
  const queryClient = useQueryClient();
  const mayWrite = useMay()('settings.write');
  const [draft, setDraft] = useState(limits);
  const [added, setAdded] = useState<string[]>([]);
  const [wrong, setWrong] = useState<ReadonlySet<string>>(new Set());
  const [failure, setFailure] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);
  const currencies = [...new Set([ownCurrency, ...WHO.flatMap((who) => Object.keys(limits[who.id] ?? {})), ...added])];

  function set(who: (typeof WHO)[number]['id'], currency: string, amountMinor: bigint | null, isWrong: boolean) {
    const { [currency]: _before, ...others } = draft[who] ?? {};
    setDraft({ ...draft, [who]: amountMinor === null ? others : { ...others, [currency]: Number(amountMinor) } });
    const place = `${who} ${currency}`;
    setWrong(new Set([...wrong].filter((one) => one !== place).concat(isWrong ? [place] : [])));
  }

  async function save() {
    setSaving(true);
    setFailure(null);
    try {
      await api.put('/v1/charge-limits', draft, chargeLimits);
      await queryClient.invalidateQueries({ queryKey: [workspace.id, 'charge-limits'] });
      toastDone('The limits hold from now on');
    } catch (error) {
      setFailure(describeError(error));
    } finally {
      setSaving(false);
    }
  }

  return (
    <div className={classes.form} style={{ maxWidth: 640 }}>
      <div style={{ overflowX: 'auto' }}>
        <table className={classes.limits}>
          <thead>
            <tr>
              <th scope="col">Who charges</th>
              {currencies.map((currency) => (
                <th key={currency} scope="col">
                  {currency}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {WHO.map((who) => (
              <tr key={who.id}>
                <th scope="row">{who.label}</th>
                {currencies.map((currency) => {
                  const kept = draft[who.id]?.[currency];
                  return (
                    <td key={currency} style={{ minWidth: 144 }}>
                      <MoneyInput
                        aria-label={`${who.label}, ${currency}`}
                        placeholder="No limit"
                        disabled={!mayWrite}
                        currency={currency}
                        minMinor={0n}
                        amountMinor={kept === undefined ? null : BigInt(kept)}
                        onAmount={(amountMinor, reason) =>
                          set(who.id, currency, amountMinor, reason !== null && reason !== 'Enter an amount.')
                        }
                      />
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {failure && <Notice tone="red">{failure}</Notice>}
      {mayWrite && (
        <div className={classes.buttons}>
          <Button variant="filled" loading={isSaving} disabled={wrong.size > 0} onClick={() => void save()}>
            Save limits
          </Button>
          <Select
            aria-label="Add a currency"
            placeholder="Add a currency"
            w={160}
            searchable
            value={null}
            data={allCurrencies()
              .map(({ code }) => code)
              .filter((code) => !currencies.includes(code))}
            onChange={(code) => code && setAdded([...added, code])}
          />
        </div>
      )}
    </div>
  );
}
