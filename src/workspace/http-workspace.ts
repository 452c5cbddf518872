import { toPublicId } from '../foundation/id.ts';
import * as api from './api.ts';
import { type Caller, RIGHTS, requireSandbox } from './caller.ts';
import { changeChargeLimits } from './change-charge-limits.ts';
import { changeSwitch, listSwitches, switchNamed } from './change-switch.ts';
import { type App, callerOf, entityTag, expectedVersionOf } from './door.ts';
import { editWorkspace } from './edit-workspace.ts';
import type { DoorContext } from './http-context.ts';
import { clockMoveOf, moveSandboxClock } from './move-sandbox-clock.ts';
import { readWorkspace } from './read-facts.ts';

const mayRead = { access: { right: 'settings.read' } } as const;
const mayWrite = { access: { right: 'settings.write' } } as const;

/** Doors of the workspace's own settings: details, switches, limits, and the clock of a sandbox. */
export function registerWorkspaceDoors(app: App, context: DoorContext): void {
  registerDetails(app, context);
  registerSwitches(app, context);
  registerLimits(app, context);
  registerClock(app, context);
}

function registerDetails(app: App, { database }: DoorContext) {
  const tags = ['Workspace'];

  app.get(
    '/v1/workspace',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'The workspace, and what the caller may do in it',
        operationId: 'getWorkspace',
        response: { 200: api.workspace },
      },
    },
    async (request, reply) => {
      const answer = await workspaceJson(callerOf(request));
      entityTag(reply, answer.version);
      return answer;
    },
  );

  app.patch(
    '/v1/workspace',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Change name, currency, time zone, language or legal details',
        operationId: 'editWorkspace',
        body: api.editWorkspaceBody,
        response: { 200: api.workspace },
      },
    },
    async (request, reply) => {
      const { time_zone: timeZone, ...rest } = request.body;
      const changes = { ...rest, ...(timeZone === undefined ? {} : { timeZone }) };
      await editWorkspace(database, callerOf(request), changes, expectedVersionOf(request));
      const answer = await workspaceJson(callerOf(request));
      entityTag(reply, answer.version);
      return answer;
    },
  );

  async function workspaceJson(caller: Caller): Promise<api.Workspace> {
    const { row, facts, currencyCanChange } = await readWorkspace(database, caller.workspace.id);
    return {
      id: toPublicId('workspace', row.id),
      name: row.name,
      mode: row.mode,
      currency: row.currency,
      currency_can_change: currencyCanChange,
      time_zone: row.time_zone,
      locale: row.locale,
      legal: row.legal,
      switches: facts.switches,
      has_sample: row.sample_seed !== null,
      now: caller.now.toISOString(),
      version: row.version,
      created_at: row.created_at.toISOString(),
      me: {
        kind: caller.kind === 'member' ? 'member' : 'api_key',
        id: caller.id === null ? '' : toPublicId(caller.kind === 'member' ? 'member' : 'apiKey', caller.id),
        name: caller.name,
        role: caller.role,
        rights: RIGHTS.filter((right) => caller.rights.has(right)),
      },
    };
  }
}

function registerSwitches(app: App, { database }: DoorContext) {
  const tags = ['Switches'];
  const readSwitches = async (workspaceId: string): Promise<api.SwitchState[]> =>
    (await listSwitches(database, workspaceId)).map(({ name, label, enabled, changedAt, changedBy }) => ({
      name,
      label,
      enabled,
      changed_at: changedAt?.toISOString() ?? null,
      changed_by: changedBy,
    }));

  app.get(
    '/v1/switches',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'Features of the workspace, on or off',
        operationId: 'listSwitches',
        response: { 200: api.switches },
      },
    },
    async (request) => ({ data: await readSwitches(callerOf(request).workspace.id) }),
  );

  app.put(
    '/v1/switches/:name',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Switch a feature on or off, at once and for everybody here',
        operationId: 'changeSwitch',
        params: api.switchParams,
        body: api.switchBody,
        response: { 200: api.switchState },
      },
    },
    async (request) => {
      const name = switchNamed(request.params.name);
      await changeSwitch(database, callerOf(request), name, request.body.enabled);
      const states = await readSwitches(callerOf(request).workspace.id);
      return states.find((state) => state.name === name)!;
    },
  );
}

function registerLimits(app: App, { database }: DoorContext) {
  const tags = ['Charge limits'];

  app.get(
    '/v1/charge-limits',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'Most that one charge may be, per role and for the workspace',
        operationId: 'getChargeLimits',
        response: { 200: api.chargeLimits },
      },
    },
    async (request) => callerOf(request).workspace.chargeLimits as api.ChargeLimits,
  );

  app.put(
    '/v1/charge-limits',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Replace all limits; what is left out has none',
        operationId: 'changeChargeLimits',
        body: api.chargeLimits,
        response: { 200: api.chargeLimits },
      },
    },
    async (request) => {
      await changeChargeLimits(database, callerOf(request), request.body);
      return request.body;
    },
  );
}

function registerClock(app: App, { database, clock, onClockMoved }: DoorContext) {
  const tags = ['Sandbox'];

  app.get(
    '/v1/sandbox/clock',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'The clock of this sandbox',
        operationId: 'getSandboxClock',
        response: { 200: api.sandboxClock },
      },
    },
    async (request) => {
      const { now, workspace } = callerOf(request);
      requireSandbox(callerOf(request));
      return { now: now.toISOString(), offset_seconds: Math.round(workspace.clockOffsetMs / 1000) };
    },
  );

  app.put(
    '/v1/sandbox/clock',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Move the clock of this sandbox forward; what falls due happens before the answer',
        operationId: 'moveSandboxClock',
        body: api.moveClockBody,
        response: { 200: api.sandboxClock },
      },
    },
    async (request) => {
      const { now, advance_seconds: seconds } = request.body;
      const moved = await moveSandboxClock(database, clock, callerOf(request), clockMoveOf(now, seconds));
      await onClockMoved?.(callerOf(request).workspace.id);
      return { now: moved.now.toISOString(), offset_seconds: Math.round(moved.offsetMs / 1000) };
    },
  );
}
