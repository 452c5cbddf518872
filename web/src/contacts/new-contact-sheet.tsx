import { Button } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { contact } from '../../../src/contacts/api.ts';
import { describeError, fieldErrors } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { SideSheet } from '../ui/side-sheet.tsx';
import { Notice } from '../ui/states.tsx';
import { toastDone } from '../ui/toast.tsx';
import { BillingFields, CustomFields, PreferenceFields, WhoFields } from './contact-fields.tsx';
import classes from './contact-form.module.css';
import { useCustomFields, useRefreshWorkspace } from './contact-queries.ts';
import { type ContactValues, NO_VALUES, newContactOf } from './contact-values.ts';

/** Adds a contact and opens it. A name is enough; the rest can follow. */
export function NewContactSheet(props: { isOpen: boolean; onClose: () => void }) {
  const { api, workspace } = useWorkspace();
  const navigate = useNavigate();
  const refresh = useRefreshWorkspace();
  const fields = useCustomFields() ?? [];
  const formId = useId();
  const [isSaving, setSaving] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const form = useForm<ContactValues>({
    initialValues: NO_VALUES,
    validate: { name: (name) => (name.trim() === '' ? 'A name is needed.' : null) },
  });

  function close() {
    form.reset();
    setFailure(null);
    props.onClose();
  }

  async function save(values: ContactValues) {
    setSaving(true);
    setFailure(null);
    try {
      const made = await api.post('/v1/contacts', newContactOf(values, fields), contact);
      close();
      void refresh();
      toastDone(`${made.name} is in your contacts.`);
      await navigate({
        to: '/w/$workspaceId/contacts/$contactId',
        params: { workspaceId: workspace.id, contactId: made.id },
      });
    } catch (error) {
      const errors = fieldErrors(error);
      form.setErrors(errors);
      setFailure(Object.keys(errors).length === 0 ? describeError(error) : 'Some fields need another look.');
    } finally {
      setSaving(false);
    }
  }

  return (
    <SideSheet
      isOpen={props.isOpen}
      onClose={close}
      title="New contact"
      isBusy={isSaving}
      footer={
        <>
          <Button onClick={close} disabled={isSaving}>
            Cancel
          </Button>
          <Button variant="filled" type="submit" form={formId} loading={isSaving}>
            Add contact
          </Button>
        </>
      }
    >
      <form id={formId} className={classes.form} onSubmit={form.onSubmit((values) => void save(values))} noValidate>
        {failure && <Notice tone="red">{failure}</Notice>}
        <WhoFields form={form} companyName={undefined} withTags />
        <details className={classes.fold}>
          <summary>Billing details</summary>
          <div>
            <BillingFields form={form} />
          </div>
        </details>
        <details className={classes.fold}>
          <summary>Currency, language, time zone</summary>
          <div>
            <PreferenceFields form={form} />
          </div>
        </details>
        {fields.length > 0 && (
          <details className={classes.fold}>
            <summary>More fields</summary>
            <div>
              <CustomFields form={form} fields={fields} />
            </div>
          </details>
        )}
      </form>
    </SideSheet>
  );
}
