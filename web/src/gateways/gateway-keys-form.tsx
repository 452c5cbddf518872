import { Button, PasswordInput, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { type GatewayConnection, type GatewayState, gatewayConnection } from '../../../src/gateways/api.ts';
import { describeError, fieldErrors } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { Notice } from '../ui/states.tsx';
import { toastDone } from '../ui/toast.tsx';
import settings from '../workspace/settings.module.css';
import { useRefreshGateways } from './gateway-queries.ts';

/**
 * What a gateway asks for, whichever it is: to connect it, or (with `connection`) to exchange some of its keys. Nothing
 * that was entered is kept in the page once it was sent.
 */
export function GatewayKeysForm(props: {
  gateway: GatewayState;
  connection?: GatewayConnection;
  onDone: () => void;
  onCancel: () => void;
}) {
  const { gateway, connection } = props;
  const { api } = useWorkspace();
  const refresh = useRefreshGateways();
  const [values, setValues] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<{ words: string; fields: Record<string, string> } | null>(null);
  const [isSending, setSending] = useState(false);
  const entered = Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ''));

  async function send(event: FormEvent) {
    event.preventDefault();
    setSending(true);
    setProblem(null);
    try {
      if (connection) {
        await api.post(`/v1/gateway-connections/${connection.id}/rotations`, { values: entered }, gatewayConnection);
      } else {
        await api.post('/v1/gateway-connections', { gateway: gateway.name, values: entered }, gatewayConnection);
      }
      setValues({});
      await refresh();
      toastDone(connection ? 'The new keys hold from now on' : `${gateway.label} is connected`);
      props.onDone();
    } catch (error) {
      const fields = fieldErrors(error);
      // A refusal that names a field is said beside it, and only there.
      const isBeside = gateway.fields.some(({ name }) => fields[`values.${name}`] !== undefined);
      setProblem({ words: isBeside ? '' : describeError(error), fields });
    } finally {
      setSending(false);
    }
  }

  return (
    <form className={settings.form} onSubmit={(event) => void send(event)} noValidate autoComplete="off">
      {gateway.fields.map((field) => {
        const Input = field.secret ? PasswordInput : TextInput;
        const isKept = connection?.values[field.name];
        return (
          <Input
            key={field.name}
            label={field.label}
            description={
              isKept ? `Now ${isKept}. Left empty, it stays.` : field.required ? undefined : 'Can be added later.'
            }
            placeholder={field.example}
            value={values[field.name] ?? ''}
            error={problem?.fields[`values.${field.name}`]}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setValues({ ...values, [field.name]: event.currentTarget.value })}
          />
        );
      })}
      {problem?.words && <Notice tone="red">{problem.words}</Notice>}
      <div className={settings.buttons}>
        <Button
          type="submit"
          variant="filled"
          loading={isSending}
          disabled={connection !== undefined && Object.keys(entered).length === 0}
        >
          {connection ? 'Check and exchange' : `Connect ${gateway.label}`}
        </Button>
        <Button onClick={props.onCancel} disabled={isSending}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
