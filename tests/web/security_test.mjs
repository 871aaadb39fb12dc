// OWASP's basics, one claim each, against a server of its own.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { Crm, openBrowser, openPage, PASSWORD, signIn } from './kit.mjs';

let crm, browser, admin;
before(async () => {
  crm = await Crm.demo(2);
  browser = await openBrowser();
  admin = await crm.session();
});
after(async () => {
  await browser?.close();
  await crm?.stop();
});

// As it stands, without the client tidying the path.
const raw = (path, headers = {}) => new Promise((done, fail) => {
  const { hostname, port } = new URL(crm.url);
  const request = http.request({ hostname, port, path, headers }, (reply) => {
    let body = '';
    reply.on('data', (part) => { body += part; });
    reply.on('end', () => done({ status: reply.statusCode, body, headers: reply.headers }));
  });
  request.on('error', fail);
  request.end();
});

const EVIL = '<img src=x onerror="window.evil=1"><script>window.evil=1</script>';

test('XSS: markup in names, tags, titles and texts stays text on every page', async () => {
  const at = new Date(Date.now() - 600000).toISOString();
  const records = [
    { type: 'contact', id: 'evil', name: EVIL, numbers: ['+79161234567'] },
    { type: 'employee', id: 'evil-employee', name: EVIL, departments: ['sales'], extensions: [{ source: 'pbx1', number: '666' }] },
    { type: 'presence', employee: 'evil-employee', state: 'pause', reason: EVIL, from: at },
    { type: 'call', id: 'pbx1:evil', source: 'pbx1', direction: 'in', client_number: '+79161234567', client_name: EVIL, line: '+74951200001', started_at: at, answered_at: at, ended_at: at, finish_reason: 'normal', legs: [{ kind: 'employee', extension: '666', outcome: 'answered', started_at: at, answered_at: at, ended_at: at }] },
    { type: 'lead', id: 'evil-lead', contact: 'evil', title: EVIL, object: EVIL, note: EVIL, funnel: 'sales', stage: 'check', created_at: at, created_by: 'manual', tags: [EVIL] },
    { type: 'inquiry', id: 'evil-inquiry', kind: 'request', contact: 'evil', at, text: EVIL, number: '+79161234567' },
    { type: 'task', id: 'evil-task', kind: 'manual', title: EVIL, created_at: at, deadline_at: at, state: 'open', contact: 'evil' },
  ];
  const stored = await (await fetch(`${crm.url}/api/v1/records`, { method: 'POST', headers: { Cookie: admin.cookie, 'X-CSRF-Token': admin.csrf, 'Content-Type': 'application/x-ndjson' }, body: records.map((r) => JSON.stringify(r)).join('\n') })).json();
  assert.equal(stored.refused, 0, JSON.stringify(stored));
  assert.equal((await admin.post('/crm/marks', { call: 'pbx1:evil', tags: [EVIL] })).status, 200);
  assert.equal((await admin.post('/crm/saved', { title: EVIL, address: '/calls' })).status, 200);
  const page = await openPage(browser);
  await signIn(page, crm);
  for (const path of ['/board', '/reports', '/reports/calls-by-manager', '/reports/calls', '/reports/closed-unsuccessfully', '/calls?open=pbx1%3Aevil', '/inquiries', '/leads?open=evil-lead', '/tasks?whose=all', '/contacts/evil', `/contacts?q=${encodeURIComponent(EVIL)}`, '/settings/audit']) {
    await page.goto(crm.url + path);
    await page.waitForFunction(() => !document.querySelector('[aria-busy=true], .sk-rows'));
    assert.equal(await page.evaluate(() => window.evil), undefined, path);
    assert.equal(await page.locator('main img, main script').count(), 0, path);
  }
  await page.goto(`${crm.url}/calls?open=pbx1%3Aevil`);
  await page.waitForSelector('.det');
  assert.ok((await page.textContent('main')).includes(EVIL), 'the name is shown as it is');
  assert.deepEqual(page.complaints, []);
});

