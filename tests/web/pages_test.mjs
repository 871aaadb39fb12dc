// Every page in both languages and themes, at 1280 and 390 px: axe-core finds
// no serious fault, nothing scrolls sideways, nothing is complained of.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Crm, faults, openBrowser, openPage, signIn } from './kit.mjs';

let crm, browser, admin, call, lead, contact;
before(async () => {
  crm = await Crm.demo(7);
  browser = await openBrowser();
  admin = await crm.session();
  const answered = await admin.json("/api/v1/calls?limit=1&where=answered%20and%20direction%20%3D%20'in'");
  call = encodeURIComponent(answered.rows[0].id);
  contact = encodeURIComponent(answered.rows[0].contact);
  lead = encodeURIComponent((await admin.json('/api/v1/leads?limit=1')).rows[0].id);
});
after(async () => {
  await browser?.close();
  await crm?.stop();
});

const pages = () => ['/board', '/reports', '/reports/calls-by-manager', '/reports/calls-by-manager?drill=total%3Acalls&compare=before', '/reports/heat-map', '/reports/multichannel-sequences', '/reports/service-level', '/reports/agent-timeline', '/reports/staffing', '/calls', `/calls?open=${call}`, '/inquiries', '/leads', `/leads?open=${lead}`, '/tasks?whose=all', '/contacts', `/contacts/${contact}`, '/settings/sources', '/settings/plugins', '/settings/config', '/settings/unassigned', '/settings/deliveries', '/settings/poison', '/settings/audit'];

async function settled(page) {
  await page.waitForSelector('main h1');
  await page.waitForFunction(() => !document.querySelector('.sk-rows'));
}
// One visit a page: the theme is switched in place.
async function look(options) {
  const page = await openPage(browser, options);
  await signIn(page, crm);
  const found = [];
  for (const target of pages()) {
    await page.goto(crm.url + target);
    await settled(page);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      for (const fault of await faults(page)) found.push(`${target} ${colorScheme}: ${fault}`);
    }
    const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    if (wide > window) found.push(`${target} scrolls sideways: ${wide} of ${window}`);
    if (await page.locator('h1').count() !== 1) found.push(`${target} has not one h1`);
  }
  return [...found, ...page.complaints];
}
const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

test('no page has a serious fault in either theme at 1280 px', async () => assert.deepEqual(await look({}), []));
test('no page has a serious fault in either theme at 390 px, nor scrolls sideways', async () => assert.deepEqual(await look(phone), []));

test('the log-in has no fault and says what is wrong', async () => {
  const page = await openPage(browser);
  await page.goto(`${crm.url}/calls`);
  await page.waitForSelector('form.login');
  assert.deepEqual(await faults(page), []);
  await page.fill('[name=login]', 'admin');
  await page.fill('[name=password]', 'not this one');
  await page.click('form.login .btn.pri');
  await page.waitForFunction(() => document.querySelector('.complaint')?.textContent);
  await page.fill('[name=password]', 'hookline-demo');
  await page.click('form.login .btn.pri');
  await page.waitForSelector('table.calls');
  assert.equal(new URL(page.url()).pathname, '/calls', 'back where one wanted to go');
});

test('language and theme switch, belong to the user and are not in the address', async () => {
  const page = await openPage(browser, { colorScheme: 'light' });
  await signIn(page, crm, 'head');
  await page.goto(`${crm.url}/tasks?whose=all`).catch(() => {});
  await page.waitForSelector('header.top');
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const [before, address] = [await ground(), page.url()];
  await page.click('#theme');
  assert.notEqual(await ground(), before);
  assert.match(await page.textContent('.nav'), /Отчёты/);
  await page.click('#language');
  await page.waitForFunction(() => document.documentElement.lang === 'en');
  await page.waitForFunction(() => document.querySelector('.nav').textContent.includes('Reports'));
  assert.equal(page.url(), address);
  const other = await openPage(browser, { colorScheme: 'light' });
  await signIn(other, crm, 'head');
  assert.match(await other.textContent('.nav'), /Reports/);
  assert.equal(await other.evaluate(() => document.documentElement.dataset.theme), 'dark');
});

test('English pages have English words everywhere', async () => {
  const page = await openPage(browser);
  await signIn(page, crm);
  await page.click('#language');
  await page.waitForFunction(() => document.documentElement.lang === 'en');
  for (const target of pages()) {
    await page.goto(crm.url + target);
    await settled(page);
    // A word that is missing shows its key: two small words with a dot between.
    const keys = await page.evaluate(() => (document.querySelector('main').innerText.match(/(^|\s)[a-z_]+\.[a-z_.]+(?=\s|$)/gm) || []).filter((x) => !/yaml|\.db/.test(x)));
    assert.deepEqual(keys, [], target);
  }
  await page.click('#language');
});

