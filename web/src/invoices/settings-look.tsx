import { Button, FileButton, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { type InvoicingSettings, invoicingSettings } from '../../../src/invoices/api-catalogue.ts';
import { Section } from '../ui/page-header.tsx';
import { Notice } from '../ui/states.tsx';
import { toastDone, toastFailed } from '../ui/toast.tsx';
import settings from '../workspace/settings.module.css';
import { useCatalogueDeed } from './use-catalogue-deeds.ts';

const SELLER = [
  ['name', 'Name of the business'],
  ['line1', 'Street'],
  ['line2', 'Second line'],
  ['postal_code', 'Postal code'],
  ['city', 'City'],
  ['region', 'State or region'],
  ['country', 'Country (two letters)'],
  ['tax_id', 'Tax id'],
  ['registration', 'Registration number'],
  ['email', 'E-mail for questions'],
] as const;
const BANK = [
  ['account_holder', 'Account holder'],
  ['iban', 'IBAN'],
  ['bic', 'BIC'],
  ['bank', 'Bank'],
] as const;

/** Larger pictures make every document heavy. */
const LOGO_BYTES_MAX = 200_000;

/** Who writes the documents, where money is to be sent, and how they look. */
export function SettingsLook(props: { settings: InvoicingSettings; mayWrite: boolean }) {
  const { mayWrite } = props;
  const deed = useCatalogueDeed();
  const [seller, setSeller] = useState<Record<string, string>>({ ...props.settings.seller });
  const [bank, setBank] = useState<Record<string, string>>({ ...props.settings.payment_details });
  const [colour, setColour] = useState(props.settings.colour);
  const [footer, setFooter] = useState(props.settings.footer);

  async function save(event: FormEvent) {
    event.preventDefault();
    const body = { seller: trimmed(seller), payment_details: trimmed(bank), colour, footer: footer.trim() };
    if (await deed.save(() => deed.api.patch('/v1/invoicing', body, invoicingSettings))) {
      toastDone('Documents to come look like this');
    }
  }

  return (
    <Section
      title="On documents"
      note="Stands on invoices, quotes and credit notes from now on. What is issued keeps what it was issued with."
    >
      <form className={settings.form} style={{ maxWidth: 640 }} onSubmit={(event) => void save(event)} noValidate>
        <div className={settings.pair}>
          {SELLER.map(([name, label]) => (
            <TextInput
              key={name}
              label={label}
              disabled={!mayWrite}
              value={seller[name] ?? ''}
              error={deed.errorOf(`seller.${name}`)}
              onChange={(event) => setSeller({ ...seller, [name]: event.currentTarget.value })}
            />
          ))}
        </div>
        <div className={settings.pair}>
          {BANK.map(([name, label]) => (
            <TextInput
              key={name}
              label={label}
              disabled={!mayWrite}
              value={bank[name] ?? ''}
              error={deed.errorOf(`payment_details.${name}`)}
              onChange={(event) =>
                setBank({
                  ...bank,
                  [name]:
                    name === 'iban'
                      ? event.currentTarget.value.replaceAll(' ', '').toUpperCase()
                      : event.currentTarget.value,
                })
              }
            />
          ))}
        </div>
        <Textarea
          label="How to pay, in your own words"
          disabled={!mayWrite}
          autosize
          minRows={2}
          value={bank.instructions ?? ''}
          error={deed.errorOf('payment_details.instructions')}
          onChange={(event) => setBank({ ...bank, instructions: event.currentTarget.value })}
        />
        <Textarea
          label="Legal footer"
          disabled={!mayWrite}
          autosize
          minRows={2}
          value={footer}
          error={deed.errorOf('footer')}
          onChange={(event) => setFooter(event.currentTarget.value)}
        />
        <TextInput
          type="color"
          label="Colour"
          w={96}
          disabled={!mayWrite}
          value={colour}
          error={deed.errorOf('colour')}
          onChange={(event) => setColour(event.currentTarget.value.toLowerCase())}
        />
        <Logo hasLogo={props.settings.has_logo} mayWrite={mayWrite} />
        {deed.problem?.words && <Notice tone="red">{deed.problem.words}</Notice>}
        {mayWrite && (
          <div className={settings.buttons}>
            <Button type="submit" variant="filled" loading={deed.isRunning}>
              Save
            </Button>
          </div>
        )}
      </form>
    </Section>
  );
}

function Logo({ hasLogo, mayWrite }: { hasLogo: boolean; mayWrite: boolean }) {
  const deed = useCatalogueDeed();
  async function keep(file: File | null) {
    if (!file) return;
    if (file.size > LOGO_BYTES_MAX) return toastFailed('The picture is too large: at most 200 kB.');
    const bytes = new Uint8Array(await file.arrayBuffer());
    const logo = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    if (await deed.run(() => deed.api.put('/v1/invoicing/logo', { logo }))) toastDone('The logo is kept');
  }
  return (
    <div className={settings.buttons} style={{ alignItems: 'center' }}>
      <span className={settings.quiet}>{hasLogo ? 'There is a logo.' : 'No logo: the name stands in its place.'}</span>
      {mayWrite && (
        <FileButton accept="image/png,image/jpeg" onChange={(file) => void keep(file)}>
          {(button) => (
            <Button {...button} size="xs" loading={deed.isRunning}>
              {hasLogo ? 'Another logo' : 'Add a logo (PNG or JPEG)'}
            </Button>
          )}
        </FileButton>
      )}
      {mayWrite && hasLogo && (
        <Button
          size="xs"
          variant="subtle"
          onClick={() => void deed.run(() => deed.api.put('/v1/invoicing/logo', { logo: null }))}
        >
          Take it away
        </Button>
      )}
    </div>
  );
}

function trimmed(fields: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value.trim()]));
}
