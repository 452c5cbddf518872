import { Button } from '@mantine/core';
import { useState } from 'react';
import type { GatewayState } from '../../../src/gateways/api.ts';
import { type GatewayImport, gatewayImport } from '../../../src/payments/api.ts';
import { describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { DateText } from '../ui/date-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { useReader } from '../ui/reader.tsx';
import { Notice } from '../ui/states.tsx';
import settings from '../workspace/settings.module.css';
import { SettingsQuery } from '../workspace/settings-query.tsx';
import { useMay } from '../workspace/workspace-facts.ts';
import { useGatewayImport, useRefreshGateways } from './gateway-queries.ts';
import classes from './gateways.module.css';

const STEP_WORDS: Record<GatewayImport['step'], string> = {
  customers: 'Customers',
  charges: 'Charges',
  refunds: 'Refunds',
  disputes: 'Disputes',
  payouts: 'Payouts',
  balance: 'Lines of the gateway’s own ledger',
  tie_out: 'Comparing',
};
const KIND_WORDS: Record<string, string> = {
  charge: 'Charges',
  refund: 'Refunds',
  dispute: 'Disputes',
  fee: 'Fees',
  payout: 'Payouts',
  other: 'Other',
};

/** Bring over what the account had before, with how far it has come and how it ties out. */
export function GatewayImportPart({ gateway }: { gateway: GatewayState }) {
  const { api } = useWorkspace();
  const mayImport = useMay()('import');
  const query = useGatewayImport(gateway);
  const refresh = useRefreshGateways();
  const [failure, setFailure] = useState<string | null>(null);
  const [isStarting, setStarting] = useState(false);

  async function start() {
    setStarting(true);
    setFailure(null);
    try {
      await api.post('/v1/gateway-imports', { gateway: gateway.name }, gatewayImport);
      await refresh();
    } catch (error) {
      setFailure(describeError(error));
    } finally {
      setStarting(false);
    }
  }

  return (
    <section className={classes.part} aria-label={`What exists at ${gateway.label}`}>
      <h4 className={classes.partTitle}>Bring over what exists</h4>
      <SettingsQuery query={query} what="The import">
        {(last) => (
          <>
            {last === null && (
              <p className={settings.quiet}>
                Customers, saved cards, charges, refunds, disputes and payouts come into your book, each once, so that
                lifetime values are right from the first day. Customers are matched by e-mail address.
              </p>
            )}
            {last && <Progress last={last} />}
            {failure && <Notice tone="red">{failure}</Notice>}
            {mayImport && last?.status !== 'running' && (
              <div className={settings.buttons}>
                <Button size="xs" loading={isStarting} onClick={() => void start()}>
                  {last === null
                    ? `Bring over from ${gateway.label}`
                    : last.status === 'failed'
                      ? 'Go on'
                      : 'Look again'}
                </Button>
              </div>
            )}
          </>
        )}
      </SettingsQuery>
    </section>
  );
}

function Progress({ last }: { last: GatewayImport }) {
  const { locale } = useReader();
  const number = new Intl.NumberFormat(locale);
  return (
    <>
      <p className={settings.quiet} role="status">
        {last.status === 'running' && `${STEP_WORDS[last.step]} … This goes on without this page.`}
        {last.status === 'done' && last.finished_at && (
          <>
            Done <DateText at={last.finished_at} />, begun by {last.started_by}.
          </>
        )}
      </p>
      {last.failure && <Notice tone="red">{last.failure}</Notice>}
      <dl className={classes.facts}>
        {Object.keys(STEP_WORDS)
          .filter((step) => last.counts[step])
          .map((step) => {
            const counts = last.counts[step]!;
            const leftOut = Object.entries(counts.left_out);
            return [
              <dt key={step}>{STEP_WORDS[step as GatewayImport['step']]}</dt>,
              <dd key={`${step} counts`}>
                {number.format(counts.written)} new, {number.format(counts.already_there)} known
                {leftOut.map(([reason, count]) => (
                  <div key={reason} className={settings.quiet}>
                    {number.format(count)} left out: {reason}
                  </div>
                ))}
              </dd>,
            ];
          })}
      </dl>
      {last.tie_out && <TieOut tieOut={last.tie_out} />}
    </>
  );
}

function TieOut({ tieOut }: { tieOut: NonNullable<GatewayImport['tie_out']> }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by the keyboard
    <section className={classes.tieOut} aria-label="Sums of both sides" tabIndex={0}>
      <p className={settings.quiet}>
        {tieOut.equal
          ? 'The book and the gateway’s own ledger are equal.'
          : 'The book and the gateway’s own ledger differ, for these reasons.'}
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col" data-align="right">
              Gateway
            </th>
            <th scope="col" data-align="right">
              Here
            </th>
          </tr>
        </thead>
        <tbody>
          {tieOut.lines.map((line) => (
            <tr key={`${line.kind} ${line.currency}`}>
              <th scope="row">
                {KIND_WORDS[line.kind] ?? line.kind}
                {line.why.map((why) => (
                  <div key={why} className={settings.quiet}>
                    {why}
                  </div>
                ))}
              </th>
              <td data-align="right">
                <MoneyText amountMinor={line.theirs_minor} currency={line.currency} />
              </td>
              <td data-align="right">
                <MoneyText amountMinor={line.ours_minor} currency={line.currency} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
