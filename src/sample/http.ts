import { type Caller, requireSandbox } from '../workspace/caller.ts';
import { type App, callerOf } from '../workspace/door.ts';
import { readSampleMark, type SampleMark } from '../workspace/mark-sample.ts';
import { type SampleBusinessState, sampleBusiness } from './api.ts';
import { type SampleContext, startFilling } from './fill-sample.ts';
import { startRemoving } from './remove-sample.ts';
import type { SampleRunner } from './run-samples.ts';

const config = { access: { right: 'settings.write' } } as const;
const tags = ['Sample business'];

/** Doors of the sample business, in sandbox workspaces only. The work is done beside requests: GET tells how far it is. */
export function registerSampleRoom(app: App, context: SampleContext, runner: SampleRunner): void {
  app.addHook('onClose', () => runner.stop());

  app.get(
    '/v1/sample-business',
    {
      config,
      schema: {
        tags,
        summary: 'Whether the sample business is there, and how far its making or removing is',
        operationId: 'readSampleBusiness',
        response: { 200: sampleBusiness },
      },
    },
    async (request) => {
      const caller = sandboxCaller(callerOf(request));
      return stateOf(await context.database.inWorkspace(caller.workspace.id, (tx) => readSampleMark(tx)));
    },
  );

  for (const [method, summary, operationId, start] of [
    [
      'POST',
      'Make the sample business: two years of invented customers and payments',
      'fillSampleBusiness',
      startFilling,
    ],
    ['DELETE', 'Remove it; what somebody added to it stays', 'removeSampleBusiness', startRemoving],
  ] as const) {
    app.route({
      method,
      url: '/v1/sample-business',
      config,
      schema: { tags, summary, operationId, response: { 202: sampleBusiness } },
      handler: async (request, reply) => {
        const caller = sandboxCaller(callerOf(request));
        const mark = await start(context, caller);
        runner.wake(caller.workspace.id);
        return reply.status(202).send(stateOf(mark));
      },
    });
  }
}

function sandboxCaller(caller: Caller): Caller {
  requireSandbox(caller);
  return caller;
}

function stateOf({ seed, work }: SampleMark): SampleBusinessState {
  const isAtWork = work?.doing != null;
  return {
    present: seed !== null,
    progress: isAtWork
      ? {
          phase: work.doing === 'filling' ? 'Making the sample business' : 'Removing the sample business',
          done: work.done,
          total: work.total,
        }
      : null,
    kept: seed === null && work && !isAtWork ? { contacts: work.contactsKept, payments: work.paymentsKept } : null,
  };
}
