#!/usr/bin/env node
// `npm run screenshots`: starts the built program on an empty data folder, fills it with the sample business, and takes
// the pictures of the README into docs/screenshots. `-- contact home` takes those whose names begin so.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { requireNode } from './fresh.mjs';
import { root } from './stale.mjs';

const FOLDER = join(root, 'docs', 'screenshots');
const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const OWNER = 'olive@harbour.example';
const WORKSPACE = 'Harbour Studio';
/** Long enough for a slow machine; a page that takes longer is worth stopping for. */
const PATIENCE_MS = 60_000;
/** Larger pictures make a slow page of the README. */
const BYTES_MAX = 200_000;

/** Payments as somebody's old system might write them out: some lines cannot be used. */
const OLD_PAYMENTS = [
  'reference,customer number,date,amount,currency,method,description',
  ...Array.from({ length: 48 }, (_, index) => {
    const day = `2025-${String(1 + (index % 12)).padStart(2, '0')}-${String(3 + (index % 25)).padStart(2, '0')}`;
    return `OLD-${1001 + index},C-${1 + (index % 9)},${day},${40 + index * 3}.50,USD,card,Session ${index + 1}`;
  }),
  'OLD-1060,C-3,2025-02-30,80.00,USD,card,A day that does not exist',
  'OLD-1061,C-4,2025-03-04,ninety,USD,card,An amount in words',
].join('\n');

requireNode();
const wanted = process.argv.slice(2);
const dataFolder = mkdtempSync(join(tmpdir(), 'counterfoil-pictures-'));
const children = [];
let browser = null;
try {
  await takePictures();
} finally {
  await browser?.close();
  for (const child of children) {
    child.kill('SIGINT');
    await new Promise((resolve) => child.once('close', resolve));
  }
  rmSync(dataFolder, { recursive: true, force: true });
}

async function takePictures() {
  const address = await startProgram();
  const made = setUp();
  const api = apiOf(address, made.api_key.token);
  await fillSample(api);
  const scene = await makeScene(api);
  browser = await launchBrowser();
  const light = await signIn(made.sign_in_link, { viewport: DESKTOP, colorScheme: 'light' });
  const at = (path) => `${address}/w/${made.workspace.id}/${path}`;
  mkdirSync(FOLDER, { recursive: true });

  await picture(light, 'home', at(''));
  await picture(light, 'contacts', at('contacts'));
  await picture(light, 'contact', at(`contacts/${scene.contact}`));
  await picture(light, 'transactions', at('payments/transactions'));
  await picture(light, 'transaction', at(`payments/transactions/${scene.payment}`));
  await picture(light, 'import', at(`imports/${scene.importId}`), 'What would be written');
  await picture(light, 'settings', at('settings/payments'));
  await pictureOfCharge(light, at(`contacts/${scene.contact}`));

  const state = await light.context().storageState();
  const dark = await openPage({ viewport: DESKTOP, colorScheme: 'dark', storageState: state });
  await picture(dark, 'contact-dark', at(`contacts/${scene.contact}`));
  await picture(dark, 'transactions-dark', at('payments/transactions'));
  const phone = await openPage({
    viewport: PHONE,
    colorScheme: 'light',
    storageState: state,
    isMobile: true,
    hasTouch: true,
  });
  await picture(phone, 'phone-home', at(''));
  await picture(phone, 'phone-contact', at(`contacts/${scene.contact}`));
  await picture(phone, 'phone-transactions', at('payments/transactions'));
}

/** Starts the program like anybody would, on a port that is free. Returns its address. */
function startProgram() {
  const args = [join(root, 'scripts', 'start.mjs'), '--data', dataFolder, '--port', '0'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env: environment() });
  children.push(child);
  return new Promise((resolve, reject) => {
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      printed += text;
      const found = /running at (\S+)/.exec(printed);
      if (found) resolve(found[1]);
    });
    child.once('close', () => reject(new Error(`The program ended before it ran: ${printed}`)));
  });
}

function setUp() {
  const script = join(root, 'scripts', 'run.mjs');
  const words = ['setup', '--owner', OWNER, '--workspace', WORKSPACE, '--json', '--data', dataFolder];
  const done = spawnSync(process.execPath, [script, ...words], { encoding: 'utf8', env: environment() });
  if (done.status !== 0) throw new Error(`The set-up failed: ${done.stderr}`);
  return JSON.parse(done.stdout);
}

/** Settings of whoever takes the pictures must not lead the program to their own data. */
function environment() {
  const { DATABASE_URL: _url, DATABASE_APP_URL: _appUrl, PUBLIC_URL: _public, ...others } = process.env;
  return others;
}

