import { Button } from '@mantine/core';
import { useState } from 'react';
import type { GatewayConnection, GatewayState } from '../../../src/gateways/api.ts';
import { describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { CopyText } from '../ui/copy-text.tsx';
import { DateText } from '../ui/date-text.tsx';
import { Notice } from '../ui/states.tsx';
import { toastDone } from '../ui/toast.tsx';
import settings from '../workspace/settings.module.css';
import { useMay } from '../workspace/workspace-facts.ts';
import { GatewayImportPart } from './gateway-import.tsx';
import { GatewayKeysForm } from './gateway-keys-form.tsx';
import { GatewayMessages } from './gateway-messages.tsx';
import { useRefreshGateways } from './gateway-queries.ts';
import classes from './gateways.module.css';

/** A connected account: what it is, its masked keys, its messages, and what it had before. */
export function GatewayConnected({ gateway, connection }: { gateway: GatewayState; connection: GatewayConnection }) {
  const { api } = useWorkspace();
  const mayWrite = useMay()('settings.write');
  const refresh = useRefreshGateways();
  const [isRotating, setRotating] = useState(false);
  const [isLeaving, setLeaving] = useState(false);
  const older = connection.signing_secrets.find((secret) => secret.expires_at !== null);
  return (
    <>
      {!connection.keys_readable && (
        <Notice tone="red">
          These keys cannot be opened: the envelope key they are sealed with is missing, and nothing goes through this
          account. Put the key back, or disconnect and connect again.
        </Notice>
      )}
      <dl className={classes.facts}>
        <dt>Account</dt>
        <dd>
          {connection.account.name}{' '}
          <CopyText text={connection.account.ref} shown={connection.account.ref} label="account id" />
        </dd>
        {gateway.fields.map((field) => (
          <FieldRow key={field.name} label={field.label} value={connection.values[field.name] ?? null} />
        ))}
        <dt>Connected</dt>
        <dd>
          <DateText at={connection.connected_at} /> by {connection.connected_by}
          {connection.rotated_at && (
            <>
              ; keys exchanged <DateText at={connection.rotated_at} /> by {connection.rotated_by}
            </>
          )}
        </dd>
        {older?.expires_at && (
          <>
            <dt>Old signing secret</dt>
            <dd>
              accepted until <DateText at={older.expires_at} exact />
            </dd>
          </>
        )}
      </dl>
      {isRotating ? (
        <GatewayKeysForm
          gateway={gateway}
          connection={connection}
          onDone={() => setRotating(false)}
          onCancel={() => setRotating(false)}
        />
      ) : (
        mayWrite && (
          <div className={settings.buttons}>
            <Button size="xs" onClick={() => setRotating(true)}>
              Exchange keys
            </Button>
            <Button size="xs" onClick={() => setLeaving(true)}>
              Disconnect
            </Button>
          </div>
        )
      )}
      <GatewayMessages gateway={gateway} connection={connection} />
      <GatewayImportPart gateway={gateway} />
      <ConfirmDialog
        isOpen={isLeaving}
        onClose={() => setLeaving(false)}
        title={`Disconnect ${gateway.label} (${connection.account.name})?`}
        confirm="Disconnect"
        isDestructive
        describe={describeError}
        onConfirm={async () => {
          await api.remove(`/v1/gateway-connections/${connection.id}`);
          await refresh();
          toastDone(`${gateway.label} is disconnected`);
        }}
      >
        Its keys are forgotten. Saved cards stay to be seen and cannot be charged until the same account is connected
        again. Payments under way are no longer followed, and messages to its address are refused.
      </ConfirmDialog>
    </>
  );
}

function FieldRow({ label, value }: { label: string; value: string | null }) {
  return (
    <>
      <dt>{label}</dt>
      <dd className={value === null ? settings.quiet : classes.mono}>{value ?? 'Not entered'}</dd>
    </>
  );
}
