// A call of an Asterisk (pbx-sim: bytes of a real one) appears on the board and
// pops up; a missed one becomes a task; called back, the task closes.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { BIN, Crm, openBrowser, openPage, signIn, SOURCE, until } from './kit.mjs';

const ASTERISK = path.join(SOURCE, 'tests/fixtures/asterisk');
const SECRET = 'hookline-test';
const PASSWORD = 'a long enough one';
// Recorded events keep their time of November 2026.
const ALWAYS = 'from=2020-01-01&to=2040-01-01';

let browser, crm, port, simulator;
const freePort = () => new Promise((done) => {
  const server = net.createServer().listen(0, '127.0.0.1', () => {
    const found = server.address().port;
    server.close(() => done(found));
  });
});
before(async () => {
  port = await freePort();
  browser = await openBrowser();
  crm = await Crm.start([], (folder) => {
    const yaml = readFileSync(path.join(ASTERISK, 'hookline.yaml'), 'utf8').replace('host: 127.0.0.1', `host: 127.0.0.1\n      port: ${port}`);
    writeFileSync(path.join(folder, 'hookline.yaml'), yaml);
    const bare = { folder };
    Crm.prototype.addUser.call(bare, ['--login', 'anna', '--role', 'admin', '--employee', 'anna-kern', '--language', 'en'], PASSWORD);
  });
});
after(async () => {
  simulator?.kill();
  await browser?.close();
  await crm?.stop();
});
function play(capture, speed) {
  simulator?.kill();
  simulator = spawn(path.join(BIN, 'pbx-sim'), ['--port', String(port), '--speed', String(speed), '--wait-for-client', '--linger', '30', '--username', 'hookline', '--secret', SECRET, '--quiet', path.join(ASTERISK, capture)]);
}

test('a call rings: it is on the board, its card pops up, and neither takes the focus', async () => {
  const page = await openPage(browser);
  await signIn(page, crm, 'anna', PASSWORD);
  await page.waitForSelector('.b-grid');
  await page.focus('#search');
  await page.keyboard.type('typing');
  play('01-inbound-answered', 1);
  await page.waitForSelector('li.lv[data-call]', { timeout: 60000 });
  await page.waitForSelector('article.pop');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'search');
  // The card of a new client fills in when its contact is made.
  await page.waitForFunction(() => document.querySelector('article.pop .kv a[href^="/contacts/"]'));
  await page.waitForSelector('article.pop.talk, article.pop.over');
  await page.waitForFunction(() => !document.querySelector('li.lv[data-call]'), null, { timeout: 60000 });
  assert.deepEqual(page.complaints, []);
});

test('a missed call is a task, and called back it closes by itself', async () => {
  const page = await openPage(browser);
  await signIn(page, crm, 'anna', PASSWORD);
  const session = await crm.session('anna', PASSWORD);
  const missedBefore = new Set((await session.json(`/api/v1/tasks?${ALWAYS}`)).rows.map((task) => task.id));
  await page.goto(`${crm.url}/tasks?whose=all&${ALWAYS}`);
  play('15-missed-callback', 6);
  const task = await until('the missed call becomes a task', async () => (await session.json(`/api/v1/tasks?${ALWAYS}`)).rows.find((row) => !missedBefore.has(row.id)), 60000);
  await page.waitForSelector(`[data-task="${task.id}"]`);
  await until('called back, the task closes', async () => (await session.json(`/api/v1/tasks/${task.id}`)).state === 'done', 60000);
  await page.waitForSelector(`[data-task="${task.id}"] .is-done`);
  await page.goto(`${crm.url}/calls?kind=back&${ALWAYS}`);
  await page.waitForSelector('tr.m-back .chip.good');
  assert.deepEqual(page.complaints, []);
});
