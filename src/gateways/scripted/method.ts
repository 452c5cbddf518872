import type { GatewayMethod } from '../gateway.ts';
import type { TestMethod } from './test-methods.ts';

/** A test method as the contract describes a method. The same test method added twice is the same card (fingerprint). */
export function gatewayMethod(ref: string, customerRef: string, script: TestMethod, now: Date): GatewayMethod {
  const expYear = script.expiresInYears === null ? null : now.getUTCFullYear() + script.expiresInYears;
  return {
    customerRef,
    methodRef: ref,
    kind: script.kind,
    brand: script.brand,
    last4: script.last4,
    expMonth: expYear === null ? null : 8,
    expYear,
    fingerprint: `sandbox:${script.name}`,
  };
}
