import type { App } from '../workspace/door.ts';
import { registerCompanyDoors } from './http-companies.ts';
import { registerContactDoors } from './http-contacts.ts';
import type { DoorContext } from './http-context.ts';
import { registerCustomFieldDoors } from './http-custom-fields.ts';
import { registerMergeDoors } from './http-merges.ts';
import { registerNoteDoors } from './http-notes.ts';

export type { DoorContext } from './http-context.ts';

/** Every door of the contacts room. */
export function registerContactsRoom(app: App, context: DoorContext): void {
  registerContactDoors(app, context);
  registerNoteDoors(app, context);
  registerMergeDoors(app, context);
  registerCompanyDoors(app, context);
  registerCustomFieldDoors(app, context);
}
