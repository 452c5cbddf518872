import { Button, Checkbox, Select, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { TAX_CATEGORIES } from '../../../src/invoices/invoice-amounts.ts';
import { Section } from '../ui/page-header.tsx';
import { SideSheet } from '../ui/side-sheet.tsx';
import { Notice } from '../ui/states.tsx';
import settings from '../workspace/settings.module.css';
import { SettingsQuery } from '../workspace/settings-query.tsx';
import { useTaxes } from './draft-facts.ts';
import { useCatalogueDeed } from './use-catalogue-deeds.ts';

/** What the category says to a tax office (EN 16931). */
const CATEGORIES: Readonly<Record<(typeof TAX_CATEGORIES)[number], string>> = {
  S: 'Standard or reduced rate',
  Z: 'Zero rate',
  E: 'Exempt',
  AE: 'Reverse charge: the customer accounts for it',
  K: 'Within the EU, to a business',
  G: 'Export outside the EU',
  O: 'Outside the scope of tax',
};

/** Taxes that lines can bear. A rate that was used never changes: another rate is another tax. */
export function SettingsTaxes({ mayWrite }: { mayWrite: boolean }) {
  const query = useTaxes();
  const deed = useCatalogueDeed();
  const [isAdding, setAdding] = useState(false);
  return (
    <Section
      title="Taxes"
      note="Another rate is another tax: documents that bear the old one stay as they are."
      actions={mayWrite && <Button onClick={() => setAdding(true)}>New tax</Button>}
    >
      <SettingsQuery query={query} what="The taxes">
        {({ data }) =>
          data.length === 0 ? (
            <p className={settings.quiet}>None yet: nothing is added to prices.</p>
          ) : (
            <ul className={settings.rows}>
              {data.map((one) => (
                <li key={one.id} className={settings.row}>
                  <span>
                    <span className={settings.rowName}>{one.label}</span>
                    <br />
                    {one.code}, {one.rate} %{one.inclusive && ', contained in prices'}
                    {one.is_default && ', on new lines'}
                  </span>
                  {mayWrite ? (
                    <Button
                      size="xs"
                      variant="subtle"
                      onClick={() =>
                        void deed.run(() => deed.api.patch(`/v1/taxes/${one.id}`, { is_default: !one.is_default }))
                      }
                    >
                      {one.is_default ? 'Not on new lines' : 'On new lines'}
                    </Button>
                  ) : (
                    <span />
                  )}
                  {mayWrite && (
                    <Button
                      size="xs"
                      variant="subtle"
                      onClick={() => void deed.run(() => deed.api.remove(`/v1/taxes/${one.id}`))}
                    >
                      Remove
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </SettingsQuery>
      {isAdding && <NewTax onClose={() => setAdding(false)} />}
    </Section>
  );
}

function NewTax({ onClose }: { onClose: () => void }) {
  const deed = useCatalogueDeed();
  const [code, setCode] = useState('');
  const [label, setLabel] = useState('');
  const [rate, setRate] = useState('');
  const [category, setCategory] = useState<(typeof TAX_CATEGORIES)[number]>('S');
  const [reason, setReason] = useState('');
  const [inclusive, setInclusive] = useState(false);
  const [isDefault, setDefault] = useState(true);
  async function save(event: FormEvent) {
    event.preventDefault();
    const body = {
      code: code.trim().toUpperCase(),
      label: label.trim(),
      rate: rate.replace(',', '.').trim(),
      category,
      inclusive,
      is_default: isDefault,
      exemption_reason: reason.trim() === '' ? null : reason.trim(),
    };
    if (await deed.save(() => deed.api.post('/v1/taxes', body))) onClose();
  }
  return (
    <SideSheet
      isOpen
      onClose={onClose}
      title="New tax"
      isBusy={deed.isRunning}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="filled" type="submit" form="new-tax" loading={deed.isRunning}>
            Add tax
          </Button>
        </>
      }
    >
      <form id="new-tax" className={settings.form} onSubmit={(event) => void save(event)} noValidate>
        <TextInput
          label="Name on documents"
          placeholder="VAT 20 %"
          data-autofocus
          value={label}
          error={deed.errorOf('label')}
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
        <div className={settings.pair}>
          <TextInput
            label="Rate, %"
            inputMode="decimal"
            value={rate}
            error={deed.errorOf('rate')}
            onChange={(event) => setRate(event.currentTarget.value)}
          />
          <TextInput
            label="Code"
            placeholder="VAT20"
            value={code}
            error={deed.errorOf('code')}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
        </div>
        <Select
          label="Kind"
          data={TAX_CATEGORIES.map((one) => ({ value: one, label: CATEGORIES[one] }))}
          value={category}
          error={deed.errorOf('category')}
          onChange={(value) => setCategory(TAX_CATEGORIES.find((one) => one === value) ?? category)}
        />
        {category !== 'S' && category !== 'Z' && (
          <TextInput
            label="Reason, as it stands on documents"
            value={reason}
            error={deed.errorOf('exemption_reason')}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        )}
        <Checkbox
          label="Prices contain it already"
          checked={inclusive}
          onChange={(event) => setInclusive(event.currentTarget.checked)}
        />
        <Checkbox
          label="On new lines"
          checked={isDefault}
          onChange={(event) => setDefault(event.currentTarget.checked)}
        />
        {deed.problem?.words && <Notice tone="red">{deed.problem.words}</Notice>}
      </form>
    </SideSheet>
  );
}
