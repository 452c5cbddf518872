import { Button, Radio, Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { z } from 'zod';
import { allCurrencies } from '../../../src/foundation/currency.ts';
import { publicApi } from '../app/api-client.ts';
import { describeError, fieldErrors } from '../app/api-problem.ts';
import { sessionQuery } from '../app/session.ts';
import { Section } from '../ui/page-header.tsx';
import { useReader } from '../ui/reader.tsx';
import { Notice } from '../ui/states.tsx';
import classes from './settings.module.css';
import { usualCurrencyOf } from './usual-currency.ts';

const madeWorkspace = z.object({ id: z.string() });

/** Another business, or the live one beside the sandbox. Nothing of one is ever visible in another. */
export function SettingsNewWorkspacePage() {
  const { locale, timeZone } = useReader();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [failure, setFailure] = useState<string | null>(null);
  const [isMaking, setMaking] = useState(false);
  const timeZones = useMemo(() => [...new Set([timeZone, ...Intl.supportedValuesOf('timeZone'), 'UTC'])], [timeZone]);
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { name: '', mode: 'sandbox', currency: usualCurrencyOf(locale), time_zone: timeZone },
    validate: {
      name: (value) => (value.trim() === '' ? 'Enter the name of the business.' : null),
      currency: (value) => (value ? null : 'Choose the currency that you mostly charge in.'),
    },
  });
  const make = form.onSubmit(async (values) => {
    setMaking(true);
    setFailure(null);
    try {
      const made = await publicApi.post('/v1/workspaces', { ...values, name: values.name.trim() }, madeWorkspace);
      await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
      await navigate({ to: '/w/$workspaceId', params: { workspaceId: made.id } });
    } catch (error) {
      setMaking(false);
      form.setErrors(fieldErrors(error));
      setFailure(describeError(error));
    }
  });
  return (
    <Section title="New workspace" note="You become its owner. Nothing of this workspace is visible in it.">
      <form className={classes.form} onSubmit={make} noValidate>
        <TextInput label="Business" key={form.key('name')} {...form.getInputProps('name')} />
        <Radio.Group label="Kind" key={form.key('mode')} {...form.getInputProps('mode')}>
          <div className={classes.rights} style={{ marginTop: 8 }}>
            <Radio
              size="xs"
              value="sandbox"
              label="Sandbox"
              description="Everything works with test cards and a movable clock; no real money moves."
            />
            <Radio
              size="xs"
              value="live"
              label="Live"
              description="Real customers and real money. It never becomes a sandbox, nor a sandbox live."
            />
          </div>
        </Radio.Group>
        <div className={classes.pair}>
          <Select
            label="Currency"
            data={allCurrencies().map(({ code }) => code)}
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
        <div className={classes.buttons}>
          <Button type="submit" variant="filled" loading={isMaking}>
            Create workspace
          </Button>
        </div>
      </form>
    </Section>
  );
}
