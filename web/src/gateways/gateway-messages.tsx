import type { GatewayConnection, GatewayState } from '../../../src/gateways/api.ts';
import type { GatewayHealth } from '../../../src/payments/api.ts';
import { CopyText } from '../ui/copy-text.tsx';
import { DateText } from '../ui/date-text.tsx';
import { useReader } from '../ui/reader.tsx';
import { Notice } from '../ui/states.tsx';
import settings from '../workspace/settings.module.css';
import { SettingsQuery } from '../workspace/settings-query.tsx';
import { useGatewayHealth } from './gateway-queries.ts';
import classes from './gateways.module.css';

/** Where the gateway sends its messages, which ones, and whether they come. */
export function GatewayMessages({ gateway, connection }: { gateway: GatewayState; connection: GatewayConnection }) {
  const query = useGatewayHealth(gateway);
  const lacksSecret = gateway.event_types.length > 0 && connection.signing_secrets.length === 0;
  return (
    <section className={classes.part} aria-label={`Messages of ${gateway.label}`}>
      <h4 className={classes.partTitle}>Messages</h4>
      {connection.event_address && (
        <p className={settings.quiet}>
          {gateway.event_types.length > 0
            ? `Set this address up as a webhook at ${gateway.label}:`
            : `${gateway.label} is told this address with each payment:`}
        </p>
      )}
      {connection.event_address && (
        <div className={classes.address}>
          <CopyText text={connection.event_address} label="address for messages" />
        </div>
      )}
      {gateway.event_types.length > 0 && (
        <details className={classes.types}>
          <summary>Subscribe it to these {gateway.event_types.length} events</summary>
          <CopyText text={gateway.event_types.join('\n')} shown="Copy all" label="names of events" />
          <ul>
            {gateway.event_types.map((type) => (
              <li key={type}>{type}</li>
            ))}
          </ul>
        </details>
      )}
      {lacksSecret && (
        <Notice tone="amber">
          Without the signing secret of this address no message is believed. {gateway.label} shows it where the webhook
          is set up; enter it with “Exchange keys”.
        </Notice>
      )}
      <SettingsQuery query={query} what="The messages">
        {(health) => <Health health={health} />}
      </SettingsQuery>
    </section>
  );
}

function Health({ health }: { health: GatewayHealth }) {
  const { locale } = useReader();
  const number = new Intl.NumberFormat(locale);
  const { last_event: last, sweep } = health;
  return (
    <dl className={classes.facts}>
      <dt>Last message</dt>
      <dd>
        {last ? (
          <>
            <DateText at={last.received_at} /> <span className={settings.quiet}>({last.type}</span>
            <span className={settings.quiet}>
              {last.delay_ms === null ? ')' : `, ${delayWords(last.delay_ms, locale)} after it happened)`}
            </span>
          </>
        ) : (
          <span className={settings.quiet}>None yet</span>
        )}
      </dd>
      <dt>Last {health.days} days</dt>
      <dd>
        {number.format(health.received)} received
        {health.waiting > 0 && `, ${number.format(health.waiting)} waiting`}
        {health.repeated > 0 && `, ${number.format(health.repeated)} told again`}
      </dd>
      <dt>Refused</dt>
      <dd>
        {health.not_believed === 0 ? (
          <span className={settings.quiet}>None</span>
        ) : (
          <>
            {number.format(health.not_believed)} not signed as agreed or too old; they changed nothing
            {health.last_not_believed_at && (
              <>
                . Last <DateText at={health.last_not_believed_at} />
              </>
            )}
          </>
        )}
      </dd>
      {sweep && (
        <>
          <dt>Sweep</dt>
          <dd>
            {sweep.failure ??
              (sweep.swept_at ? <Swept at={sweep.swept_at} found={health.found_by_sweep} /> : 'Not yet')}
          </dd>
        </>
      )}
    </dl>
  );
}

function Swept({ at, found }: { at: string; found: number }) {
  const { locale } = useReader();
  const words =
    found === 0 ? 'nothing had gone missing' : `${new Intl.NumberFormat(locale).format(found)} found that never came`;
  return (
    <>
      Compared <DateText at={at} />, {words}
    </>
  );
}

/** "2 seconds", "3 minutes": as long as one can say it. */
function delayWords(delayMs: number, locale: string): string {
  const seconds = Math.round(delayMs / 1000);
  const [value, unit] =
    seconds < 120
      ? [seconds, 'second']
      : seconds < 7_200
        ? [Math.round(seconds / 60), 'minute']
        : [Math.round(seconds / 3_600), 'hour'];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
}
