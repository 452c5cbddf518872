import { Button } from '@mantine/core';
import { useState } from 'react';
import { type GatewayState, gateways } from '../../../src/gateways/api.ts';
import { describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { Section } from '../ui/page-header.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import { toastDone, toastFailed } from '../ui/toast.tsx';
import settings from '../workspace/settings.module.css';
import { SettingsQuery } from '../workspace/settings-query.tsx';
import { useMay } from '../workspace/workspace-facts.ts';
import { GatewayConnected } from './gateway-connected.tsx';
import { GatewayKeysForm } from './gateway-keys-form.tsx';
import { useGateways, useRefreshGateways } from './gateway-queries.ts';
import classes from './gateways.module.css';

/** Through whom money is taken: the gateways of this workspace, connecting them, and what they tell. */
export function GatewaySettings() {
  const query = useGateways();
  return (
    <Section
      title="Gateways"
      note="Cards and bank debits are charged through your own account at a gateway. Its keys are checked with it, sealed, and never shown again."
    >
      <SettingsQuery query={query} what="The gateways">
        {({ data }) => (
          <ul className={classes.gateways}>
            {data.map((gateway) => (
              <li key={gateway.name} className={classes.gateway}>
                <OneGateway gateway={gateway} isOnly={data.filter((one) => one.usable).length < 2} />
              </li>
            ))}
          </ul>
        )}
      </SettingsQuery>
    </Section>
  );
}

function OneGateway({ gateway, isOnly }: { gateway: GatewayState; isOnly: boolean }) {
  const mayWrite = useMay()('settings.write');
  const [isConnecting, setConnecting] = useState(false);
  return (
    <>
      <div className={classes.head}>
        <h3 className={classes.name}>{gateway.label}</h3>
        <GatewayWord gateway={gateway} />
        <span className={classes.actions}>
          {gateway.usable && !isOnly && <NewCards gateway={gateway} mayWrite={mayWrite} />}
          {gateway.needs_connection && !gateway.connection && !isConnecting && mayWrite && (
            <Button size="xs" onClick={() => setConnecting(true)} aria-label={`Connect ${gateway.label}`}>
              Connect
            </Button>
          )}
        </span>
      </div>
      {!gateway.needs_connection && (
        <p className={settings.quiet}>For trying things out: every outcome can be produced, and no real money moves.</p>
      )}
      {isConnecting && !gateway.connection && (
        <GatewayKeysForm gateway={gateway} onDone={() => setConnecting(false)} onCancel={() => setConnecting(false)} />
      )}
      {gateway.connection && <GatewayConnected gateway={gateway} connection={gateway.connection} />}
    </>
  );
}

function GatewayWord({ gateway }: { gateway: GatewayState }) {
  if (!gateway.needs_connection) return <StatusDot tone="quiet">Always there</StatusDot>;
  if (gateway.connection) return <StatusDot tone="green">Connected</StatusDot>;
  return <StatusDot tone="quiet">Not connected</StatusDot>;
}

/** Which gateway new cards are added through: said where it is so, offered where it is not. */
function NewCards({ gateway, mayWrite }: { gateway: GatewayState; mayWrite: boolean }) {
  const { api } = useWorkspace();
  const refresh = useRefreshGateways();
  if (gateway.is_default) return <span className={settings.quiet}>New cards go here</span>;
  if (!mayWrite) return null;
  async function choose() {
    try {
      await api.put('/v1/default-gateway', { gateway: gateway.name }, gateways);
      await refresh();
      toastDone(`New cards go to ${gateway.label}`);
    } catch (error) {
      toastFailed(describeError(error));
    }
  }
  return (
    <Button size="xs" onClick={() => void choose()} aria-label={`Use for new cards: ${gateway.label}`}>
      Use for new cards
    </Button>
  );
}
