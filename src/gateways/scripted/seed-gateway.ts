import type { WorkspaceTx } from '../../foundation/database.ts';
import type { GatewayMethod } from '../gateway.ts';
import { gatewayMethod } from './method.ts';
import { inputHashOf, type Movement } from './movement.ts';
import { insertMovements } from './store.ts';
import { deleteMovements, detachMethods, insertMethods } from './store-seed.ts';
import { testMethodNamed } from './test-methods.ts';

/** A card that the sandbox gateway is to have known for a while. */
export interface SeededMethod {
  readonly ref: string;
  readonly contactRef: string;
  readonly testMethod: string;
  readonly addedAt: Date;
}

/** Makes test methods as if they had been added then. Answers them in order, as the contract describes methods. */
export async function seedMethods(tx: WorkspaceTx, methods: readonly SeededMethod[]): Promise<GatewayMethod[]> {
  const known = methods.map((method) => ({ ...method, customerRef: `sbc_${method.contactRef}` }));
  await insertMethods(tx, known);
  return known.map(({ ref, customerRef, testMethod, addedAt }) => {
    const script = testMethodNamed(testMethod);
    if (!script) throw new Error(`There is no test method ${testMethod}.`);
    return gatewayMethod(ref, customerRef, script, addedAt);
  });
}

export type SeededMovement = Omit<Movement, 'inputHash'>;

/** Puts movements into the sandbox's own books, so that what stands on them later (refunds, look-ups) works. */
export async function seedMovements(tx: WorkspaceTx, movements: readonly SeededMovement[]): Promise<void> {
  const rows = movements.map((movement) => ({
    ...movement,
    inputHash: inputHashOf([movement.parentRef ?? movement.methodRef ?? '', movement.amountMinor, movement.currency]),
  }));
  await insertMovements(tx, rows);
}

/** Takes seeded movements out and detaches methods; nothing of them happens later any more. */
export async function removeSeeded(
  tx: WorkspaceTx,
  seeded: { readonly movementRefs: readonly string[]; readonly methodRefs: readonly string[]; readonly now: Date },
): Promise<void> {
  await Promise.all([deleteMovements(tx, seeded.movementRefs), detachMethods(tx, seeded.methodRefs, seeded.now)]);
}
