import type { Database } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { addFault, addTestMethod, type Fault } from '../gateways/scripted/drive-gateway.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import { saveMethod } from './add-card.ts';
import type { PaymentMethod } from './api.ts';
import { shapeMethod } from './shape-payment.ts';

/** Saves a named test method for a contact as if its form had been filled. Throws invalid_request on a name there is none of. */
export function addSandboxMethod(
  database: Database,
  caller: Caller,
  contactId: string,
  testMethod: string,
  label: string | null,
): Promise<PaymentMethod> {
  return database.inWorkspace(caller.workspace.id, async (tx) => {
    const found = await addTestMethod(tx, contactId, testMethod, caller.now);
    if (!found) {
      const message = 'See GET /v1/sandbox/test-methods for the names there are.';
      throw new Failure('invalid_request', `test_method: ${message}`, { fields: [{ path: 'test_method', message }] });
    }
    const { method } = await saveMethod(tx, caller, contactId, 'scripted', found, { channel: 'paper', label });
    return shapeMethod(method, caller.now);
  });
}

/** Scripts what goes wrong in the next calls of the sandbox gateway. */
export async function scriptFault(
  database: Database,
  caller: Caller,
  script: { operation: 'charge' | 'refund' | 'lookup' | 'event'; fault: Fault; count: number },
): Promise<void> {
  await database.inWorkspace(caller.workspace.id, async (tx) => {
    await addFault(tx, script, caller.now);
    await recordAudit(tx, caller, {
      action: 'sandbox.fault_scripted',
      subjectKind: null,
      subjectId: null,
      details: { ...script },
    });
  });
}
