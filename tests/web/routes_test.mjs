// The server's own routes are those that /crm/openapi.json describes, with the
// rights it tells of; pages send no more bytes than they may.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { countBytes, Crm, openBrowser, openPage, signIn, SOURCE } from './kit.mjs';

const KB = 1024;
let crm, browser, api;
before(async () => {
  crm = await Crm.demo(3);
  browser = await openBrowser();
  api = await (await fetch(`${crm.url}/crm/openapi.json`)).json();
});
after(async () => {
  await browser?.close();
  await crm?.stop();
});

const operations = () => Object.entries(api.paths).flatMap(([address, methods]) => Object.entries(methods).map(([method, operation]) => ({ address, method: method.toUpperCase(), operation })));

test('every route of the server is described, and every one described is there', async () => {
  const source = readFileSync(path.join(SOURCE, 'examples/crm/server/routes.cpp'), 'utf8');
  const plain = [...source.matchAll(/"(GET|POST|DELETE) (\/crm\/[^"]+)"/g)].map(([, method, address]) => `${method} ${address}`);
  const ofOne = [...source.matchAll(/\{"(GET|POST)", "(\/crm\/[^"]+)", "([^"]*)"/g)].map(([, method, prefix, suffix]) => `${method} ${prefix}{id}${suffix}`);
  assert.deepEqual(operations().map((o) => `${o.method} ${o.address}`).sort(), [...plain, ...ofOne].sort());
});

test('a route that needs somebody signed in, or an admin, says so to others', async () => {
  const head = await crm.session('head');
  for (const { address, method, operation } of operations()) {
    const target = crm.url + address.replace('{id}', 'nobody');
    const body = method === 'POST' ? '{}' : undefined;
    if (!operation.security) assert.equal((await fetch(target, { method, body })).status, 401, `${method} ${address}`);
    if (operation['x-role'] !== 'admin') continue;
    const reply = await fetch(target, { method, body, headers: { Cookie: head.cookie, 'X-CSRF-Token': head.csrf, 'Content-Type': 'application/json' } });
    assert.equal(reply.status, 403, `${method} ${address}`);
  }
});

test('what is refused is a status that the description tells of', async () => {
  const admin = await crm.session();
  for (const { address, method, operation } of operations().filter((o) => o.method === 'POST')) {
    const reply = await admin.post(address.replace('{id}', 'nobody'), {});
    assert.ok(String(reply.status) in operation.responses, `${method} ${address}: ${reply.status}`);
    if (reply.status >= 400) assert.match(reply.headers.get('content-type'), /problem\+json/);
  }
});

test('a report sends at most 200 kB without its chart and 550 kB with it', async () => {
  const page = await openPage(browser);
  await signIn(page, crm);
  const bytes = await countBytes(page);
  await page.goto(`${crm.url}/reports/calls-by-manager`);
  await page.waitForSelector('.chart[data-drawn]');
  assert.ok(bytes.chart > 100 * KB, 'the chart came');
  assert.ok(bytes.all - bytes.chart < 200 * KB, `${bytes.all - bytes.chart} bytes without the chart`);
  assert.ok(bytes.all < 550 * KB, `${bytes.all} bytes with the chart`);
});
