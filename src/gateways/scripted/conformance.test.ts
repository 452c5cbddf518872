import { testDatabase } from '../../../tests/setup/database.ts';
import { movableClock } from '../../foundation/clock.ts';
import { newId } from '../../foundation/id.ts';
import { toDecimalText } from '../../foundation/money.ts';
import { insertWorkspace } from '../../workspace/store-workspaces.ts';
import type { BreakWire, GatewayHarness, SavedMethod } from '../conformance/harness.ts';
import { testConformance } from '../conformance.ts';
import type { DeclineClass } from '../declines.ts';
import { declineFor } from '../declines.ts';
import type { GatewayContext, IncomingEvent } from '../gateway.ts';
import { addFault, addTestMethod, type Fault } from './drive-gateway.ts';
import { makeScriptedGateway, SIGNATURE_HEADER } from './scripted-gateway.ts';
import { readMovementsByKey } from './store.ts';
import { TEST_METHODS } from './test-methods.ts';

const NO_WIRE = { cannot: 'the sandbox lives inside this program and is called without a connection' };
const NO_ACCOUNT = { cannot: 'the sandbox keeps no accounts, payouts or ledger of its own' };
const NO_NEW_WORDS = { cannot: 'the sandbox is of the same version as the program that asks it' };

const database = await testDatabase();
const clock = movableClock(new Date('2026-03-02T09:00:00.000Z'));
const workspaceId = newId();
await database.inWorkspace(workspaceId, (tx) =>
  insertWorkspace(
    tx,
    { name: 'Harbour Studio', mode: 'sandbox', currency: 'USD', timeZone: 'UTC', locale: 'en-US' },
    clock.now(),
  ),
);

let messages: IncomingEvent[] = [];
const gateway = makeScriptedGateway({
  database,
  signingSecret: 'a signing secret of the sandbox in its tests',
  publicUrl: () => 'http://counterfoil.test',
  pause: async () => {},
  deliver: async (_workspaceId, rawBody, signature) => {
    messages.push({ rawBody, header: (name) => (name === SIGNATURE_HEADER ? signature : undefined) });
  },
});
const context = (): GatewayContext => ({ workspaceId, now: clock.now() });

const method = (name: string) => async (): Promise<SavedMethod> => {
  const made = await database.inWorkspace(workspaceId, (tx) => addTestMethod(tx, newId(), name, clock.now()));
  if (!made) throw new Error(`there is no test method ${name}`);
  return { customerRef: made.customerRef, methodRef: made.methodRef };
};

/** Every test method of the sandbox that is declined with a code of this class. */
function declines(declineClass: DeclineClass) {
  return TEST_METHODS.flatMap(({ name, outcome }) =>
    outcome.charge === 'declined' && declineFor(outcome.code).class === declineClass
      ? [{ code: outcome.code, method: method(name) }]
      : [],
  );
}

const breakWith =
  (fault: Fault): BreakWire =>
  async (operation) => {
    await database.inWorkspace(workspaceId, (tx) => addFault(tx, { operation, fault, count: 1 }, clock.now()));
    return async () => {};
  };

async function advance(ms: number): Promise<void> {
  clock.advanceMs(ms);
  while ((await gateway.moveOnDue(workspaceId, clock.now())) > 0) {
    // One step can make the next one due.
  }
}

const HOUR_MS = 3_600_000;

const harness: GatewayHarness = {
  gateway,
  context,
  advance,
  async takeMessages() {
    const taken = messages;
    messages = [];
    return taken;
  },
  async gatewaySide(attemptId) {
    const found = await database.inWorkspace(workspaceId, (tx) => readMovementsByKey(tx, [attemptId]));
    return [...found.values()]
      .filter(({ status }) => status === 'settled' || status === 'pending')
      .map(({ amountMinor, currency }) => ({ decimal: toDecimalText(amountMinor, currency), currency }));
  },
  currencies: { 0: 'JPY', 2: 'USD', 3: 'KWD' },
  approved: method('approved'),
  declines: {
    retry_later: declines('retry_later'),
    other_card: declines('other_card'),
    ask_customer: declines('ask_customer'),
    stop: declines('stop'),
  },
  needsCustomer: {
    method: method('authentication_required'),
    async answer({ gatewayRef }, confirms) {
      await gateway.answerAuthentication(workspaceId, gatewayRef, confirms, clock.now());
    },
  },
  debits: { paid: method('debit_paid'), fails: method('debit_fails'), returned: method('debit_returned') },
  refunds: {
    pending: method('refund_pending'),
    refused: method('refund_declined'),
    returned: method('refund_returned'),
  },
  disputes: {
    method: (ends) => method(`dispute_${ends}`)(),
    opens: () => advance(73 * HOUR_MS),
    takesMoney: async () => {},
    ends: () => advance(11 * 24 * HOUR_MS),
  },
  fraudWarning: { cannot: 'the sandbox sends no early fraud warnings yet' },
  foreignCharge: { cannot: 'nobody but this program can charge at the sandbox' },
  cardForm: async ({ formRef, url }, how) => {
    const secret = new URL(url, 'http://counterfoil.test').searchParams.get('secret') ?? '';
    const name = how === 'saves' ? 'approved' : 'a test method that does not exist';
    await gateway.completeForm(workspaceId, formRef, secret, name, clock.now());
  },
  networkUpdate: { cannot: 'no card network updates the named test methods of the sandbox' },
  newerWords: { charge: NO_NEW_WORDS, refund: NO_NEW_WORDS, dispute: NO_NEW_WORDS, message: NO_NEW_WORDS },
  faults: {
    hang_before: NO_WIRE,
    hang_after: NO_WIRE,
    cut_before: breakWith('request_lost'),
    cut_mid_reply: breakWith('reply_lost'),
    server_error_before: NO_WIRE,
    server_error_after: NO_WIRE,
    malformed_after: NO_WIRE,
    rate_limited: NO_WIRE,
    redirected: NO_WIRE,
    tls_refused: NO_WIRE,
  },
  takeRequests: NO_WIRE,
  signing: {
    toleranceMs: 300_000,
    rotate: { cannot: 'the sandbox signs with a secret derived from the program’s own, which is never rotated alone' },
  },
  facts: NO_ACCOUNT,
  payouts: NO_ACCOUNT,
  secrets: { cannot: 'the sandbox has no keys that could be entered' },
};

testConformance(harness);
