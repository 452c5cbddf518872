import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, expect } from 'vitest';
import type { GatewaySettings } from '../../src/app/config.ts';
import { type RunningServer, startServer } from '../../src/app/server.ts';
import { type Clock, pause, systemClock } from '../../src/foundation/clock.ts';
import { fromPublicId } from '../../src/foundation/id.ts';
import { makeDocumentLink } from '../../src/messages/make-document-link.ts';
import { systemCaller } from '../../src/workspace/caller.ts';
import { makeOwnerLink } from '../../src/workspace/make-sign-in-link.ts';
import { readWorkspaceFacts } from '../../src/workspace/read-facts.ts';
import { setUpHeadless } from '../../src/workspace/set-up-headless.ts';
import { launchBrowser } from './browser.ts';
import { makeTestDatabase } from './database.ts';
import { TEST_SECRET } from './server.ts';

const WEB_FOLDER = join(import.meta.dirname, '../../dist/web');
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** What a person would wait for, on a machine that does other things too. */
export const PATIENCE_MS = 30_000;

/** A place to try the product in: the whole program with its built pages, listening, and a real browser. */
export interface Journey {
  readonly address: string;
  /** The rooms of the running program, for what it does by itself and a journey does not wait for. */
  readonly rooms: RunningServer['rooms'];
  /** The address of a document's page, as a message would carry it. */
  documentLink(workspace: JourneyWorkspace, documentId: string): Promise<string>;
  /** A workspace with its owner; `signIn` opens a page of theirs, already signed in by a one-time link. */
  workspace(name: string, mode?: 'sandbox' | 'live'): Promise<JourneyWorkspace>;
  /** A page of somebody who is not signed in. */
  open(options?: BrowserContextOptions): Promise<Page>;
  /** The link that the start of the program prints while nobody has an account. */
  ownerLink(): Promise<string>;
}

export interface JourneyWorkspace {
  readonly id: string;
  signIn(options?: BrowserContextOptions): Promise<Page>;
  /** A request over the public API with a key that may do everything; the answer as it came. Throws on a refusal. */
  api<T>(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T>;
  /** A document or an export over the public API. */
  file(path: string): Promise<Buffer>;
  /** Makes a contact with saved test cards. */
  contact(name: string, ...testMethods: string[]): Promise<{ id: string; cards: { id: string }[] }>;
}

/** Starts everything; ended after the file. Call it once at the top of the file. */
export async function startJourney(options: { gateways?: GatewaySettings; clock?: Clock } = {}): Promise<Journey> {
  if (!existsSync(join(WEB_FOLDER, 'index.html'))) throw new Error('The pages are not built: run npm run build first.');
  const dataFolder = mkdtempSync(join(tmpdir(), 'counterfoil-journey-'));
  // First, because unpacking and starting it keeps this process from everything else for seconds.
  const browser: Browser = await launchBrowser();
  const database = await makeTestDatabase();
  const server = await startServer({
    database,
    secret: TEST_SECRET,
    logLevel: 'silent',
    webFolder: WEB_FOLDER,
    dataFolder,
    ...options,
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
    await database.drop();
    rmSync(dataFolder, { recursive: true, force: true });
  });

  // What a failed journey saw last says more than the line it waited at.
  const seen = new Set<Page>();
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') {
      for (const page of seen) {
        const text = await page.innerText('body', { timeout: 5000 }).catch((error: Error) => error.message);
        console.error(`${page.url()} shows:\n${text}`);
      }
    }
    seen.clear();
  });

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 900 }, ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    seen.add(page);
    page.once('close', () => seen.delete(page));
    page.on('pageerror', (error) => {
      // A broken page must not hide behind the part of it that still works.
      console.error(`The page threw: ${error.stack ?? error.message}`);
    });
    return page;
  }

  await whenNotBusy(() => fetch(`${server.address}/healthz`));

  const from = () => ({ now: systemClock.now(), publicUrl: server.address });
  return {
    address: server.address,
    rooms: server.rooms,
    open,
    async documentLink(workspace, documentId) {
      const workspaceId = fromPublicId('workspace', workspace.id)!;
      const facts = await readWorkspaceFacts(database, workspaceId);
      const caller = systemCaller(facts!, systemClock.now());
      const about = { kind: 'invoice', id: fromPublicId('invoice', documentId)! } as const;
      const { url } = await database.inWorkspace(workspaceId, (tx) =>
        makeDocumentLink(tx, caller, about, server.address),
      );
      return url;
    },
    async ownerLink() {
      const link = await makeOwnerLink(database, from());
      if (!link) throw new Error('Somebody has an account already.');
      return link.url;
    },
    async workspace(name, mode = 'sandbox') {
      const wanted = {
        ...from(),
        ownerEmail: `owner.of.${name.toLowerCase().replace(/[^a-z]+/g, '.')}@example.com`,
        workspaceName: name,
        mode,
        currency: 'USD',
        timeZone: 'UTC',
      };
      const { apiKey } = await setUpHeadless(database, wanted);

      const api: JourneyWorkspace['api'] = async (method, path, body) => {
        const key = crypto.randomUUID();
        const ask = () =>
          fetch(server.address + path, {
            method,
            headers: {
              authorization: `Bearer ${apiKey}`,
              'idempotency-key': key,
              ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            },
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          });
        const answer = await whenNotBusy(ask);
        const text = await answer.text();
        if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
        return text === '' ? undefined : JSON.parse(text);
      };
      return {
        id: (await api<{ id: string }>('GET', '/v1/workspace')).id,
        api,
        async file(path) {
          const answer = await whenNotBusy(() =>
            fetch(server.address + path, { headers: { authorization: `Bearer ${apiKey}` } }),
          );
          if (!answer.ok) throw new Error(`GET ${path}: ${answer.status}`);
          return Buffer.from(await answer.arrayBuffer());
        },
        async signIn(options) {
          // A new link each time: one link signs in once.
          const { signInUrl } = await setUpHeadless(database, { ...wanted, ...from() });
          const page = await open(options);
          await page.goto(signInUrl);
          await page.getByRole('button', { name: 'Sign in' }).click();
          await page.waitForURL(/\/w\/wsp_/);
          return page;
        },
        async contact(contactName, ...testMethods) {
          const email = `${contactName.toLowerCase().replace(/[^a-z]+/g, '.')}@example.com`;
          const { id } = await api<{ id: string }>('POST', '/v1/contacts', { name: contactName, email });
          const cards: { id: string }[] = [];
          for (const test_method of testMethods) {
            cards.push(await api('POST', `/v1/contacts/${id}/sandbox-methods`, { test_method }));
          }
          return { id, cards };
        },
      };
    },
  };
}

