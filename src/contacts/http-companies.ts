import { type App, callerOf, entityTag, expectedVersionOf, uuidFromAddress } from '../workspace/door.ts';
import * as api from './api.ts';
import { type DoorContext, inWorkspaceOf, mayRead, mayWrite } from './http-context.ts';
import { listCompanies, readCompanyAnswer } from './list-companies.ts';
import { createCompany, editCompany } from './write-company.ts';

const tags = ['Companies'];

/** Doors of companies. */
export function registerCompanyDoors(app: App, context: DoorContext): void {
  app.get(
    '/v1/companies',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'Companies by name',
        operationId: 'listCompanies',
        querystring: api.companyListQuery,
        response: { 200: api.companyPage },
      },
    },
    async (request) => inWorkspaceOf(context, callerOf(request), (tx) => listCompanies(tx, request.query)),
  );

  app.post(
    '/v1/companies',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Add a company',
        operationId: 'createCompany',
        body: api.newCompany,
        response: { 201: api.company },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const answer = await inWorkspaceOf(context, caller, (tx) => createCompany(tx, caller, request.body));
      entityTag(reply, answer.version);
      return reply.status(201).send(answer);
    },
  );

  const schema = { tags, params: api.contactParams, response: { 200: api.company } };

  app.get(
    '/v1/companies/:id',
    { config: mayRead, schema: { ...schema, summary: 'One company', operationId: 'getCompany' } },
    async (request, reply) => {
      const id = uuidFromAddress('company', request.params.id);
      const answer = await inWorkspaceOf(context, callerOf(request), (tx) => readCompanyAnswer(tx, id));
      entityTag(reply, answer.version);
      return answer;
    },
  );

  app.patch(
    '/v1/companies/:id',
    {
      config: mayWrite,
      schema: {
        ...schema,
        summary: 'Rename, archive or bring back a company',
        operationId: 'editCompany',
        body: api.companyChanges,
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('company', request.params.id);
      const version = expectedVersionOf(request);
      const answer = await inWorkspaceOf(context, caller, (tx) => editCompany(tx, caller, id, request.body, version));
      entityTag(reply, answer.version);
      return answer;
    },
  );
}