test('CSP: no inline script or style runs, nothing is framed, types are not guessed', async () => {
  for (const path of ['/', '/js/main.js', '/crm/session', '/api/v1/calls', '/nothing-here']) {
    const { headers } = await raw(path);
    assert.match(headers['content-security-policy'], /script-src 'self'/, path);
    assert.doesNotMatch(headers['content-security-policy'], /unsafe|\*/, path);
    assert.equal(headers['x-content-type-options'], 'nosniff', path);
    assert.equal(headers['x-frame-options'], 'DENY', path);
  }
  assert.doesNotMatch((await raw('/')).body, /<script(?![^>]*src)|style="|onclick/);
});

test('CSRF: a change without the token, or from another site, is refused', async () => {
  const body = JSON.stringify({ language: 'en', theme: '' });
  const post = (headers) => fetch(`${crm.url}/crm/preferences`, { method: 'POST', headers: { Cookie: admin.cookie, 'Content-Type': 'application/json', ...headers }, body });
  assert.equal((await post({})).status, 403);
  assert.equal((await post({ 'X-CSRF-Token': 'f'.repeat(64) })).status, 403);
  assert.equal((await post({ 'X-CSRF-Token': admin.csrf, Origin: 'https://evil.example' })).status, 403);
  assert.equal((await post({ 'X-CSRF-Token': admin.csrf, 'Sec-Fetch-Site': 'cross-site' })).status, 403);
  const other = await crm.session();
  assert.equal((await post({ 'X-CSRF-Token': other.csrf })).status, 403, "another session's token");
  assert.equal((await post({ 'X-CSRF-Token': admin.csrf, Origin: crm.url })).status, 200);
  assert.equal((await fetch(`${crm.url}/crm/session`, { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: JSON.stringify({ login: 'admin', password: PASSWORD }) })).status, 415, 'a form of another site cannot sign in');
});

test('path traversal: neither pages nor recordings lead out of their folder', async () => {
  const paths = ['/../hookline.yaml', '/js/../../hookline.yaml', '/..%2f..%2fetc%2fpasswd', '/js/..%2f..%2fserver%2fmain.cpp', '/%2e%2e/%2e%2e/etc/passwd', '/lib/../../../etc/passwd', '/node_modules/lit-html/package.json', '/.gitignore', '/package.json', '//etc/passwd', '/js/main.js%00.html'];
  for (const path of paths) {
    const { status, body } = await raw(path);
    assert.ok([400, 404].includes(status), `${path}: ${status}`);
    assert.doesNotMatch(body, /root:|hookline: 1|crm::/);
  }
  for (const id of ['../../etc/passwd', '..%2f..%2f..%2fetc%2fpasswd', '%2fetc%2fpasswd', 'pbx1:demo-1%2f..%2f..%2f..%2fhookline.yaml']) {
    const { status, body } = await raw(`/crm/recordings/${id}`, { Cookie: admin.cookie });
    assert.ok([400, 404].includes(status), `${id}: ${status}`);
    assert.doesNotMatch(body, /root:|hookline: 1/);
  }
});

test('SQL injection: filters, sorting, search, options and cursors are words, not SQL', async () => {
  const bad = ["' OR 1=1 --", "x'; DROP TABLE calls; --", '1) UNION SELECT password FROM users --', "') or ('1'='1"];
  const before = (await admin.json('/api/v1/reports/calls-by-manager')).total.calls;
  for (const text of bad) {
    const word = encodeURIComponent(text);
    for (const target of [`/api/v1/calls?where=${word}`, `/api/v1/calls?after=${word}`, `/api/v1/calls?from=${word}`, `/api/v1/reports/calls-by-manager?manager=${word}`, `/api/v1/reports/calls-by-manager?credit=${word}`, `/api/v1/reports/calls-by-manager?sort=${word}`, `/api/v1/reports/calls-by-manager/rows?drill=${word}`, `/api/v1/calls/${word}`, `/api/v1/lookup?number=${word}`, `/crm/config?revision=${word}`]) {
      const reply = await admin.get(target);
      assert.ok([200, 400, 404].includes(reply.status), `${target}: ${reply.status}`);
      const answer = await reply.json();
      // Either it is no condition at all, or no row has such a value.
      if (reply.status === 200 && target.includes('manager=')) assert.equal(answer.rows.length, 0, target);
    }
    assert.equal((await crm.session(text, text)).status, 401);
    assert.equal((await admin.post('/crm/saved', { title: text, address: `/calls?q=${word}` })).status, 200);
  }
  assert.equal((await admin.json('/api/v1/reports/calls-by-manager')).total.calls, before);
  const page = await openPage(browser);
  await signIn(page, crm);
  await page.goto(`${crm.url}/calls?tag=${encodeURIComponent(bad[0])}&client=1%27&from=2020-01-01&to=2030-01-01`);
  await page.waitForSelector('.blank, table.calls');
  assert.equal(await page.locator('table.calls').count(), 0, 'no call has such a tag');
});

test('brute force: after ten wrong passwords even the right one has to wait', async () => {
  const statuses = [];
  for (let i = 0; i < 11; ++i) statuses.push((await crm.session('dmitry', `wrong-${i}`)).status);
  assert.deepEqual(statuses.slice(0, 10), Array(10).fill(401));
  assert.equal(statuses[10], 429);
  assert.equal((await crm.session('dmitry', PASSWORD)).status, 429);
  assert.equal((await crm.session('head', PASSWORD)).status, 200, 'others are not locked out');
});

test('an unknown name takes as long as a wrong password', async () => {
  const time = async (login) => {
    const begun = performance.now();
    await crm.session(login, 'wrong wrong');
    return performance.now() - begun;
  };
  const [known, unknown] = [[], []];
  for (let i = 0; i < 3; ++i) { known.push(await time('anna')); unknown.push(await time(`nobody-${i}`)); }
  // Hashing is most of it either way: at least a third of the other's best.
  assert.ok(Math.min(...unknown) > Math.min(...known) / 3, `${known} ${unknown}`);
});

test('session fixation: a log-in makes a new token, ends the old, and none is taken from outside', async () => {
  const planted = `hookline=${'a'.repeat(64)}`;
  const session = await crm.session('head', PASSWORD, planted);
  assert.notEqual(session.cookie, planted);
  assert.match(session.setCookie, /HttpOnly/);
  assert.match(session.setCookie, /SameSite=Lax/);
  assert.equal((await fetch(`${crm.url}/crm/directory`, { headers: { Cookie: planted } })).status, 401);
  const second = await crm.session('head', PASSWORD, session.cookie);
  assert.equal((await fetch(`${crm.url}/crm/directory`, { headers: { Cookie: session.cookie } })).status, 401, 'the old one is over');
  await fetch(`${crm.url}/crm/session`, { method: 'DELETE', headers: { Cookie: second.cookie, 'X-CSRF-Token': second.csrf } });
  assert.equal((await fetch(`${crm.url}/crm/directory`, { headers: { Cookie: second.cookie } })).status, 401, 'signed out is out');
});

test("another's data by id: saved reports, the YAML and the audit log are not everybody's", async () => {
  await admin.post('/crm/saved', { title: 'mine', address: '/calls' });
  const { id } = (await admin.json('/crm/saved')).rows.at(-1);
  const head = await crm.session('head');
  const stolen = await fetch(`${crm.url}/crm/saved?id=${id}`, { method: 'DELETE', headers: { Cookie: head.cookie, 'X-CSRF-Token': head.csrf } });
  assert.equal(stolen.status, 404);
  for (const target of ['/crm/config', '/crm/audit']) assert.equal((await head.get(target)).status, 403, target);
  assert.equal((await head.post('/crm/config/apply', { text: 'hookline: 1' })).status, 403);
  assert.equal((await head.post('/crm/extensions', { employee: 'ivanova', number: '999' })).status, 403);
  for (const target of ['/crm/directory', '/crm/live', '/crm/events', '/api/v1/calls', '/crm/recordings/x']) assert.equal((await fetch(crm.url + target)).status, 401, target);
});

test('a saved address leads nowhere else', async () => {
  for (const address of ['https://evil.example', '//evil.example', 'javascript:alert(1)', '/\\evil.example']) assert.equal((await admin.post('/crm/saved', { title: 'x', address })).status, 400, address);
});

test('a token is a JWT of ours: another key, "none" and the past are refused', async () => {
  const issued = await (await fetch(`${crm.url}/crm/token`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ login: 'admin', password: PASSWORD }) })).json();
  const ask = (token) => fetch(`${crm.url}/api/v1/calls?limit=1`, { headers: { Authorization: `Bearer ${token}` } });
  assert.equal((await ask(issued.token)).status, 200);
  const [, payload] = issued.token.split('.');
  const none = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${payload}.`;
  for (const token of [none, `${issued.token.slice(0, -3)}abc`, 'x.y.z', '']) assert.equal((await ask(token)).status, 401);
});

test('a body over the limit and a broken address are answered, not crashed by', async () => {
  const big = await fetch(`${crm.url}/api/v1/records`, { method: 'POST', headers: { Cookie: admin.cookie, 'X-CSRF-Token': admin.csrf }, body: 'x'.repeat(9 * 1024 * 1024) }).catch(() => ({ status: 413 }));
  assert.equal(big.status, 413);
  assert.ok([400, 404].includes((await raw('/%zz')).status));
  assert.equal((await admin.get('/api/v1/calls?limit=1')).status, 200);
});
