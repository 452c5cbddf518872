import { Button } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { type Contact, type CustomField, contact as contactSchema } from '../../../src/contacts/api.ts';
import { ApiProblem, describeError, fieldErrors } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { SideSheet } from '../ui/side-sheet.tsx';
import { Notice } from '../ui/states.tsx';
import { BillingFields, CustomFields, PreferenceFields, WhoFields } from './contact-fields.tsx';
import classes from './contact-form.module.css';
import { editOverview, useCustomFields, useRefreshWorkspace } from './contact-queries.ts';
import { type ContactValues, changesBetween, valuesOf } from './contact-values.ts';

/** Edits everything that is known of a contact, except tags, which are edited where they stand. */
export function EditContactSheet(props: { contact: Contact; isOpen: boolean; onClose: () => void }) {
  const fields = useCustomFields();
  // The form begins with what the contact is when the sheet opens; it is made anew each time.
  if (!props.isOpen || !fields) return null;
  return <OpenSheet contact={props.contact} fields={fields} onClose={props.onClose} />;
}

function OpenSheet(props: { contact: Contact; fields: readonly CustomField[]; onClose: () => void }) {
  const { fields, onClose } = props;
  const { api, workspace } = useWorkspace();
  const queryClient = useQueryClient();
  const refresh = useRefreshWorkspace();
  const formId = useId();
  const [contact, setContact] = useState(props.contact);
  const [isSaving, setSaving] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [isConflict, setConflict] = useState(false);
  const form = useForm<ContactValues>({
    initialValues: valuesOf(contact, fields),
    validate: { name: (name) => (name.trim() === '' ? 'A name is needed.' : null) },
  });

  async function save(values: ContactValues) {
    const changes = changesBetween(valuesOf(contact, fields), values, fields);
    if (!changes) return onClose();
    setSaving(true);
    setFailure(null);
    try {
      const saved = await api.patch(`/v1/contacts/${contact.id}`, changes, contactSchema, {
        ifMatch: `"v${contact.version}"`,
      });
      editOverview(queryClient, workspace.id, contact.id, (overview) => ({ ...overview, contact: saved }));
      onClose();
      void refresh();
    } catch (error) {
      setConflict(error instanceof ApiProblem && error.code === 'edit_conflict');
      const errors = fieldErrors(error);
      form.setErrors(errors);
      setFailure(Object.keys(errors).length === 0 ? describeError(error) : 'Some fields need another look.');
    } finally {
      setSaving(false);
    }
  }

  /** Takes the other person's version as the beginning, and puts what was changed here on top of it. */
  async function takeTheirs() {
    setSaving(true);
    try {
      const theirs = await api.get(`/v1/contacts/${contact.id}`, contactSchema);
      const mine = changesBetween(valuesOf(contact, fields), form.getValues(), fields);
      const base = valuesOf(theirs, fields);
      form.setValues({
        ...base,
        ...Object.fromEntries(
          Object.keys(mine ?? {})
            .filter((key) => key !== 'billing' && key !== 'custom')
            .map((key) => [key, form.getValues()[key as keyof ContactValues]]),
        ),
        billing: { ...base.billing, ...texts(mine?.billing) },
        custom: {
          ...base.custom,
          ...Object.fromEntries(
            Object.keys(mine?.custom ?? {}).map((key) => [key, form.getValues().custom[key] ?? '']),
          ),
        },
      });
      setContact(theirs);
      setConflict(false);
      setFailure(null);
    } catch (error) {
      setFailure(describeError(error));
    } finally {
      setSaving(false);
    }
  }

  return (
    <SideSheet
      isOpen
      onClose={onClose}
      title={`Edit ${contact.name}`}
      isBusy={isSaving}
      footer={
        <>
          <Button onClick={onClose} disabled={isSaving}>
            Cancel
          </Button>
          <Button variant="filled" type="submit" form={formId} loading={isSaving}>
            Save
          </Button>
        </>
      }
    >
      <form id={formId} className={classes.form} onSubmit={form.onSubmit((values) => void save(values))} noValidate>
        {isConflict ? (
          <Notice
            tone="amber"
            title="Somebody else changed this contact meanwhile."
            action={
              <Button size="xs" onClick={() => void takeTheirs()}>
                Take theirs, keep my changes
              </Button>
            }
          >
            Nothing was saved, and nothing of yours is lost.
          </Notice>
        ) : (
          failure && <Notice tone="red">{failure}</Notice>
        )}
        <WhoFields form={form} companyName={contact.company?.name} withTags={false} />
        <h3 className={classes.group}>Billing details</h3>
        <BillingFields form={form} />
        <h3 className={classes.group}>Preferences</h3>
        <PreferenceFields form={form} />
        {fields.length > 0 && <h3 className={classes.group}>More fields</h3>}
        <CustomFields form={form} fields={fields} />
      </form>
    </SideSheet>
  );
}

function texts(parts: Record<string, string | null | undefined> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(parts ?? {}).map(([key, value]) => [key, value ?? '']));
}
