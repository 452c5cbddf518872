import { Readable } from 'node:stream';
import { z } from 'zod';
import { Failure } from '../foundation/failure.ts';
import { isTimeZone } from '../foundation/local-date.ts';
import { type App, callerOf, uuidFromAddress } from '../workspace/door.ts';
import * as api from './api.ts';
import { FILE_BYTES_MAX } from './import.ts';
import { findImport, type ImportsContext } from './open-import.ts';
import { importJson, listImports, previewImport, readImportRecord, streamReports } from './read-import.ts';
import { removeImportFile } from './remove-import-files.ts';
import type { ImportRunner } from './run-imports.ts';
import { mapImport, type SettingsChange, startCheck, startCommit, startUndo } from './start-import.ts';
import { fileTooLarge, uploadImport } from './upload-import.ts';

const config = { access: { right: 'import' } } as const;
const tags = ['Imports'];

/** What a form adds to the file that it carries: boundaries and names. */
const FORM_BYTES_MAX = 65_536;

/** Doors for bringing in files. What takes long runs beside requests: ask GET /v1/imports/{id} how far it is. */
export function registerImportsRoom(app: App, context: ImportsContext, runner: ImportRunner): void {
  app.addHook('onClose', () => runner.stop());
  registerReading(app, context);
  registerUpload(app, context);
  registerSteps(app, context, runner);
}

function registerReading(app: App, context: ImportsContext) {
  app.get(
    '/v1/imports',
    {
      config,
      schema: {
        tags,
        summary: 'Imports, newest first',
        operationId: 'listImports',
        querystring: api.importListQuery,
        response: { 200: api.importPage },
      },
    },
    (request) => listImports(context, callerOf(request).workspace.id, request.query),
  );

  app.get(
    '/v1/imports/:id',
    {
      config,
      schema: {
        tags,
        summary: 'One import: status, progress and tie-out',
        operationId: 'readImport',
        params: api.importParams,
        response: { 200: api.importRecord },
      },
    },
    (request) =>
      readImportRecord(context, callerOf(request).workspace.id, uuidFromAddress('import', request.params.id)),
  );

  app.get(
    '/v1/imports/:id/preview',
    {
      config,
      schema: {
        tags,
        summary: 'The first rows and how they are understood',
        operationId: 'previewImport',
        params: api.importParams,
        response: { 200: api.importPreview },
      },
    },
    (request) => previewImport(context, callerOf(request).workspace.id, uuidFromAddress('import', request.params.id)),
  );

  app.get(
    '/v1/imports/:id/errors.csv',
    {
      config,
      schema: {
        tags,
        summary: 'What was refused, left out or changed, line by line, as CSV',
        operationId: 'readImportErrors',
        params: api.importParams,
        response: { 200: z.any().describe('text/csv') },
      },
    },
    async (request, reply) => {
      const { id: workspaceId } = callerOf(request).workspace;
      const id = uuidFromAddress('import', request.params.id);
      await context.database.inWorkspace(workspaceId, (tx) => findImport(tx, id));
      return reply
        .header('content-type', 'text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="import-errors.csv"')
        .send(Readable.from(streamReports(context, workspaceId, id)));
    },
  );
}

function registerUpload(app: App, context: ImportsContext) {
  app.post(
    '/v1/imports',
    {
      config,
      schema: {
        tags,
        summary: 'Send a CSV file (multipart/form-data, one file); it may be compressed with gzip',
        operationId: 'uploadImport',
        consumes: ['multipart/form-data'],
        querystring: api.uploadQuery,
        response: { 201: api.importRecord },
      },
    },
    async (request, reply) => {
      if (Number(request.headers['content-length'] ?? 0) > FILE_BYTES_MAX + FORM_BYTES_MAX) {
        // Said before the first byte is read; what is still on its way has nobody to read it.
        reply.header('connection', 'close');
        throw fileTooLarge();
      }
      if (!request.isMultipart()) throw new Failure('unsupported_media_type', 'Send the file as multipart/form-data.');
      const part = await request.file();
      if (!part) {
        throw new Failure('invalid_request', 'A file is needed.', {
          fields: [{ path: 'file', message: 'A CSV file is expected.' }],
        });
      }
      const file = { name: part.filename, stream: part.file, truncated: () => part.file.truncated };
      const row = await uploadImport(context, callerOf(request), request.query.kind, file);
      return reply.status(201).send(importJson(row));
    },
  );

  app.patch(
    '/v1/imports/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Say what the columns are and how the file is read',
        operationId: 'mapImport',
        params: api.importParams,
        body: api.importChanges,
        response: { 200: api.importRecord },
      },
    },
    async (request) => {
      const id = uuidFromAddress('import', request.params.id);
      return importJson(await mapImport(context, callerOf(request), id, changeOf(request.body)));
    },
  );
}

function registerSteps(app: App, context: ImportsContext, runner: ImportRunner) {
  const steps = [
    ['check', 'Dry run: read all of it, tie out the totals, write nothing', 'checkImport', startCheck],
    ['commitment', 'Write what was checked', 'commitImport', startCommit],
    ['undo', 'Take back everything this import wrote', 'undoImport', startUndo],
  ] as const;
  for (const [noun, summary, operationId, start] of steps) {
    app.post(
      `/v1/imports/:id/${noun}`,
      { config, schema: { tags, summary, operationId, params: api.importParams, response: { 202: api.importRecord } } },
      async (request, reply) => {
        const caller = callerOf(request);
        const row = await start(context, caller, uuidFromAddress('import', (request.params as { id: string }).id));
        runner.wake(caller.workspace.id, row.id);
        return reply.status(202).send(importJson(row));
      },
    );
  }

  app.delete(
    '/v1/imports/:id/file',
    {
      config,
      schema: {
        tags,
        summary: 'Give up a file that is not imported: it is removed from the server',
        operationId: 'removeImportFile',
        params: api.importParams,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await removeImportFile(context, callerOf(request), uuidFromAddress('import', request.params.id));
      return reply.status(204).send(null);
    },
  );
}

/** The body as the verb takes it: only what was given. */
function changeOf(body: api.ImportChanges): SettingsChange {
  if (body.time_zone !== undefined && !isTimeZone(body.time_zone)) {
    throw new Failure('invalid_request', undefined, {
      fields: [{ path: 'time_zone', message: 'A time zone such as Europe/London is expected.' }],
    });
  }
  const given = <Name extends string, Value>(name: Name, value: Value | undefined) =>
    (value === undefined ? {} : { [name]: value }) as { [N in Name]?: Value };
  return {
    ...given('mapping', body.mapping),
    ...given('currency', body.currency),
    ...given('timeZone', body.time_zone),
    ...given('dateOrder', body.date_order),
    ...given('decimalMark', body.decimal_mark),
    ...given('salesAs', body.sales_as),
    ...given('paidBy', body.paid_by),
    dialect: {
      ...given('encoding', body.encoding),
      ...given('separator', body.separator),
      ...given('hasHeader', body.has_header),
    },
  };
}
