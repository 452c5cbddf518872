import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { BrokenAssumption } from '../foundation/assert.ts';
import { maskCardNumbers } from '../foundation/card-number.ts';
import { sqlStateOf } from '../foundation/database.ts';
import { Failure, type FailureCode, type FieldProblem, toProblem } from '../foundation/failure.ts';
import type { App } from '../workspace/door.ts';

const CODES_OF_FASTIFY: Record<string, FailureCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed_request',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed_request',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed_request',
  FST_REQ_FILE_TOO_LARGE: 'payload_too_large',
  FST_INVALID_MULTIPART_CONTENT_TYPE: 'unsupported_media_type',
  FST_ERR_BAD_URL: 'malformed_request',
};

/** Every error becomes problem+json with a stable code; what is our own fault is logged and told without its insides. */
export function answerProblems(app: App): void {
  app.setErrorHandler((error, request, reply) => {
    // Doors outside the API read their addresses themselves: what is none of theirs leads nowhere.
    const leadsNowhere = error instanceof z.ZodError && !request.url.startsWith('/v1/');
    const failure = leadsNowhere ? new Failure('not_found') : asFailure(error);
    if (failure.status >= 500 && failure.code !== 'overloaded') {
      const { id, method, routeOptions } = request;
      request.log.error({ err: error, request: id, method, route: routeOptions.url }, 'request failed');
    }
    if (failure.code === 'rate_limited') reply.header('retry-after', '1');
    return reply
      .status(failure.status)
      .header('content-type', 'application/problem+json; charset=utf-8')
      .serializer((body: unknown) => JSON.stringify(body))
      .send(toProblem(failure));
  });
  app.setNotFoundHandler(() => {
    throw new Failure('not_found');
  });
}

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const fields: FieldProblem[] = error.validation.map((issue) => ({
      path: issue.instancePath.replace(/^\//, '').replaceAll('/', '.') || error.validationContext || 'body',
      message: maskCardNumbers(issue.message ?? 'not accepted'),
    }));
    return new Failure('invalid_request', describe(fields), { fields });
  }
  if (error instanceof BrokenAssumption) return new Failure('internal_error');
  // Text with a null character, or a value no column can hold, that slipped past the schemas: refused, not a fault.
  const sqlState = sqlStateOf(error);
  if (sqlState === '22021' || sqlState === '22P05')
    return new Failure('malformed_request', 'The text has characters that cannot be stored.');
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  const known = code ? CODES_OF_FASTIFY[code] : undefined;
  if (known) return new Failure(known);
  if (statusCode === 429) return new Failure('rate_limited');
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return new Failure('malformed_request');
  return new Failure('internal_error');
}

function describe(fields: readonly FieldProblem[]): string {
  const [first] = fields;
  return first ? `${first.path}: ${first.message}` : 'Something in the request is not as it should be.';
}
