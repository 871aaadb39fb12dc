// What goes wrong, as the pages tell it: inputs that a plugin died of,
// deliveries that the CRM refused, ordered calls that were refused or are lost.
import assert from 'node:assert/strict';
import http from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { BIN, Crm, faults, openBrowser, openPage, signIn, SOURCE, until, write } from './kit.mjs';

const PASSWORD = 'a long enough one';
const MORTAL = path.resolve(BIN, '../host-api/runtime/isolation/test_plugins/files');
const KEY = Buffer.from('0123456789abcdef0123456789abcdef').toString('base64');

let browser, crm, admin, other, answers;
const yaml = (folder, more = '') => `hookline: 1
store: {url: "sqlite:hookline.db"}
locale: {timezone: Europe/Moscow, phone_region: RU, language: en}
plugins: {folders: ["${path.resolve(BIN, '../plugins')}", "${MORTAL}"]}
sources:
  - {name: lines, plugin: mortal, isolation: process, settings: {path: "${path.join(folder, 'lines.txt')}"${more}}}
  - name: uis
    plugin: webhook
    settings:
      profile: "${path.join(SOURCE, 'config/profiles/uis.yaml')}"
      secrets: {token: hl-uis, call_token: hl-call}
      values: {call_url: "${other.url}/order", call_line: "74950000101", extensions: {"758102": "102"}}
employees:
  - {id: petrov, name: "Oleg Petrov", extensions: [{source: uis, number: "102"}]}
  - {id: ivanova, name: "Anna Ivanova"}
crm: {webhook: {url: "${other.url}/crm", secret: "whsec_${KEY}"}}
`;

// The CRM elsewhere and the vendor of the PBX, which say what `answers` has.
async function openOther() {
  answers = { crm: [400, { error: 'no such pipeline' }], order: [200, {}] };
  const server = http.createServer((request, reply) => {
    request.resume().on('end', () => {
      const [status, body] = answers[request.url.slice(1)];
      reply.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

before(async () => {
  other = await openOther();
  browser = await openBrowser();
  crm = await Crm.start([], (folder) => {
    write(folder, 'lines.txt', 'event e1\nsegv\nevent e2\nabort\n');
    write(folder, 'hookline.yaml', yaml(folder));
    const add = Crm.prototype.addUser.bind({ folder });
    add(['--login', 'admin', '--role', 'admin', '--employee', 'petrov', '--language', 'en'], PASSWORD);
    add(['--login', 'anna', '--role', 'admin', '--employee', 'ivanova', '--language', 'en'], PASSWORD);
  });
  admin = await crm.session('admin', PASSWORD);
});
after(async () => {
  await browser?.close();
  await crm?.stop();
  other?.close();
});

async function open(target, login = 'admin') {
  const page = await openPage(browser);
  await signIn(page, crm, login, PASSWORD);
  await page.goto(crm.url + target);
  return page;
}

test('an input that a plugin died of is shown with its bytes, replayed once it is mended, or dropped', async () => {
  await until('both are set aside', async () => (await admin.json('/api/v1/poison')).length === 2);
  const page = await open('/settings/poison');
  const deadly = page.locator('[data-poison]', { hasText: 'SIGSEGV' });
  await deadly.waitFor();
  assert.match(await deadly.textContent(), /lines.*mortal/s);
  await deadly.locator('button[aria-expanded]').click();
  assert.equal((await page.textContent('.poison-bytes')).trim(), 'segv');
  assert.deepEqual(await faults(page), []);
  await deadly.locator('button:not([aria-expanded]):not(.danger)').click();
  await page.waitForSelector('.toast:has-text("died of it again")');
  assert.equal(await page.locator('[data-poison]').count(), 2, 'it stays');

  assert.deepEqual((await (await admin.post('/crm/config/apply', { text: yaml(crm.folder, ', is_mended: true') })).json()).complaints, '');
  await deadly.locator('button:not([aria-expanded]):not(.danger)').click();
  await deadly.waitFor({ state: 'detached' });
  await page.locator('[data-poison]', { hasText: 'SIGABRT' }).locator('button.danger').click();
  await page.waitForSelector('.blank');
  assert.deepEqual(await admin.json('/api/v1/poison'), []);
  assert.deepEqual(page.complaints, []);
});

test('a delivery that the CRM refused is shown with its own words, sent again or dropped', async () => {
  const at = new Date(Date.now() - 60000).toISOString();
  const lead = (id) => ({ type: 'lead', id, title: id, funnel: 'sales', stage: 'check', created_at: at, created_by: 'manual' });
  const call = { type: 'call', id: 'uis:1', source: 'uis', direction: 'in', client_number: '+79161234567', started_at: at, ended_at: at, finish_reason: 'client_hung_up', legs: [] };
  const stored = await fetch(`${crm.url}/api/v1/records`, { method: 'POST', headers: { Cookie: admin.cookie, 'X-CSRF-Token': admin.csrf, 'Content-Type': 'application/x-ndjson' }, body: [call, lead('l1')].map((r) => JSON.stringify(r)).join('\n') });
  assert.equal((await stored.json()).refused, 0);
  const dead = async () => (await admin.json('/api/v1/outbox')).filter((row) => row.state === 'set_aside');
  await until('the refused ones are set aside', async () => (await dead()).length > 0);
  const page = await open('/settings/deliveries');
  const refused = page.locator('.rows li', { hasText: 'no such pipeline' }).first();
  await refused.waitFor();
  assert.deepEqual(await faults(page), []);
  const count = (await dead()).length;
  answers.crm = [200, { id: 'crm-1' }];
  await refused.locator('button:not(.danger)').click();
  await page.waitForSelector('.toast');
  await until('what is sent again is taken', async () => (await dead()).length < count);
  assert.deepEqual(page.complaints, []);
});

test('who has a phone calls by a click; a refusal is told with its reason, an order that got lost as such', async () => {
  const [{ contact }] = [await admin.json('/api/v1/lookup?number=%2B79161234567')];
  const page = await open(`/contacts/${encodeURIComponent(contact)}`);
  const button = page.locator('main button.call').first();
  await button.waitFor();
  assert.equal((await button.textContent()).replace(/\s/g, ' ').trim(), '+7 916 123-45-67');

  answers.order = [200, { jsonrpc: '2.0', error: { code: -32002, message: 'The contact has been found in the blacklist' } }];
  await button.click();
  await page.waitForSelector('.toast.told');
  assert.match(await page.textContent('.toast.told'), /not ordered.*has been found in the blacklist/s);
  assert.deepEqual(await faults(page), []);
  await page.click('.toast.told button');

  answers.order = [502, {}];
  await button.click();
  await page.waitForSelector('.toast.told');
  assert.match(await page.textContent('.toast.told'), /Nobody knows whether.*whether it dials is not known/s);
  await page.click('.toast.told button');
  assert.equal(await page.locator('.toast.told').count(), 0);
  assert.deepEqual(page.complaints, []);

  await page.goto(`${crm.url}/calls?open=uis%3A1`);
  await page.waitForSelector('.det .btn.call');
  const others = await open(`/contacts/${encodeURIComponent(contact)}`, 'anna');
  await others.waitForSelector('main h1:not(.vh)');
  assert.equal(await others.locator('main .call').count(), 0, 'she has no extension');
});
