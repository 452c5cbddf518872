import { z } from 'zod';
import { problem } from '../foundation/api.ts';
import { FAILURES, type FailureCode } from '../foundation/failure.ts';
import type { Access } from '../workspace/door.ts';

/**
 * Completes the OpenAPI document with what is true of every route of a kind, so that eighty doors need not say it:
 * who may call, which refusals to expect, which headers count, and a name for each operation.
 */

/** Requests that move money: none is taken without an Idempotency-Key. tests/open-api.test.ts compares with the doors. */
export const MONEY_ROUTES: readonly string[] = [
  'POST /v1/contacts/{id}/charges',
  'POST /v1/contacts/{id}/offline-payments',
  'POST /v1/payments/{id}/refunds',
];

/** Edits that can be refused because somebody else was quicker. Compared with the doors as well. */
export const VERSIONED_ROUTES: readonly string[] = [
  'PATCH /v1/companies/{id}',
  'PATCH /v1/contacts/{id}',
  'PATCH /v1/custom-fields/{id}',
  'PATCH /v1/customer-page',
  'PATCH /v1/invoices/{id}',
  'PATCH /v1/invoicing',
  'PATCH /v1/mail-settings',
  'PATCH /v1/notes/{id}',
  'PATCH /v1/products/{id}',
  'PATCH /v1/recurring-invoices/{id}',
  'PATCH /v1/smart-lists/{id}',
  'DELETE /v1/smart-lists/{id}',
  'PATCH /v1/work-items/{id}',
  'PATCH /v1/workspace',
];

/** What most readers come for stands first; the rest in the order of the rooms. */
const FIRST_TAGS = ['Contacts', 'Payment methods', 'Charges', 'Payments', 'Invoices', 'Insights', 'Smart lists'];

export interface RouteFacts {
  readonly access: Access;
  /** The body is a file, as multipart/form-data. */
  readonly takesFile: boolean;
}

interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly required?: boolean;
  readonly schema: Record<string, unknown>;
  description?: string;
}

interface Answer {
  description: string;
  headers?: Record<string, { description: string; schema: Record<string, unknown> }>;
  content?: Record<string, { schema: Record<string, unknown> }>;
}

export interface Operation {
  operationId?: string;
  summary?: string;
  description?: string;
  tags?: string[];
  security?: Record<string, string[]>[];
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Record<string, { schema: Record<string, unknown> }> };
  responses: Record<string, Answer | { $ref: string }>;
}

export interface DocumentObject {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: {
    schemas?: Record<string, unknown>;
    responses?: Record<string, unknown>;
    securitySchemes: Record<string, unknown>;
  };
  tags?: { name: string }[];
}

/** `GET /v1/contacts/{id}`, from a route's address in either way of writing parameters. */
export function routeKey(method: string, url: string): string {
  return `${method.toUpperCase()} ${url.replace(/:(\w+)/g, '{$1}')}`;
}

/** The document with everything filled in that its routes have in common. Changes and returns it. */
export function completeDocument(document: DocumentObject, routes: ReadonlyMap<string, RouteFacts>): DocumentObject {
  const tags = new Set<string>();
  for (const [url, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const key = routeKey(method, url);
      const facts = routes.get(key);
      if (!facts) continue;
      for (const tag of operation.tags ?? []) tags.add(tag);
      complete(operation, key, facts);
    }
  }
  document.tags = [...new Set([...FIRST_TAGS, ...tags])].filter((name) => tags.has(name)).map((name) => ({ name }));
  document.components.schemas = { ...document.components.schemas, Problem: problemSchema() };
  document.components.responses = Object.fromEntries(
    [...STATUSES].map(([status, codes]) => [`Problem${status}`, problemAnswer(codes)]),
  );
  return document;
}

function complete(operation: Operation, key: string, { access, takesFile }: RouteFacts): void {
  const [method = '', url = ''] = key.split(' ');
  if (takesFile) operation.requestBody = FILE_BODY;
  nameAnswers(operation, url);
  operation.operationId ??= operationIdOf(method, url, operation);
  operation.security = securityOf(access);
  const words = needsOf(access);
  if (words !== '') operation.description = operation.description ? `${operation.description}\n\n${words}` : words;
  for (const parameter of operation.parameters ?? []) parameter.description ??= PARAMETER_WORDS[parameter.name];
  const headers = [
    ...(MONEY_ROUTES.includes(key) ? [IDEMPOTENCY_KEY] : []),
    ...(VERSIONED_ROUTES.includes(key) ? [IF_MATCH] : []),
  ];
  if (headers.length > 0) operation.parameters = [...(operation.parameters ?? []), ...headers];
  const made = operation.responses['201'];
  if (MONEY_ROUTES.includes(key) && made && 'description' in made) made.headers = { ...REPLAYED };
  for (const status of refusalsOf(operation, key, access)) {
    operation.responses[status] = { $ref: `#/components/responses/Problem${status}` };
  }
}

const IDEMPOTENCY_KEY: Parameter = {
  in: 'header',
  name: 'Idempotency-Key',
  required: true,
  description:
    'Names this movement of money. Make it once, before the first try, and send the same one with every repetition: ' +
    'the answer is then the stored one, marked with the header Idempotent-Replayed. With other input it is refused.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
};

const REPLAYED = {
  'Idempotent-Replayed': {
    description: '“true” when another request with this key came before: the body is its stored answer.',
    schema: { type: 'string', enum: ['true'] },
  },
};

const IF_MATCH: Parameter = {
  in: 'header',
  name: 'If-Match',
  required: false,
  description: 'The ETag that was read. When somebody has changed it since, the edit is refused with edit_conflict.',
  schema: { type: 'string' },
};