function apiOf(address, token) {
  return async (method, path, { body, key, form } = {}) => {
    const response = await fetch(`${address}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(key ? { 'idempotency-key': key } : {}),
      },
      body: form ?? (body && JSON.stringify(body)),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
}

async function fillSample(api) {
  await api('POST', '/v1/sample-business');
  await until('the sample business', async () => {
    const { present, progress } = await api('GET', '/v1/sample-business');
    return present && progress === null;
  });
}

async function until(what, isDone) {
  const endsAt = performance.now() + PATIENCE_MS;
  while (!(await isDone())) {
    if (performance.now() > endsAt) throw new Error(`${what} took too long.`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** What the pictures show: a regular with several cards, a payment with a refund, an import that was checked. */
async function makeScene(api) {
  const { data: top } = await api('GET', '/v1/top-contacts?limit=100');
  const { id: contact } = await firstOf(top, (candidate) => isRegular(api, candidate));
  for (const test_method of ['approved_amex', 'declined_insufficient_funds'])
    await api('POST', `/v1/contacts/${contact}/sandbox-methods`, { body: { test_method } });
  const { data: refunds } = await api('GET', '/v1/payments?kind=refund&status=settled&limit=1');
  const form = new FormData();
  form.append('file', new Blob([OLD_PAYMENTS], { type: 'text/csv' }), 'old-system-payments.csv');
  const { id: importId } = await api('POST', '/v1/imports?kind=payments', { form });
  await api('POST', `/v1/imports/${importId}/check`);
  await until('the dry run', async () => (await api('GET', `/v1/imports/${importId}`)).status !== 'checking');
  return { contact, payment: refunds[0].parent_id, importId };
}

/** Somebody whose card can be charged and who was given money back once: every part of the page has something to show. */
async function isRegular(api, { id }) {
  const { data: methods } = await api('GET', `/v1/contacts/${id}/payment-methods`);
  if (methods.length !== 1 || methods[0].state !== 'usable' || methods[0].brand !== 'visa') return false;
  const values = await api('GET', `/v1/contacts/${id}/lifetime-value`);
  const [value] = values.data;
  return value.refunded_minor > 0 && value.payment_count > 15;
}

async function firstOf(candidates, isRight) {
  for (const candidate of candidates) if (await isRight(candidate)) return candidate;
  return candidates[0];
}

/** The browser of the tests, so that a picture needs none installed. */
async function launchBrowser() {
  const program = join(root, 'dist', 'screenshots', 'browser.js');
  await build({
    entryPoints: [join(root, 'tests', 'setup', 'browser.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  const { launchBrowser: launch } = await import(pathToFileURL(program).href);
  return launch();
}

async function openPage(options) {
  const context = await browser.newContext({ locale: 'en-US', reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  return context.newPage();
}

async function signIn(link, options) {
  const page = await openPage(options);
  await page.goto(link);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation').first().waitFor();
  return page;
}

/** One picture of a page; with `heading`, of the part that begins there. */
async function picture(page, name, url, heading) {
  if (!isWanted(name)) return;
  await page.goto(url);
  await settle(page);
  if (heading) {
    const start = page.getByRole('heading', { name: heading });
    await start.evaluate((element) => element.scrollIntoView({ block: 'start' }));
    await page.evaluate(() => scrollBy(0, -80));
  }
  await keep(page, name);
}

/** A charge from the amount to the decline, as a person does it. */
async function pictureOfCharge(page, url) {
  if (!isWanted('charge-confirm') && !isWanted('charge-declined')) return;
  await page.goto(url);
  await settle(page);
  await page.getByRole('button', { name: 'Charge now' }).first().click();
  await page.getByRole('textbox', { name: 'Amount' }).fill('120');
  await page.getByRole('combobox', { name: 'Description' }).fill('Consultation');
  await page.keyboard.press('Tab');
  const sheet = page.getByRole('dialog');
  await sheet.getByRole('radio', { name: /9995/ }).check();
  await sheet.getByRole('button', { name: /^Continue/ }).click();
  const confirm = sheet.getByRole('button', { name: /^Confirm/ });
  await confirm.waitFor();
  await settle(page);
  await keep(page, 'charge-confirm');
  await confirm.click();
  await sheet.getByText('declined', { exact: false }).first().waitFor();
  await settle(page);
  await keep(page, 'charge-declined');
}

/** Nothing is loading and nothing moves any more. */
async function settle(page) {
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
}

async function keep(page, name) {
  const path = join(FOLDER, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
  const { size } = statSync(path);
  if (size > BYTES_MAX) throw new Error(`${name}.png has ${size} bytes, more than ${BYTES_MAX}.`);
  console.log(`${name}.png ${Math.round(size / 1000)} kB`);
}

function isWanted(name) {
  return wanted.length === 0 || wanted.some((beginning) => name.startsWith(beginning));
}
