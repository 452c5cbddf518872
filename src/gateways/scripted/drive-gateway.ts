import type { WorkspaceTx } from '../../foundation/database.ts';
import { newId } from '../../foundation/id.ts';
import type { GatewayMethod } from '../gateway.ts';
import { gatewayMethod } from './method.ts';
import { insertFault, insertMethod } from './store.ts';
import { testMethodNamed } from './test-methods.ts';

/** What may go wrong on the way, scripted for the next calls. */
export const FAULTS = ['reply_lost', 'request_lost', 'slow', 'events_missing', 'events_doubled'] as const;
export type Fault = (typeof FAULTS)[number];

/** Makes a test method at the sandbox gateway without its form; null when no test method has that name. */
export async function addTestMethod(
  tx: WorkspaceTx,
  contactRef: string,
  name: string,
  now: Date,
): Promise<GatewayMethod | null> {
  const script = testMethodNamed(name);
  if (!script) return null;
  const ref = `sbm_${newId()}`;
  const customerRef = `sbc_${contactRef}`;
  await insertMethod(tx, { ref, customerRef, testMethod: name, at: now });
  return gatewayMethod(ref, customerRef, script, now);
}

/** Scripts a fault for the next `count` calls of an operation. */
export async function addFault(
  tx: WorkspaceTx,
  script: { operation: string; fault: Fault; count: number },
  now: Date,
): Promise<void> {
  await insertFault(tx, { id: newId(), ...script, at: now });
}
