import { Button, Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Invitation, invitations, newInvitation } from '../../../src/workspace/api.ts';
import { describeError, fieldErrors } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { DateText } from '../ui/date-text.tsx';
import { Section } from '../ui/page-header.tsx';
import { Notice } from '../ui/states.tsx';
import { toastDone, toastFailed } from '../ui/toast.tsx';
import { OnceShown } from './once-shown.tsx';
import { ROLE_CHOICES, ROLE_WORDS } from './rights.ts';
import classes from './settings.module.css';
import { SettingsQuery } from './settings-query.tsx';

/** Invites by a link that one sends oneself: this program sends no e-mail. */
export function Invitations() {
  const { api, workspace } = useWorkspace();
  const queryClient = useQueryClient();
  const key = [workspace.id, 'invitations'];
  const [made, setMade] = useState<{ email: string; link: string } | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get('/v1/invitations', invitations, { signal }),
  });
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: '', role: 'staff' },
    validate: { email: (value) => (/^\S+@\S+$/.test(value.trim()) ? null : 'Enter their e-mail address.') },
  });

  const invite = form.onSubmit(async (values) => {
    setSending(true);
    setFailure(null);
    try {
      const body = { email: values.email.trim(), role: values.role };
      const { email, link } = await api.post('/v1/invitations', body, newInvitation);
      setMade({ email, link });
      form.reset();
      await queryClient.invalidateQueries({ queryKey: key });
    } catch (error) {
      form.setErrors(fieldErrors(error));
      setFailure(describeError(error));
    } finally {
      setSending(false);
    }
  });

  async function withdraw(one: Invitation) {
    try {
      await api.remove(`/v1/invitations/${one.id}`);
      if (made?.email === one.email) setMade(null);
      toastDone(`The link for ${one.email} no longer works`);
      await queryClient.invalidateQueries({ queryKey: key });
    } catch (error) {
      toastFailed(describeError(error));
    }
  }

  return (
    <Section title="Invite" note="You get a link to send; it works once, for this e-mail address only.">
      <form onSubmit={invite} noValidate className={classes.form}>
        <div className={classes.pair}>
          <TextInput label="E-mail" type="email" key={form.key('email')} {...form.getInputProps('email')} />
          <Select label="Role" data={ROLE_CHOICES} key={form.key('role')} {...form.getInputProps('role')} />
        </div>
        {failure && <Notice tone="red">{failure}</Notice>}
        <div className={classes.buttons}>
          <Button type="submit" variant="filled" loading={isSending}>
            Make an invitation link
          </Button>
        </div>
      </form>
      {made && (
        <OnceShown title={`Send this link to ${made.email}`} secret={made.link} label="invitation link">
          It is shown only now. If it gets lost, withdraw the invitation and make another.
        </OnceShown>
      )}
      <SettingsQuery query={query} what="The invitations">
        {({ data }) =>
          data.length === 0 ? null : (
            <ul className={classes.rows}>
              {data.map((one) => (
                <li key={one.id} className={classes.row}>
                  <div>
                    <div className={classes.rowName}>{one.email}</div>
                    <div className={classes.quiet}>
                      Invited by {one.invited_by} <DateText at={one.created_at} />, until{' '}
                      <DateText at={one.expires_at} />
                    </div>
                  </div>
                  <span>{ROLE_WORDS[one.role].name}</span>
                  <Button
                    size="xs"
                    aria-label={`Withdraw the invitation of ${one.email}`}
                    onClick={() => void withdraw(one)}
                  >
                    Withdraw
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </SettingsQuery>
    </Section>
  );
}
