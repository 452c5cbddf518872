/** One refused field of a request: JSON path of the input and what would be accepted. */
export interface ProblemField {
  readonly path: string;
  readonly message: string;
}

/** A refusal of the server (problem+json). `detail` is written for the person and says what to do next. */
export class ApiProblem extends Error {
  override name = 'ApiProblem';
  readonly status: number;
  /** Stable word from the server's table of failures; compare with this, never with the text. */
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly fields: readonly ProblemField[];
  /** Whether the same request can succeed later unchanged. */
  readonly retry: boolean;
  /** Everything else that the problem carried, as it came. */
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(status: number, body: Record<string, unknown>) {
    const title = typeof body.title === 'string' ? body.title : 'The server refused the request.';
    const detail = typeof body.detail === 'string' ? body.detail : title;
    super(detail);
    this.status = status;
    this.code = typeof body.code === 'string' ? body.code : 'unknown_problem';
    this.title = title;
    this.detail = detail;
    this.fields = Array.isArray(body.fields) ? body.fields.filter(isProblemField) : [];
    this.retry = body.retry === true;
    this.facts = body;
  }
}

/** No answer came: offline, the server stopped, or the connection broke. Whether the request was carried out is not known. */
export class NetworkFailure extends Error {
  override name = 'NetworkFailure';
}

/** An answer came that is not what its schema promises: the page and the server are of different versions. */
export class AnswerMismatch extends Error {
  override name = 'AnswerMismatch';
}

function isProblemField(value: unknown): value is ProblemField {
  return (
    typeof value === 'object' &&
    value !== null &&
    'path' in value &&
    'message' in value &&
    typeof value.path === 'string' &&
    typeof value.message === 'string'
  );
}

/** One sentence for a person about any error: what happened and what to do. */
export function describeError(error: unknown): string {
  if (error instanceof ApiProblem) return error.detail;
  if (error instanceof NetworkFailure) return 'The server could not be reached. Check the connection and try again.';
  if (error instanceof AnswerMismatch) return 'This page is older than the server. Reload it and try again.';
  return 'Something went wrong on this page. Reload it and try again; nothing on the server was changed by this.';
}

/**
 * The refused fields as Mantine forms want them ("address.city" → message). Paths are taken as the server wrote them,
 * with brackets read as dots.
 */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof ApiProblem)) return {};
  return Object.fromEntries(
    error.fields.map((field) => [field.path.replace(/^body\.?/, '').replace(/\[(\d+)\]/g, '.$1'), field.message]),
  );
}