const FILE_BODY: NonNullable<Operation['requestBody']> = {
  required: true,
  content: {
    'multipart/form-data': {
      schema: {
        type: 'object',
        required: ['file'],
        properties: { file: { type: 'string', contentMediaType: 'application/octet-stream' } },
      },
    },
  },
};

const PARAMETER_WORDS: Readonly<Record<string, string>> = {
  cursor: 'next_cursor of the page before; absent for the first page.',
  limit: 'Rows on a page.',
  id: 'The public id, with its prefix.',
};

/** Kind of file by the end of the address. */
const FILE_TYPES: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  csv: 'text/csv',
  eml: 'message/rfc822',
  xml: 'application/xml',
  // Whatever it is, it is saved and not shown.
  '{attachment}': 'application/octet-stream',
};

const ANSWER_WORDS: Readonly<Record<string, string>> = {
  200: 'The answer.',
  201: 'Made; this is it.',
  202: 'Begun; it goes on after this answer. Ask again for how far it is.',
  204: 'Done; no content.',
};

function nameAnswers(operation: Operation, url: string): void {
  const fileType = FILE_TYPES[/[./](\w+|\{attachment\})$/.exec(url)?.[1] ?? ''];
  for (const [status, answer] of Object.entries(operation.responses)) {
    if ('$ref' in answer) continue;
    if (answer.description === 'Default Response') answer.description = ANSWER_WORDS[status] ?? answer.description;
    if (fileType && status === '200') answer.content = { [fileType]: { schema: { type: 'string' } } };
  }
}

function securityOf(access: Access): Record<string, string[]>[] {
  if ('public' in access) return [];
  return 'person' in access ? [{ session: [] }] : [{ apiKey: [] }, { session: [] }];
}

function needsOf(access: Access): string {
  if (!('right' in access)) return '';
  const needed = access.switch ? `; the feature \`${access.switch}\` must be on` : '';
  return `Needs the right \`${access.right}\`${needed}.`;
}

/** Statuses of refusals that a request of this shape can meet, beside what is true of every request. */
function refusalsOf(operation: Operation, key: string, access: Access): string[] {
  const changes = !key.startsWith('GET ');
  const takesBody = operation.requestBody !== undefined;
  const hasPathParameter = key.includes('{');
  const hasInput = takesBody || (operation.parameters ?? []).some((parameter) => parameter.in !== 'path');
  return [
    ...(hasInput ? ['400'] : []),
    ...('public' in access && !takesBody ? [] : ['401']),
    ...('right' in access ? ['403'] : []),
    ...(hasPathParameter || 'right' in access ? ['404'] : []),
    ...(changes ? ['409'] : []),
    ...('public' in access ? ['410'] : []),
    ...(VERSIONED_ROUTES.includes(key) ? ['412'] : []),
    ...(takesBody ? ['413', '415'] : []),
    ...(hasInput || hasPathParameter ? ['422'] : []),
    ...('public' in access ? ['429'] : []),
    '500',
    ...(/charges|refunds|lookups|card-forms|payment-methods/.test(key) && changes ? ['502'] : []),
    '503',
  ];
}

/** Every status a refusal can have, with its codes. */
const STATUSES: ReadonlyMap<number, readonly FailureCode[]> = Object.entries(FAILURES).reduce(
  (statuses, [code, { status }]) => statuses.set(status, [...(statuses.get(status) ?? []), code as FailureCode]),
  new Map<number, FailureCode[]>(),
);

function problemSchema(): Record<string, unknown> {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(problem);
  // Some refusals carry facts of their own (a limit, the earlier payment), so more fields may follow.
  return { ...schema, additionalProperties: true };
}

function problemAnswer(codes: readonly FailureCode[]): Answer {
  return {
    description: codes.map((code) => `\`${code}\`: ${FAILURES[code].title}`).join('\n\n'),
    content: {
      'application/problem+json': {
        schema: {
          allOf: [
            { $ref: '#/components/schemas/Problem' },
            { type: 'object', properties: { code: { type: 'string', enum: codes } } },
          ],
        },
      },
    },
  };
}

const VERBS: Readonly<Record<string, string>> = { POST: 'create', PUT: 'change', PATCH: 'edit', DELETE: 'delete' };

/** A name for programs that are generated from the document: POST /v1/contacts/{id}/charges is createContactCharge. */
export function operationIdOf(method: string, url: string, operation: Operation): string {
  const parts = url.replace(/^\/v1\//, '').split('/');
  const last = parts.length - 1;
  const isList = method === 'GET' && answersWithList(operation);
  const nouns = parts.flatMap((part, index) => {
    if (part.startsWith('{')) return [];
    const ofOne = parts[index + 1]?.startsWith('{') || (index === last && method === 'POST');
    return [ofOne ? singular(part) : part];
  });
  const name = nouns.flatMap((noun) => noun.split(/[-.]/)).map((word) => word[0]!.toUpperCase() + word.slice(1));
  return `${isList ? 'list' : (VERBS[method] ?? 'get')}${name.join('')}`;
}

function answersWithList(operation: Operation): boolean {
  const answer = operation.responses['200'];
  const schema = answer && 'content' in answer ? answer.content?.['application/json']?.schema : undefined;
  const data = (schema?.properties as Record<string, { type?: string }> | undefined)?.data;
  return data?.type === 'array';
}

function singular(noun: string): string {
  if (noun.endsWith('ies')) return `${noun.slice(0, -3)}y`;
  return /[^s]s$/.test(noun) ? noun.slice(0, -1) : noun;
}
