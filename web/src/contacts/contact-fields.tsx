import { Select, TagsInput, Textarea, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useMemo } from 'react';
import type { CustomField } from '../../../src/contacts/api.ts';
import { useReader } from '../ui/reader.tsx';
import { countryChoices, currencyChoices, languageChoices, timeZoneChoices } from './choices.ts';
import { CompanyField } from './company-field.tsx';
import classes from './contact-form.module.css';
import { useTags } from './contact-queries.ts';
import type { ContactValues } from './contact-values.ts';
import { useOwners } from './workspace-settings.ts';

type Form = UseFormReturnType<ContactValues>;

/** Long lists are searched, not scrolled: only so many are drawn at once. */
const CHOICES_DRAWN_MAX = 60;

/** A search in lists of hundreds, emptied by the cross. */
const searchable = {
  searchable: true,
  clearable: true,
  limit: CHOICES_DRAWN_MAX,
  nothingFoundMessage: 'Nothing found',
};

/** Who somebody is: what most contacts have. */
export function WhoFields(props: { form: Form; companyName: string | undefined; withTags: boolean }) {
  const { form } = props;
  const tags = useTags();
  return (
    <>
      <TextInput label="Name" data-autofocus required maxLength={200} {...form.getInputProps('name')} />
      <div className={classes.pair}>
        <TextInput label="E-mail" type="email" autoComplete="off" {...form.getInputProps('email')} />
        <TextInput label="Telephone" type="tel" autoComplete="off" {...form.getInputProps('phone')} />
      </div>
      <CompanyField
        knownName={props.companyName}
        value={form.values.company_id}
        onChange={(companyId) => form.setFieldValue('company_id', companyId)}
        error={form.errors.company_id}
      />
      <OwnerField form={form} />
      {props.withTags && (
        <TagsInput
          label="Tags"
          data={[...tags]}
          maxTags={50}
          clearable
          acceptValueOnBlur
          splitChars={[',']}
          comboboxProps={{ shadow: 'xl' }}
          {...form.getInputProps('tags')}
          onChange={(next) => form.setFieldValue('tags', [...new Set(next.map((tag) => tag.toLowerCase()))])}
        />
      )}
    </>
  );
}

function OwnerField({ form }: { form: Form }) {
  const owners = useOwners();
  return (
    <Select
      label="Owner"
      placeholder="Nobody"
      data={owners.map((owner) => ({ value: owner.id, label: owner.name }))}
      {...searchable}
      {...choice(form, 'owner_id')}
    />
  );
}

/** What receipts need and how the customer is addressed. */
export function BillingFields({ form }: { form: Form }) {
  const { locale } = useReader();
  const countries = useMemo(() => countryChoices(locale), [locale]);
  return (
    <>
      <TextInput label="Address" {...form.getInputProps('billing.line1')} />
      <TextInput aria-label="Address, second line" {...form.getInputProps('billing.line2')} />
      <div className={classes.pair}>
        <TextInput label="City" {...form.getInputProps('billing.city')} />
        <TextInput label="Postal code" {...form.getInputProps('billing.postal_code')} />
      </div>
      <div className={classes.pair}>
        <TextInput label="State or region" {...form.getInputProps('billing.region')} />
        <Select label="Country" data={countries} {...searchable} {...choice(form, 'country')} />
      </div>
      <TextInput label="Tax id" {...form.getInputProps('billing.tax_id')} />
    </>
  );
}

export function PreferenceFields({ form }: { form: Form }) {
  const { locale } = useReader();
  const { locale: language, time_zone: zone } = form.getValues();
  const currencies = useMemo(() => currencyChoices(locale), [locale]);
  const languages = useMemo(() => languageChoices(locale, language), [locale, language]);
  const zones = useMemo(() => timeZoneChoices(zone), [zone]);
  return (
    <>
      <Select
        label="Currency"
        placeholder="The workspace's"
        data={currencies}
        {...searchable}
        {...choice(form, 'currency')}
      />
      <div className={classes.pair}>
        <Select label="Language" data={languages} {...searchable} {...choice(form, 'locale')} />
        <Select label="Time zone" data={zones} {...searchable} {...choice(form, 'time_zone')} />
      </div>
      <TextInput
        label="Reference"
        description="The contact's number in another system."
        maxLength={120}
        {...form.getInputProps('external_ref')}
      />
    </>
  );
}

export function CustomFields({ form, fields }: { form: Form; fields: readonly CustomField[] }) {
  return fields.map((field) => <CustomFieldInput key={field.id} form={form} field={field} />);
}

function CustomFieldInput({ form, field }: { form: Form; field: CustomField }) {
  const path = `custom.${field.key}`;
  switch (field.type) {
    case 'choice':
      return <Select label={field.label} data={field.choices} clearable {...choice(form, path)} />;
    case 'yes_no':
      return (
        <Select
          label={field.label}
          clearable
          data={[
            { value: 'yes', label: 'Yes' },
            { value: 'no', label: 'No' },
          ]}
          {...choice(form, path)}
        />
      );
    case 'date':
      return <TextInput type="date" label={field.label} {...form.getInputProps(path)} />;
    case 'number':
      return <TextInput inputMode="decimal" label={field.label} {...form.getInputProps(path)} />;
    case 'text':
      return (
        <Textarea label={field.label} autosize minRows={1} maxRows={6} maxLength={500} {...form.getInputProps(path)} />
      );
  }
}

/** The form holds texts, a Select says null for nothing. */
function choice(form: Form, path: string) {
  const { value, onChange, ...rest } = form.getInputProps(path);
  return { ...rest, value: value || null, onChange: (next: string | null) => onChange(next ?? '') };
}
