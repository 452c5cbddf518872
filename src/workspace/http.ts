import type { App } from './door.ts';
import type { DoorContext } from './http-context.ts';
import { registerMemberDoors } from './http-members.ts';
import { registerSecurityDoors } from './http-security.ts';
import { registerSessionDoors } from './http-session.ts';
import { registerWorkspaceDoors } from './http-workspace.ts';

export type { DoorContext } from './http-context.ts';

/** Every door of the workspace room. */
export function registerWorkspaceRoom(app: App, context: DoorContext): void {
  registerSessionDoors(app, context);
  registerWorkspaceDoors(app, context);
  registerMemberDoors(app, context);
  registerSecurityDoors(app, context);
}
