import { type App, callerOf, entityTag, expectedVersionOf, uuidFromAddress } from '../workspace/door.ts';
import { idParams, nothing } from './api.ts';
import * as api from './api-catalogue.ts';
import { changeLogo, editInvoicing, LOGO_BYTES_MAX, readInvoicing } from './edit-invoicing.ts';
import { inWorkspaceOf, mayRead, maySet, mayWrite } from './http-context.ts';
import type { InvoicesRoom } from './make-invoices-room.ts';
import {
  createSeries,
  createTax,
  createTerms,
  editSeries,
  editTax,
  editTerms,
  listSeries,
  listTaxes,
  listTerms,
  previewTerms,
} from './write-catalogue.ts';
import { createProduct, editProduct, listProducts } from './write-product.ts';

const tags = ['Invoicing'];

/** Doors of taxes, terms, series and settings. */
export function registerCatalogueDoors(app: App, room: InvoicesRoom): void {
  app.get(
    '/v1/taxes',
    {
      config: mayRead,
      schema: { tags, summary: 'Taxes of the business', operationId: 'listTaxes', response: { 200: api.taxList } },
    },
    async (request) => ({ data: await inWorkspaceOf(room, callerOf(request), listTaxes) }),
  );
  app.post(
    '/v1/taxes',
    {
      config: maySet,
      schema: { tags, summary: 'Add a tax', operationId: 'createTax', body: api.newTax, response: { 201: api.tax } },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      return reply.status(201).send(await inWorkspaceOf(room, caller, (tx) => createTax(tx, caller, request.body)));
    },
  );
  app.patch(
    '/v1/taxes/:id',
    {
      config: maySet,
      schema: {
        tags,
        summary: 'Change the words of a tax; its rate stays, as documents name it',
        operationId: 'editTax',
        params: idParams,
        body: api.taxChanges,
        response: { 200: api.tax },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('tax', request.params.id);
      return inWorkspaceOf(room, caller, (tx) => editTax(tx, caller, id, request.body));
    },
  );
  app.delete(
    '/v1/taxes/:id',
    {
      config: maySet,
      schema: {
        tags,
        summary: 'Take a tax off the list',
        operationId: 'removeTax',
        params: idParams,
        response: { 204: nothing },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('tax', request.params.id);
      await inWorkspaceOf(room, caller, (tx) => editTax(tx, caller, id, null));
      return reply.status(204).send(null);
    },
  );

  app.get(
    '/v1/payment-terms',
    {
      config: mayRead,
      schema: { tags, summary: 'The terms library', operationId: 'listTerms', response: { 200: api.termsList } },
    },
    async (request) => ({ data: await inWorkspaceOf(room, callerOf(request), listTerms) }),
  );
  app.post(
    '/v1/payment-terms',
    {
      config: maySet,
      schema: {
        tags,
        summary: 'Add terms',
        operationId: 'createTerms',
        body: api.newTerms,
        response: { 201: api.terms },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      return reply.status(201).send(await inWorkspaceOf(room, caller, (tx) => createTerms(tx, caller, request.body)));
    },
  );
  app.post(
    '/v1/payment-terms/previews',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'The due dates that terms give',
        operationId: 'previewTerms',
        body: api.termsPreviewBody,
        response: { 200: api.termsPreview },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      return inWorkspaceOf(room, caller, (tx) => previewTerms(tx, caller, request.body));
    },
  );
  app.patch(
    '/v1/payment-terms/:id',
    {
      config: maySet,
      schema: {
        tags,
        summary: 'Change terms for documents to come',
        operationId: 'editTerms',
        params: idParams,
        body: api.termsChanges,
        response: { 200: api.terms },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('terms', request.params.id);
      return inWorkspaceOf(room, caller, (tx) => editTerms(tx, caller, id, request.body));
    },
  );
  app.delete(
    '/v1/payment-terms/:id',
    {
      config: maySet,
      schema: {
        tags,
        summary: 'Take terms off the list',
        operationId: 'removeTerms',
        params: idParams,
        response: { 204: nothing },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('terms', request.params.id);
      await inWorkspaceOf(room, caller, (tx) => editTerms(tx, caller, id, null));
      return reply.status(204).send(null);
    },
  );

  app.get(
    '/v1/number-series',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'Series of document numbers',
        operationId: 'listSeries',
        response: { 200: api.seriesList },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      return { data: await inWorkspaceOf(room, caller, (tx) => listSeries(tx, caller)) };
    },
  );
  app.post(
    '/v1/number-series',
    {
      config: maySet,
      schema: {
        tags,
        summary: 'Add a series',
        operationId: 'createSeries',
        body: api.newSeries,
        response: { 201: api.series },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      return reply.status(201).send(await inWorkspaceOf(room, caller, (tx) => createSeries(tx, caller, request.body)));
    },
  );
  app.patch(
    '/v1/number-series/:id',
    {
      config: maySet,
      schema: {
        tags,
        summary: 'Rename a series, make it the default, or close it for good',
        operationId: 'editSeries',
        params: idParams,
        body: api.seriesChanges,
        response: { 200: api.series },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('series', request.params.id);
      return inWorkspaceOf(room, caller, (tx) => editSeries(tx, caller, id, request.body));
    },
  );
}

/** Doors of the product list and of how the business invoices. */
export function registerInvoicingDoors(app: App, room: InvoicesRoom): void {
  app.get(
    '/v1/products',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'Products by name',
        operationId: 'listProducts',
        querystring: api.listProductsQuery,
        response: { 200: api.productList },
      },
    },
    async (request) => inWorkspaceOf(room, callerOf(request), (tx) => listProducts(tx, request.query)),
  );
  app.post(
    '/v1/products',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Add a product',
        operationId: 'createProduct',
        body: api.newProduct,
        response: { 201: api.product },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const answer = await inWorkspaceOf(room, caller, (tx) => createProduct(tx, caller, request.body));
      entityTag(reply, answer.version);
      return reply.status(201).send(answer);
    },
  );
  app.patch(
    '/v1/products/:id',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Change a product for documents to come',
        operationId: 'editProduct',
        params: idParams,
        body: api.productChanges,
        response: { 200: api.product },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('product', request.params.id);
      const version = expectedVersionOf(request);
      const answer = await inWorkspaceOf(room, caller, (tx) => editProduct(tx, caller, id, request.body, version));
      entityTag(reply, answer.version);
      return answer;
    },
  );
  app.delete(
    '/v1/products/:id',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Take a product off the list',
        operationId: 'removeProduct',
        params: idParams,
        response: { 204: nothing },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('product', request.params.id);
      await inWorkspaceOf(room, caller, (tx) => editProduct(tx, caller, id, null, null));
      return reply.status(204).send(null);
    },
  );

  app.get(
    '/v1/invoicing',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'How the business invoices',
        operationId: 'getInvoicing',
        response: { 200: api.invoicingSettings },
      },
    },
    async (request, reply) => {
      const answer = await inWorkspaceOf(room, callerOf(request), readInvoicing);
      entityTag(reply, answer.version);
      return answer;
    },
  );
  app.patch(
    '/v1/invoicing',
    {
      config: maySet,
      schema: {
        tags,
        summary: 'Change how the business invoices, for documents to come',
        operationId: 'editInvoicing',
        body: api.invoicingSettingsChanges,
        response: { 200: api.invoicingSettings },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const version = expectedVersionOf(request);
      const answer = await inWorkspaceOf(room, caller, (tx) => editInvoicing(tx, caller, request.body, version));
      entityTag(reply, answer.version);
      return answer;
    },
  );
  app.put(
    '/v1/invoicing/logo',
    {
      config: maySet,
      // Base 64 takes a third more.
      bodyLimit: LOGO_BYTES_MAX * 2,
      schema: {
        tags,
        summary: 'Keep a logo, or take it away (null)',
        operationId: 'changeLogo',
        body: api.newLogo,
        response: { 204: nothing },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const bytes = request.body.logo === null ? null : Buffer.from(request.body.logo, 'base64');
      await inWorkspaceOf(room, caller, (tx) => changeLogo(tx, caller, bytes));
      return reply.status(204).send(null);
    },
  );
}
