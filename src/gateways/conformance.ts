import { describe, expect, it } from 'vitest';
import { testCards } from './conformance/cards.ts';
import { testCharges } from './conformance/charges.ts';
import { testDisputes } from './conformance/disputes.ts';
import { testEvents } from './conformance/events.ts';
import { declarationsOf, type GatewayHarness } from './conformance/harness.ts';
import { testRefunds } from './conformance/refunds.ts';
import { testWire } from './conformance/wire.ts';

/** A gateway that cannot do half of what the contract speaks of is no gateway yet. */
const DECLARATIONS_MAX = 25;

/**
 * The tests that every gateway of the registry passes, the same for all. Called at the top of a test file with a harness
 * that is ready; what the gateway cannot be put into is declared there, and shown by a passing test that names the reason.
 *
 * For tests only: it imports the test runner. tests/floorplan.test.ts sees that the program does not import it.
 */
export function testConformance(harness: GatewayHarness): void {
  describe(`${harness.gateway.label} keeps the contract of a gateway`, () => {
    it('declares what it cannot be put into', () => {
      const declared = declarationsOf(harness);
      for (const [path, reason] of declared) expect(reason.length, path).toBeGreaterThan(20);
      expect(declared.size).toBeLessThanOrEqual(DECLARATIONS_MAX);
    });
    it('says how long a call takes at most and how long a key is remembered', () => {
      expect(harness.gateway.timeoutMs).toBeGreaterThan(0);
      expect(harness.gateway.keyRetentionMs).toBeGreaterThanOrEqual(3_600_000);
    });
    testCharges(harness);
    testRefunds(harness);
    testEvents(harness);
    testDisputes(harness);
    testCards(harness);
    testWire(harness);
  });
}
