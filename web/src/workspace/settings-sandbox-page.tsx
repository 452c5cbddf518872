import { Button, NumberInput, Select } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { z } from 'zod';
import { type scriptFault, testMethod } from '../../../src/payments/api-sandbox.ts';
import { sandboxClock } from '../../../src/workspace/api.ts';
import { describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { SampleBusiness } from '../home/sample-business.tsx';
import { Section } from '../ui/page-header.tsx';
import { EmptyState, Notice } from '../ui/states.tsx';
import { toastDone } from '../ui/toast.tsx';
import { SandboxClock } from './sandbox-clock.tsx';
import classes from './settings.module.css';
import { SettingsQuery } from './settings-query.tsx';
import { useMay } from './workspace-facts.ts';

type Fault = z.infer<typeof scriptFault>;

const OPERATIONS: { value: Fault['operation']; label: string }[] = [
  { value: 'charge', label: 'Charges' },
  { value: 'refund', label: 'Refunds' },
  { value: 'lookup', label: 'Questions to the gateway' },
  { value: 'event', label: 'Events from the gateway' },
];

const FAULTS: { value: Fault['fault']; label: string; on: readonly Fault['operation'][] }[] = [
  { value: 'reply_lost', label: 'Carried out, but the answer is lost', on: ['charge', 'refund', 'lookup'] },
  { value: 'request_lost', label: 'Never arrives at the gateway', on: ['charge', 'refund', 'lookup'] },
  { value: 'slow', label: 'Answers slowly', on: ['charge', 'refund', 'lookup'] },
  { value: 'events_missing', label: 'Events do not come', on: ['event'] },
  { value: 'events_doubled', label: 'Events come twice', on: ['event'] },
];

const testMethods = z.object({ data: z.array(testMethod) });

/** Settings → Sandbox: its clock, its gateway's faults, its test cards. */
export function SettingsSandboxPage() {
  const { api, workspace } = useWorkspace();
  const isSandbox = workspace.mode === 'sandbox';
  const clock = useQuery({
    queryKey: [workspace.id, 'sandbox-clock'],
    queryFn: ({ signal }) => api.get('/v1/sandbox/clock', sandboxClock, { signal }),
    enabled: isSandbox,
  });
  const methods = useQuery({
    queryKey: [workspace.id, 'test-methods'],
    queryFn: ({ signal }) => api.get('/v1/sandbox/test-methods', testMethods, { signal }),
    enabled: isSandbox,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (!isSandbox) {
    return (
      <EmptyState title="This workspace is live">
        A sandbox has a movable clock and test cards; make one under New workspace.
      </EmptyState>
    );
  }
  return (
    <>
      <Section
        title="Clock"
        note="This workspace’s own time. Moving it on lets what takes days happen now: pending debits are paid or returned, disputes arrive, cards expire. It does not go back."
      >
        <SettingsQuery query={clock} what="The clock">
          {(known) => <SandboxClock clock={known} />}
        </SettingsQuery>
      </Section>
      <Section title="Sample business" note="Invented customers and payments beside your own, to try things out on.">
        <SampleBusiness isOffered />
      </Section>
      <Section
        title="Faults"
        note="The gateway’s next answers go wrong as said here, to see that money is neither lost nor doubled."
      >
        <Faults />
      </Section>
      <Section
        title="Test cards"
        note="Offered by “Add new card” on a contact’s page. Each has one outcome, every time."
      >
        <SettingsQuery query={methods} what="The test cards">
          {({ data }) => (
            <ul className={classes.methods}>
              {data.map((method) => (
                <li key={method.name}>
                  <span>{method.label}</span>
                  <span className={classes.quiet} style={{ whiteSpace: 'nowrap' }}>
                    {method.brand} ·· {method.last4}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </SettingsQuery>
      </Section>
    </>
  );
}

function Faults() {
  const { api, workspace } = useWorkspace();
  const queryClient = useQueryClient();
  const mayWrite = useMay()('settings.write');
  const [operation, setOperation] = useState<Fault['operation']>('charge');
  const [fault, setFault] = useState<Fault['fault']>('reply_lost');
  const [count, setCount] = useState<number | string>(1);
  const offered = FAULTS.filter((one) => one.on.includes(operation));
  const script = useMutation({
    mutationFn: () => api.post('/v1/sandbox/faults', { operation, fault, count: Number(count) }),
    onSuccess: () => {
      toastDone(Number(count) === 1 ? 'The next one goes wrong' : `The next ${count} go wrong`);
      return queryClient.invalidateQueries({ queryKey: [workspace.id] });
    },
  });
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        script.mutate();
      }}
    >
      <div className={classes.pair}>
        <Select
          label="What"
          data={OPERATIONS}
          value={operation}
          disabled={!mayWrite}
          onChange={(next) => {
            const chosen = (next ?? 'charge') as Fault['operation'];
            setOperation(chosen);
            if (!FAULTS.some((one) => one.value === fault && one.on.includes(chosen))) {
              setFault(FAULTS.find((one) => one.on.includes(chosen))?.value ?? 'slow');
            }
          }}
        />
        <NumberInput
          label="How many"
          min={1}
          max={1000}
          allowDecimal={false}
          value={count}
          disabled={!mayWrite}
          onChange={setCount}
        />
      </div>
      <Select
        label="What goes wrong"
        data={offered.map(({ value, label }) => ({ value, label }))}
        value={fault}
        disabled={!mayWrite}
        onChange={(next) => setFault((next ?? 'slow') as Fault['fault'])}
      />
      {script.isError && <Notice tone="red">{describeError(script.error)}</Notice>}
      <div className={classes.buttons}>
        <Button type="submit" loading={script.isPending} disabled={!mayWrite || !(Number(count) >= 1)}>
          Let it go wrong
        </Button>
      </div>
    </form>
  );
}