test('a table is one stop of Tab, arrows move in it, Enter opens, Escape returns', async () => {
  const page = await openPage(browser);
  await signIn(page, crm);
  await page.goto(`${crm.url}/reports/calls-by-manager`);
  await page.waitForSelector('table.rep a.fig');
  assert.equal(await page.locator('table.rep [tabindex="0"]').count(), 1);
  await page.locator('table.rep [tabindex="0"]').focus();
  const drill = () => page.evaluate(() => document.activeElement.dataset.drill);
  const first = await drill();
  await page.keyboard.press('ArrowRight');
  const second = await drill();
  assert.notEqual(second, first);
  await page.keyboard.press('ArrowDown');
  assert.notEqual(await drill(), second);
  assert.equal((await drill()).split(':')[1], second.split(':')[1], 'the same column');
  const opened = await drill();
  await page.keyboard.press('Enter');
  await page.waitForSelector('.panel');
  await page.keyboard.press('Escape');
  await page.waitForSelector('.panel', { state: 'detached' });
  assert.equal(await drill(), opened);
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'search');
});

test('a task is done by one click, and undone', async () => {
  const page = await openPage(browser);
  await signIn(page, crm);
  await page.goto(`${crm.url}/tasks?whose=all`);
  const task = page.locator('[data-task]:has(button.tick:not(.is-done))').first();
  const id = await task.getAttribute('data-task');
  await task.locator('button.tick').click();
  await page.waitForSelector('.toast button');
  assert.equal((await admin.json(`/api/v1/tasks/${id}`)).state, 'done');
  await page.click('.toast button');
  await page.waitForFunction((x) => document.querySelector(`[data-task="${x}"] button.tick:not(.is-done)`), id);
  assert.match((await admin.json(`/api/v1/tasks/${id}`)).state, /^(open|overdue)$/);
});

test('tags while listening, a rating, a quality by hand', async () => {
  const page = await openPage(browser);
  await signIn(page, crm);
  await page.goto(`${crm.url}/calls?open=${call}`);
  await page.waitForSelector('.det');
  await page.keyboard.press('t');
  await page.keyboard.type('проверка');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.tags .chip:has-text("проверка")');
  await page.click('.stars button:nth-child(2)');
  await page.waitForSelector('.stars .on');
  const stored = await admin.json(`/api/v1/calls/${call}`);
  assert.ok(stored.tags.includes('проверка'));
  assert.equal(stored.rating, 2);
});

test('a lead is passed on with its inquiries', async () => {
  const page = await openPage(browser);
  await signIn(page, crm);
  await page.goto(`${crm.url}/leads?open=${lead}`);
  await page.waitForSelector('form.pass');
  const to = await page.locator('form.pass [name=to] option').nth(1).getAttribute('value');
  await page.selectOption('form.pass [name=to]', to);
  await page.check('form.pass [name=with]');
  await page.click('form.pass button');
  await page.waitForSelector('.toast');
  assert.equal((await admin.json(`/api/v1/leads/${lead}`)).responsible, to);
});

test('the YAML is checked, compared, applied and rolled back', async () => {
  const page = await openPage(browser);
  await signIn(page, crm);
  await page.goto(`${crm.url}/settings/config`);
  await page.waitForSelector('#yaml');
  const text = await page.inputValue('#yaml');
  await page.fill('#yaml', text.replace('min_talk_s: 5', 'min_talks_s: 5'));
  await page.click('#config-check');
  await page.waitForSelector('.note.bad');
  assert.match(await page.textContent('.note.bad'), /min_talks_s/);
  assert.ok(await page.isDisabled('#config-apply'));
  await page.fill('#yaml', text.replace('deadline: 4h', 'deadline: 2h'));
  await page.click('#config-check');
  await page.waitForSelector('.note.good');
  assert.match(await page.textContent('.diff ins'), /deadline: 2h/);
  await page.click('#config-apply');
  await page.waitForSelector('.toast');
  assert.match((await admin.json('/crm/config')).text, /deadline: 2h/);
  await page.locator('.revisions button').first().click();
  await page.waitForSelector('.diff del');
  await page.click('#config-apply');
  await page.waitForFunction(() => document.querySelectorAll('.revisions li').length >= 3);
  assert.match((await admin.json('/crm/config')).text, /deadline: 4h/);
});