/** Asks again while the server says that it is busy, as it asks of programs. Server and test share one process here. */
async function whenNotBusy(ask: () => Promise<Response>): Promise<Response> {
  for (let left = 20; ; left -= 1) {
    const answer = await ask();
    if (answer.status !== 503 || left === 0) return answer;
    await pause(500);
  }
}

/**
 * Runs in the page. What still fades in or out has not its colours yet: so one looks when nothing moves, and still nothing
 * moves two frames later. A list that hangs from its field stands beside the landmarks, where it is tied to the field by
 * aria-controls: it is no content of the page.
 */
const LOOK_FOR_VIOLATIONS = `(async () => {
  const moving = () => document.getAnimations()
    .filter((one) => one.playState === 'running' && one.effect?.getComputedTiming().iterations !== Infinity);
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  for (let still = 0; still < 2; ) {
    const running = moving();
    await Promise.all(running.map((one) => one.finished.catch(() => null)));
    await frame();
    still = running.length === 0 ? still + 1 : 0;
  }
  const { violations } = await axe.run(document, { iframes: false, resultTypes: ['violations'] });
  const isHanging = (id, node) => id === 'region' &&
    (document.querySelector(node.target.join(' '))?.classList.contains('mantine-Popover-dropdown') ?? true);
  return violations
    .map((one) => ({ ...one, nodes: one.nodes.filter((node) => !isHanging(one.id, node)) }))
    .filter(({ nodes }) => nodes.length > 0)
    .map(({ id, help, nodes }) => id + ': ' + help + nodes.slice(0, 4)
    .map((node) => '\\n    ' + node.html.slice(0, 300) + ' ' + [...node.any, ...node.all].map((one) => one.message).join('; ')).join(''));
})()`;

/** Fails when the page that is open has anything that people with a screen reader or a keyboard would stumble over. */
export async function expectAccessible(page: Page): Promise<void> {
  // Every page has one; before it says something, there is nothing to look at yet.
  await page.locator('h1').filter({ hasText: /\S/ }).first().waitFor({ state: 'attached' });
  await page.evaluate(AXE);
  const violations = await page.evaluate<string[]>(LOOK_FOR_VIOLATIONS);
  expect(violations, new URL(page.url()).pathname).toEqual([]);
}

/** Waits until something that can be seen says so. */
export async function expectSeen(page: Page, text: string | RegExp): Promise<void> {
  await page.getByText(text).first().waitFor({ state: 'visible' });
}
