// Roles: a manager sees the own leads alone and cannot export; what is not
// one's own is as unknown as what does not exist.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Crm, openBrowser, openPage, PASSWORD, signIn } from './kit.mjs';

let crm, browser, admin, anna, othersLead, annasLead;
before(async () => {
  crm = await Crm.demo(14);
  crm.addUser(['--login', 'reader', '--user', 'reader', '--role', 'manager'], PASSWORD);
  browser = await openBrowser();
  [admin, anna] = [await crm.session('admin'), await crm.session('anna')];
  const leadOf = async (who) => (await admin.json(`/api/v1/leads?limit=1&where=${encodeURIComponent(`responsible = '${who}'`)}`)).rows[0];
  [othersLead, annasLead] = [await leadOf('orlov'), await leadOf('ivanova')];
});
after(async () => {
  await browser?.close();
  await crm?.stop();
});

test('a manager sees no lead of another, in lists, figures or by id', async () => {
  const { rows } = await anna.json('/api/v1/leads?limit=1000');
  assert.ok(rows.length > 0);
  assert.deepEqual([...new Set(rows.map((lead) => lead.responsible))], ['ivanova']);
  assert.equal((await anna.get(`/api/v1/leads/${annasLead.id}`)).status, 200);
  assert.equal((await anna.get(`/api/v1/leads/${othersLead.id}`)).status, 404);
  const report = await anna.json('/api/v1/reports/employee-performance');
  assert.deepEqual(report.rows.map((row) => row.key), ['ivanova']);
});

test('nor changes one', async () => {
  const change = (id) => anna.post(`/crm/leads/${id}/change`, { field: 'stage', to: 'refusal' });
  assert.equal((await change(othersLead.id)).status, 404);
  assert.equal((await admin.json(`/api/v1/leads/${othersLead.id}`)).stage, othersLead.stage);
  const tasks = (await admin.json(`/api/v1/tasks?limit=1&where=${encodeURIComponent("assignee = 'orlov' and state in ('open', 'overdue', 'done')")}`)).rows;
  assert.equal((await anna.post(`/crm/tasks/${tasks[0].id}/done`, {})).status, 404);
  const calls = (await admin.json(`/api/v1/calls?limit=1&where=${encodeURIComponent("employee = 'orlov' and answered")}`)).rows;
  assert.equal((await anna.post('/crm/marks', { call: calls[0].id, rating: 1 })).status, 404);
  assert.equal((await anna.get(`/crm/recordings/${encodeURIComponent(calls[0].id)}`)).status, 404);
  assert.equal((await anna.post('/crm/tasks', { title: 'x', assignee: 'orlov', deadline_at: '2026-12-01T10:00:00Z' })).status, 403);
});

test('and cannot export, which the page says in place', async () => {
  assert.equal((await anna.get('/api/v1/reports/calls-by-manager?format=csv')).status, 403);
  assert.equal((await anna.get('/api/v1/reports/calls-by-manager?format=xlsx')).status, 403);
  const page = await openPage(browser);
  await signIn(page, crm, 'anna');
  await page.goto(`${crm.url}/reports/calls-by-manager`);
  await page.waitForSelector('table.rep');
  await page.click('[popovertarget=export]');
  await page.click('[data-format=xlsx]');
  await page.waitForSelector('.toast');
  assert.match(await page.textContent('.toast'), /reports\.export/);
});

test('her pages work with what she may see', async () => {
  const page = await openPage(browser);
  await signIn(page, crm, 'anna');
  for (const path of ['/board', '/reports/calls-by-manager', '/calls', '/leads', '/tasks', `/contacts/${annasLead.contact}`]) {
    await page.goto(crm.url + path);
    await page.waitForSelector('main h1');
    await page.waitForFunction(() => !document.querySelector('.sk-rows'));
    assert.equal(await page.locator('main [role=alert]:not(:empty)').count(), 0, path);
  }
  assert.equal(await page.locator('.nav a[href="/settings"]').count(), 0);
  await page.goto(`${crm.url}/inquiries`);
  await page.waitForSelector('.blank[role=alert]');
  assert.match(await page.textContent('.blank'), /inquiries\.view/);
  assert.deepEqual(page.complaints, []);
});

test('a recording plays through the server, in parts, for whom the call is visible', async () => {
  const call = (await admin.json(`/api/v1/calls?limit=1&where=${encodeURIComponent("employee = 'ivanova' and recordings is not null")}`)).rows[0];
  const address = `/crm/recordings/${encodeURIComponent(call.id)}`;
  const part = await anna.get(address, { Range: 'bytes=0-3' });
  assert.equal(part.status, 206);
  assert.equal(await part.text(), 'RIFF');
  const page = await openPage(browser);
  await signIn(page, crm, 'anna');
  await page.goto(`${crm.url}/calls?open=${encodeURIComponent(call.id)}`);
  await page.click('.player .btn.pri');
  await page.waitForFunction(() => document.querySelector('.seek') && !document.querySelector('.seek').disabled && document.querySelector('.seek').max > 50);
});

test('whose role may not hear recordings sees no player and is refused the file', async () => {
  const { text } = await admin.json('/crm/config');
  const { complaints } = await (await admin.post('/crm/config/apply', { text: text.replace('users:\n', 'roles: {reader: {sees: all, may: [calls.view, numbers.full]}}\nusers:\n  - {id: reader, employee: novikov, role: reader}\n') })).json();
  assert.equal(complaints, '');
  const reader = await crm.session('reader');
  const { rows: [call] } = await admin.json(`/api/v1/calls?limit=1&where=${encodeURIComponent('recordings is not null')}`);
  const id = encodeURIComponent(call.id);
  for (const address of [`/crm/recordings/${id}`, `/api/v1/recordings/${id}`]) {
    const refused = await reader.get(address);
    assert.equal(refused.status, 403, address);
    assert.match((await refused.json()).detail, /recordings\.hear/);
  }
  assert.deepEqual((await reader.json(`/api/v1/calls/${id}`)).recordings, []);
  const page = await openPage(browser);
  await signIn(page, crm, 'reader');
  await page.goto(`${crm.url}/calls?open=${id}`);
  await page.waitForSelector('.det .tl');
  assert.equal(await page.locator('.player').count(), 0);
  assert.deepEqual(page.complaints, []);
});