test('what employees say they are at is on the board: by the menu, by records, and after a restart of Hookline', async () => {
  const page = await openPage(browser);
  await signIn(page, crm);
  await page.waitForSelector('tr[data-employee=lebedeva] .st');
  const says = (who, words) => page.waitForFunction(([id, text]) => document.querySelector(`tr[data-employee=${id}] .st`)?.textContent.includes(text), [who, words]);
  await page.click('button.who');
  await page.click('[data-presence=pause]');
  await says('lebedeva', 'на паузе');
  await page.waitForSelector('button.who .dot.hold');
  const record = { type: 'presence', employee: 'orlov', state: 'unreachable', from: new Date(Date.now() - 1000).toISOString(), to: null };
  await fetch(`${crm.url}/api/v1/records`, { method: 'POST', headers: { Cookie: admin.cookie, 'X-CSRF-Token': admin.csrf, 'Content-Type': 'application/x-ndjson' }, body: JSON.stringify(record) });
  await says('orlov', 'телефон недоступен');
  await admin.post('/crm/config/apply', { text: `${(await admin.json('/crm/config')).text}\n` });
  const { presence } = await admin.json('/crm/live');
  assert.deepEqual([presence.lebedeva.state, presence.orlov.state], ['pause', 'unreachable'], 'the library has it');
  await page.click('button.who');
  await page.click('[data-presence=online]');
  await says('lebedeva', 'свободен');
  assert.deepEqual(page.complaints, []);
});

test('hours of the day and days of the week are one filter, and a link says them', async () => {
  const page = await openPage(browser);
  await signIn(page, crm);
  await page.goto(`${crm.url}/reports/lost-calls?by=hour&day_start=18%3A00`);
  const shown = () => page.textContent('[data-filter=hours] b');
  await page.waitForSelector('[data-filter=hours].set');
  assert.equal(await shown(), '18:00–24:00');
  await page.click('[data-filter=hours]');
  assert.equal(await page.inputValue('#f-hours [name=day_start]'), '18:00');
  await page.fill('#f-hours [name=day_end]', '09:00');
  for (const day of [0, 1, 2, 3, 5]) await page.locator('#f-hours .day-box').nth(day).click();
  await page.click('#f-hours form .btn');
  const asked = () => Object.fromEntries(new URL(page.url()).searchParams);
  assert.deepEqual(asked(), { by: 'hour', day_start: '18:00', day_end: '09:00', week_days: 'mon-thu,sat' });
  assert.equal(await shown(), '18:00–09:00, пн, вт, ср, чт, сб');
  await page.waitForFunction(() => document.querySelector('table.rep') && !document.querySelector('main [aria-busy=true]'));
  const hours = (await page.locator('table.rep tbody tr').evaluateAll((rows) => rows.map((row) => row.dataset.key))).map((key) => parseInt(key, 10));
  assert.ok(hours.length > 0 && hours.every((hour) => hour >= 18 || hour < 9), String(hours));
  await page.click('[data-filter=hours]');
  await page.click('#f-hours > a:last-of-type');
  assert.deepEqual(asked(), { by: 'hour', week_days: 'sat,sun' });
  await page.click('[data-filter=hours]');
  await page.click('#f-hours form > a');
  assert.deepEqual(asked(), { by: 'hour' });
  assert.equal(await page.locator('input[name=week_days], #more-filters input[type=text]').evaluateAll((all) => all.filter((one) => /суток|недели/.test(one.closest('label').textContent)).length), 0, 'and no field of its own');
  assert.deepEqual(page.complaints, []);
});

test('a report is saved, found again and removed', async () => {
  const page = await openPage(browser);
  await signIn(page, crm);
  await page.goto(`${crm.url}/reports/lost-calls?by=hour`);
  await page.waitForSelector('table.rep');
  await page.click('[popovertarget=save-as]');
  await page.fill('[name=title]', 'Проба сохранения'); // in no report's own words
  await page.click('.save-form button');
  await page.waitForSelector('.toast');
  await page.goto(`${crm.url}/reports`);
  await page.click('a:has-text("Проба сохранения")');
  await page.waitForURL(`${crm.url}/reports/lost-calls?by=hour`);
  await page.waitForSelector('table.rep');
});

test("a vendor's page embeds a report by a script tag", async () => {
  const page = await openPage(browser);
  await signIn(page, crm);
  // On our own origin the session counts; a page of ours stands for the vendor's.
  await page.goto(`${crm.url}/login`);
  await page.evaluate(() => new Promise((done, fail) => {
    const script = document.createElement('script');
    script.type = 'module';
    script.src = '/embed/hookline-report.js';
    script.onload = done;
    script.onerror = fail;
    document.head.append(script);
    const element = document.createElement('hookline-report');
    element.setAttribute('report', 'calls-by-manager');
    element.setAttribute('columns', 'calls,in,out');
    document.body.append(element);
  }));
  const figure = page.locator('hookline-report tfoot a').first();
  await figure.waitFor();
  const value = Number((await figure.textContent()).replace(/\D/g, ''));
  await figure.click();
  const count = await page.locator('hookline-report .count').textContent();
  assert.equal(Number(count.replace(/\D/g, '')), value);
  assert.deepEqual(page.complaints, []);
});
