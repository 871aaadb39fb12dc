// What the tests of the pages share: a CRM on a free port with a small demo or
// a config of the test's own, Debian's Chromium, signing in.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'node:test';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
export const BIN = process.env.HKL_BIN;
export const SOURCE = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');  // Debian 12 has Node 18
export const PASSWORD = 'hookline-demo';
const PATIENCE_MS = 300000; // a year of the demo on a busy machine

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
export async function until(what, check, patience = 30000) {
  const end = Date.now() + patience;
  for (;;) {
    const found = await check();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${patience / 1000} s in vain: ${what}`);
    await sleep(100);
  }
}

export class Crm {
  constructor(folder, child) {
    this.folder = folder;
    this.child = child;
    this.log = '';
    child.stderr.on('data', (text) => { this.log += text; });
    child.stdout.on('data', (text) => { this.log += text; });
  }
  // `words` after the program's name; the folder is made and taken away here.
  static async start(words, prepare = () => {}) {
    const folder = mkdtempSync(path.join(tmpdir(), 'hookline-crm-'));
    await prepare(folder);
    const portFile = path.join(folder, 'address');
    const child = spawn(path.join(BIN, 'hookline-crm'), ['--config', path.join(folder, 'hookline.yaml'), '--listen', '127.0.0.1:0', '--port-file', portFile, '--requests-per-minute', '100000', ...words]);
    const crm = new Crm(folder, child);
    await until('the CRM opens its port', () => {
      if (child.exitCode !== null) throw new Error(`hookline-crm ended: ${crm.log}`);
      return existsSync(portFile);
    }, PATIENCE_MS);
    crm.url = readFileSync(portFile, 'utf8').trim();
    return crm;
  }
  static demo(days = 7, more = ['--demo-quiet']) {
    return Crm.start(['--demo', '--demo-days', String(days), ...more]);
  }
  async stop() {
    this.child.kill('SIGTERM');
    await new Promise((done) => (this.child.exitCode !== null ? done() : this.child.once('exit', done)));
    rmSync(this.folder, { recursive: true, force: true });
  }
  addUser(words, password) {
    const done = spawnSync(path.join(BIN, 'hookline-crm'), ['add-user', '--config', path.join(this.folder, 'hookline.yaml'), ...words], { input: `${password}\n` });
    if (done.status !== 0) throw new Error(done.stderr.toString());
  }
  // A session without a browser: {cookie, csrf, get, post}.
  async session(login = 'admin', password = PASSWORD, cookie = '') {
    const reply = await fetch(`${this.url}/crm/session`, { method: 'POST', headers: { 'Content-Type': 'application/json', ...(cookie ? { Cookie: cookie } : {}) }, body: JSON.stringify({ login, password }) });
    const user = await reply.json();
    const own = reply.headers.get('set-cookie')?.split(';')[0];
    const headers = { Cookie: own, 'X-CSRF-Token': user.csrf };
    return {
      status: reply.status, cookie: own, csrf: user.csrf, user, setCookie: reply.headers.get('set-cookie'),
      get: (target, more = {}) => fetch(this.url + target, { headers: { ...headers, ...more } }),
      json: async (target) => (await fetch(this.url + target, { headers })).json(),
      post: (target, body, more = {}) => fetch(this.url + target, { method: 'POST', headers: { ...headers, 'Content-Type': 'application/json', ...more }, body: JSON.stringify(body) }),
    };
  }
}

export async function openBrowser() {
  return chromium.launch({ executablePath: process.env.HKL_CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}
// A page left open goes on listening, and holds a thread of the server.
const contexts = [];
afterEach(() => Promise.all(contexts.splice(0).map((context) => context.close())));

// A page of a browser of its own; what the page complains of fails the test.
export async function openPage(browser, options = {}) {
  const context = await browser.newContext({ locale: 'ru-RU', reducedMotion: 'reduce', viewport: { width: 1280, height: 860 }, acceptDownloads: true, ...options });
  contexts.push(context);
  const page = await context.newPage();
  page.setDefaultTimeout(30000);
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(error.message));
  // 4xx are answers that some tests ask for; a blocked script or style is not.
  page.on('console', (message) => { if (message.type() === 'error' && !message.text().includes('Failed to load resource')) page.complaints.push(message.text()); });
  return page;
}
export async function signIn(page, crm, login = 'admin', password = PASSWORD) {
  await page.goto(`${crm.url}/login`);
  await page.fill('[name=login]', login);
  await page.fill('[name=password]', password);
  await page.click('form.login .btn.pri');
  await page.waitForSelector('header.top');
}
// What the page takes over the wire from now on, packed as it comes and nothing
// from the cache: {all, chart} in bytes, counted while it loads.
export async function countBytes(page) {
  const client = await page.context().newCDPSession(page);
  await client.send('Network.enable');
  await client.send('Network.setCacheDisabled', { cacheDisabled: true });
  const bytes = { all: 0, chart: 0 };
  const addresses = new Map();
  client.on('Network.responseReceived', (event) => addresses.set(event.requestId, event.response.url));
  client.on('Network.loadingFinished', (event) => {
    bytes.all += event.encodedDataLength;
    if (addresses.get(event.requestId)?.endsWith('/lib/echarts.js')) bytes.chart += event.encodedDataLength;
  });
  return bytes;
}
// Serious and critical faults by axe-core, one a line.
export async function faults(page) {
  // The CSP of the pages forbids injected scripts; evaluate runs outside of it.
  await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return found.violations.filter((v) => ['serious', 'critical'].includes(v.impact)).map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(' | ')}`);
}
export const write = (folder, name, text) => writeFileSync(path.join(folder, name), text);
