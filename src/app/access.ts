import type { FastifyRequest } from 'fastify';
import { Failure } from '../foundation/failure.ts';
import { type Caller, isSwitchOn, requireRight, requireSwitch } from '../workspace/caller.ts';
import type { Access, App, SignedInPerson } from '../workspace/door.ts';

/** How the workspace room tells who asks. Both throw not_signed_in when nobody valid does. */
export interface Identify {
  caller(request: FastifyRequest): Promise<Caller>;
  /** The caller as an earlier request knew them, marked so; null when there was none. */
  rememberedCaller(request: FastifyRequest): Caller | null;
  person(request: FastifyRequest): Promise<SignedInPerson>;
}

/**
 * One hook before any body is read: who asks, in which workspace, with which right, and is the feature on. Requests of
 * browsers that change something must carry our own header, which a foreign page cannot send without being asked first.
 */
export function guardAccess(app: App, identify: Identify): void {
  app.decorateRequest('caller', null);
  app.decorateRequest('person', null);
  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access;
    if (!access || 'public' in access) return;
    const byCookie = request.headers.authorization === undefined;
    if (
      byCookie &&
      request.method !== 'GET' &&
      request.method !== 'HEAD' &&
      request.headers['counterfoil-client'] !== 'web'
    ) {
      throw new Failure(
        'not_signed_in',
        'Requests with a session cookie must carry the header “Counterfoil-Client: web”.',
      );
    }
    if ('person' in access) {
      request.person = await identify.person(request);
      return;
    }
    const remembered = access.askedAgain ? identify.rememberedCaller(request) : null;
    // What is remembered may let somebody through to who asks again, and never turns anybody away.
    if (remembered && mayPass(remembered, access)) {
      request.caller = remembered;
      return;
    }
    const caller = await identify.caller(request);
    requireRight(caller, access.right);
    if (access.switch) requireSwitch(caller, access.switch);
    request.caller = caller;
  });
}

function mayPass(caller: Caller, access: Extract<Access, { right: unknown }>): boolean {
  return caller.rights.has(access.right) && (!access.switch || isSwitchOn(caller, access.switch));
}
