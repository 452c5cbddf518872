import { Button, PasswordInput, Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { allCurrencies } from '../../../src/foundation/currency.ts';
import { publicApi } from '../app/api-client.ts';
import { describeError, fieldErrors } from '../app/api-problem.ts';
import { sessionQuery } from '../app/session.ts';
import { CalmPage } from '../ui/calm-page.tsx';
import { useReader } from '../ui/reader.tsx';
import { Notice } from '../ui/states.tsx';
import classes from './owner-set-up.module.css';
import { passwordProblem } from './password.ts';
import { usualCurrencyOf } from './usual-currency.ts';

/** The first owner and the first workspace, in one form. The workspace begins as a sandbox. */
export function OwnerSetUpForm(props: { path: string; email: string | null }) {
  const { locale, timeZone } = useReader();
  const queryClient = useQueryClient();
  const router = useRouter();
  const [failure, setFailure] = useState<string | null>(null);
  const [isRunning, setRunning] = useState(false);
  const timeZones = useMemo(() => [...new Set([timeZone, ...Intl.supportedValuesOf('timeZone'), 'UTC'])], [timeZone]);
  const currencies = useMemo(() => {
    const names = new Intl.DisplayNames(locale, { type: 'currency' });
    return allCurrencies().map(({ code }) => ({ value: code, label: `${code} · ${names.of(code) ?? code}` }));
  }, [locale]);

  const form = useForm({
    mode: 'uncontrolled',
    initialValues: {
      name: '',
      email: props.email ?? '',
      password: '',
      workspace_name: '',
      time_zone: timeZone,
      currency: usualCurrencyOf(locale) as string | null,
    },
    validate: {
      name: (value) => (value.trim() === '' ? 'Enter your name, as colleagues know you.' : null),
      email: (value) => (/^\S+@\S+$/.test(value.trim()) ? null : 'Enter an e-mail address: you will sign in with it.'),
      password: passwordProblem,
      workspace_name: (value) => (value.trim() === '' ? 'Enter the name of the business.' : null),
      currency: (value) => (value ? null : 'Choose the currency that you mostly charge in.'),
    },
  });

  const setUp = form.onSubmit(async (values) => {
    setRunning(true);
    setFailure(null);
    try {
      await publicApi.post(props.path, {
        ...values,
        name: values.name.trim(),
        email: values.email.trim(),
        workspace_name: values.workspace_name.trim(),
      });
      queryClient.removeQueries({ queryKey: sessionQuery.queryKey });
      router.history.replace('/');
    } catch (error) {
      setRunning(false);
      form.setErrors(fieldErrors(error));
      setFailure(describeError(error));
    }
  });

  return (
    <CalmPage
      title="Set up Counterfoil"
      intro="You become the owner. The workspace starts as a sandbox: everything works, and no real money moves."
    >
      <form onSubmit={setUp} noValidate>
        <TextInput
          label="Your name"
          autoComplete="name"
          autoFocus
          key={form.key('name')}
          {...form.getInputProps('name')}
        />
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          key={form.key('email')}
          {...form.getInputProps('email')}
        />
        <PasswordInput
          label="Password"
          autoComplete="new-password"
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        <div className={classes.rule} />
        <TextInput
          label="Business"
          autoComplete="organization"
          key={form.key('workspace_name')}
          {...form.getInputProps('workspace_name')}
        />
        <div className={classes.pair}>
          <Select
            label="Currency"
            data={currencies}
            searchable
            nothingFoundMessage="No such currency"
            key={form.key('currency')}
            {...form.getInputProps('currency')}
          />
          <Select
            label="Time zone"
            data={timeZones}
            searchable
            limit={60}
            nothingFoundMessage="No such time zone"
            key={form.key('time_zone')}
            {...form.getInputProps('time_zone')}
          />
        </div>
        {failure && <Notice tone="red">{failure}</Notice>}
        <Button type="submit" variant="filled" size="md" loading={isRunning} fullWidth>
          Create workspace
        </Button>
      </form>
    </CalmPage>
  );
}
