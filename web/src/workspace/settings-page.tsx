import { Button, Select, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { allCurrencies } from '../../../src/foundation/currency.ts';
import { type Workspace, workspace as workspaceSchema } from '../../../src/workspace/api.ts';
import { ApiProblem, describeError, fieldErrors } from '../app/api-problem.ts';
import { sessionQuery } from '../app/session.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { Section } from '../ui/page-header.tsx';
import { useReader } from '../ui/reader.tsx';
import { Notice } from '../ui/states.tsx';
import { toastDone } from '../ui/toast.tsx';
import classes from './settings.module.css';
import { SettingsQuery } from './settings-query.tsx';
import { factsKey, factsQuery, useMay } from './workspace-facts.ts';

/** Languages offered for receipts and formats; any other language tag can be set over the API. */
const LOCALES = ['en-US', 'en-GB', 'de-DE', 'fr-FR', 'es-ES', 'it-IT', 'nl-NL', 'pt-BR', 'pl-PL', 'sv-SE', 'ja-JP'];

/** Settings → General: how the business is called and how it writes dates and money. */
export function SettingsPage() {
  const { api, workspace } = useWorkspace();
  const query = useQuery(factsQuery(workspace.id, api));
  return (
    <SettingsQuery query={query} what="The settings">
      {({ value, etag }) => <General key={value.version} facts={value} etag={etag} />}
    </SettingsQuery>
  );
}

function General({ facts, etag }: { facts: Workspace; etag: string | null }) {
  const { api } = useWorkspace();
  const { locale } = useReader();
  const queryClient = useQueryClient();
  const router = useRouter();
  const mayWrite = useMay()('settings.write');
  const [failure, setFailure] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);
  const timeZones = useMemo(
    () => [...new Set([facts.time_zone, ...Intl.supportedValuesOf('timeZone'), 'UTC'])],
    [facts.time_zone],
  );
  const currencies = useMemo(() => {
    const names = new Intl.DisplayNames(locale, { type: 'currency' });
    return allCurrencies().map(({ code }) => ({ value: code, label: `${code} · ${names.of(code) ?? code}` }));
  }, [locale]);
  const locales = useMemo(() => {
    const names = new Intl.DisplayNames(locale, { type: 'language' });
    return [...new Set([facts.locale, ...LOCALES])].map((tag) => ({ value: tag, label: names.of(tag) ?? tag }));
  }, [locale, facts.locale]);
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: {
      name: facts.name,
      currency: facts.currency,
      time_zone: facts.time_zone,
      locale: facts.locale,
      legal: {
        name: facts.legal.name ?? '',
        address: facts.legal.address ?? '',
        tax_id: facts.legal.tax_id ?? '',
      },
    },
    validate: { name: (value) => (value.trim() === '' ? 'Enter the name of the business.' : null) },
  });

  const save = form.onSubmit(async (values) => {
    setSaving(true);
    setFailure(null);
    const { currency, ...others } = values;
    try {
      await api.patch(
        '/v1/workspace',
        { ...others, ...(facts.currency_can_change ? { currency } : {}) },
        workspaceSchema,
        etag ? { ifMatch: etag } : {},
      );
      toastDone('Saved');
      await queryClient.invalidateQueries({ queryKey: factsKey(facts.id) });
      await queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
      await router.invalidate();
    } catch (error) {
      form.setErrors(fieldErrors(error));
      const isConflict = error instanceof ApiProblem && error.code === 'edit_conflict';
      setFailure(
        isConflict
          ? 'Somebody else saved these settings meanwhile. Reload the page, then change them again.'
          : describeError(error),
      );
    } finally {
      setSaving(false);
    }
  });

  return (
    <form onSubmit={save} noValidate>
      <fieldset disabled={!mayWrite} style={{ border: 0, margin: 0, padding: 0 }} className={classes.content}>
        <Section title="Business">
          <div className={classes.form}>
            <TextInput label="Name" key={form.key('name')} {...form.getInputProps('name')} />
            <Select
              label="Currency"
              description={
                facts.currency_can_change
                  ? 'Offered first when charging; every payment keeps its own.'
                  : 'It stays as it is, because money was moved in it already. Payments can be in any currency.'
              }
              data={currencies}
              searchable
              disabled={!facts.currency_can_change || !mayWrite}
              nothingFoundMessage="No such currency"
              key={form.key('currency')}
              {...form.getInputProps('currency')}
            />
            <div className={classes.pair}>
              <Select
                label="Time zone"
                description="Decides where a day begins."
                data={timeZones}
                searchable
                limit={60}
                disabled={!mayWrite}
                nothingFoundMessage="No such time zone"
                key={form.key('time_zone')}
                {...form.getInputProps('time_zone')}
              />
              <Select
                label="Language of receipts"
                description="How dates and amounts are written."
                data={locales}
                disabled={!mayWrite}
                key={form.key('locale')}
                {...form.getInputProps('locale')}
              />
            </div>
          </div>
        </Section>
        <Section title="On receipts" note="Printed on every receipt made from now on; earlier ones stay as they were.">
          <div className={classes.form}>
            <TextInput label="Legal name" key={form.key('legal.name')} {...form.getInputProps('legal.name')} />
            <Textarea
              label="Address"
              rows={3}
              key={form.key('legal.address')}
              {...form.getInputProps('legal.address')}
            />
            <TextInput label="Tax id" key={form.key('legal.tax_id')} {...form.getInputProps('legal.tax_id')} />
            {failure && <Notice tone="red">{failure}</Notice>}
            {mayWrite ? (
              <div className={classes.buttons}>
                <Button type="submit" variant="filled" loading={isSaving}>
                  Save
                </Button>
              </div>
            ) : (
              <p className={classes.quiet}>An owner or admin can change these.</p>
            )}
          </div>
        </Section>
      </fieldset>
    </form>
  );
}
