import { z } from 'zod';
import { newId, toPublicId } from '../foundation/id.ts';
import { acceptInvitation, describeInvitation } from './accept-invitation.ts';
import * as api from './api.ts';
import { createWorkspaceFor } from './create-workspace.ts';
import { type App, personOf } from './door.ts';
import { type DoorContext, forgetSession, keepCookie, placeOf } from './http-context.ts';
import { endAllSessions, endSession, prolongSession } from './keep-session.ts';
import { readSession, readSessionOf } from './read-session.ts';
import { describeSignInLink, redeemSignInLink } from './redeem-sign-in-link.ts';

const tags = ['Session'];
const anybody = { access: { public: true } } as const;
const person = { access: { person: true } } as const;
const nothing = z.null().describe('Done; no content.');

/** Doors for people before they are in a workspace: signing in and out, one-time links, invitations, a new workspace. */
export function registerSessionDoors(app: App, context: DoorContext): void {
  registerSession(app, context);
  registerLinks(app, context);
}

function registerSession(app: App, context: DoorContext) {
  const { database, clock, signIn } = context;

  app.get(
    '/v1/session',
    {
      config: person,
      schema: {
        tags,
        summary: 'Who is signed in, and where they belong',
        operationId: 'getSession',
        response: { 200: api.session },
      },
    },
    async (request, reply) => {
      const who = personOf(request);
      if (await prolongSession(database, who.sessionToken, clock.now())) keepCookie(reply, context, who.sessionToken);
      return readSession(database, who);
    },
  );

  app.post(
    '/v1/session',
    {
      config: anybody,
      schema: {
        tags,
        summary: 'Sign in with e-mail address and password',
        operationId: 'signIn',
        body: api.signInBody,
        response: { 200: api.session },
      },
    },
    async (request, reply) => {
      const { email, password } = request.body;
      const opened = await signIn.withPassword(email, password, placeOf(request));
      keepCookie(reply, context, opened.token);
      return readSessionOf(database, opened.userId);
    },
  );

  app.delete(
    '/v1/session',
    { config: person, schema: { tags, summary: 'Sign out', operationId: 'signOut', response: { 204: nothing } } },
    async (request, reply) => {
      await endSession(database, personOf(request).sessionToken);
      forgetSession(reply, context);
      return reply.status(204).send(null);
    },
  );

  app.delete(
    '/v1/sessions',
    {
      config: person,
      schema: { tags, summary: 'Sign out everywhere', operationId: 'signOutEverywhere', response: { 204: nothing } },
    },
    async (request, reply) => {
      await endAllSessions(database, personOf(request).userId);
      forgetSession(reply, context);
      return reply.status(204).send(null);
    },
  );

  app.put(
    '/v1/session/password',
    {
      config: person,
      schema: {
        tags,
        summary: 'Change the password; every other session ends',
        operationId: 'changePassword',
        body: api.changePasswordBody,
        response: { 204: nothing },
      },
    },
    async (request, reply) => {
      const { userId, sessionToken } = personOf(request);
      const { current_password: current, new_password: next } = request.body;
      await signIn.changePassword({ userId, current, next, sessionToken, ip: request.ip });
      return reply.status(204).send(null);
    },
  );

  app.post(
    '/v1/workspaces',
    {
      config: person,
      schema: {
        tags,
        summary: 'Make another workspace; whoever makes it owns it',
        operationId: 'createWorkspace',
        body: api.newWorkspaceBody,
        response: { 201: api.session.shape.workspaces.element },
      },
    },
    async (request, reply) => {
      const { name, mode, currency, time_zone: timeZone } = request.body;
      const { userId, name: ownerName, email } = personOf(request);
      const id = newId();
      await createWorkspaceFor(
        database,
        id,
        { name, mode, currency, timeZone, locale: 'en-US' },
        { id: userId, name: ownerName, email },
        { now: clock.now(), ip: request.ip },
      );
      return reply.status(201).send({ id: toPublicId('workspace', id), name, mode, role: 'owner' });
    },
  );
}

function registerLinks(app: App, context: DoorContext) {
  const { database } = context;

  app.get(
    '/v1/sign-in-links/:token',
    {
      config: anybody,
      schema: {
        tags,
        summary: 'What a one-time link is for',
        operationId: 'getSignInLink',
        params: api.linkParams,
        response: { 200: api.signInLink },
      },
    },
    async (request) => describeSignInLink(context, request.params.token),
  );

  app.post(
    '/v1/sign-in-links/:token/redemption',
    {
      config: anybody,
      schema: {
        tags,
        summary: 'Use a one-time link: sign in, or set the program up as its first owner',
        operationId: 'redeemSignInLink',
        params: api.linkParams,
        body: api.redemptionBody,
        response: { 200: api.session },
      },
    },
    async (request, reply) => {
      const opened = await redeemSignInLink(context, request.params.token, request.body, placeOf(request));
      keepCookie(reply, context, opened.token);
      return readSessionOf(database, opened.userId);
    },
  );

  app.get(
    '/v1/invitations-by-token/:token',
    {
      config: anybody,
      schema: {
        tags,
        summary: 'What an invitation link offers',
        operationId: 'getInvitationByToken',
        params: api.linkParams,
        response: { 200: api.invitationByToken },
      },
    },
    async (request) => {
      const { workspaceName, invitation, person: known } = await describeInvitation(context, request.params.token);
      const { email, role, invited_by } = invitation;
      return { workspace_name: workspaceName, email, role, invited_by, has_account: known !== null };
    },
  );

  app.post(
    '/v1/invitations-by-token/:token/acceptance',
    {
      config: anybody,
      schema: {
        tags,
        summary: 'Accept an invitation and sign in',
        operationId: 'acceptInvitation',
        params: api.linkParams,
        body: api.acceptanceBody,
        response: { 200: api.session },
      },
    },
    async (request, reply) => {
      const signedIn = await context.identifyPerson(request).catch(() => null);
      const from = { ...placeOf(request), signedInAs: signedIn?.userId ?? null };
      const opened = await acceptInvitation(context, request.params.token, request.body, from);
      if (opened) keepCookie(reply, context, opened.token);
      return readSessionOf(database, opened?.userId ?? signedIn!.userId);
    },
  );
}
