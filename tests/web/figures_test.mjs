// A figure clicked shows that many rows: for every figure of every report.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Crm, openBrowser, openPage, signIn } from './kit.mjs';

const DAYS = 3;
// Whole numbers that are no counts: talk told in minutes, people who are needed.
const SUMS = ['minutes', 'agents'];
// Parts of these are times, not rows.
const SHARES_OF_TIME = ['occupancy', 'utilisation'];
// All of it; some reports count by the day of a period and need one.
const day = (shift) => new Date(Date.now() + shift * 86400000).toISOString().slice(0, 10);
const PERIOD = `from=${day(-DAYS - 1)}&to=${day(1)}`;
// In a list each row is one record; some dozens of them stand for the rest.
const ROWS_OF_A_LIST = 25;

let crm, browser, session, reports;
before(async () => {
  crm = await Crm.demo(DAYS);
  browser = await openBrowser();
  session = await crm.session();
  reports = await session.json('/api/v1/reports');
});
after(async () => {
  await browser?.close();
  await crm?.stop();
});

// [drill, how many rows must be behind it]
function figuresOf(report, answer) {
  const figures = [];
  const measures = answer.columns.filter((c) => c.kind === 'measure' && !['text', 'time'].includes(c.type));
  const rows = report.kind === 'list' ? answer.rows.slice(0, ROWS_OF_A_LIST) : answer.rows;
  const all = [...rows, { key: 'total', cells: answer.total, parts: answer.total_parts }];
  for (const row of all)
    for (const column of measures) {
      const value = row.cells[column.id];
      if (value === null || value === undefined) continue;
      const parts = row.parts?.[column.id];
      if (parts && SHARES_OF_TIME.includes(column.id)) continue;
      if (parts) figures.push([`${row.key}:${column.id}`, parts[1]]);
      else if (column.type === 'integer' && !SUMS.includes(column.id) && report.kind !== 'list') figures.push([`${row.key}:${column.id}`, value]);
    }
  return figures;
}

test('every figure of every report opens as many rows as it says', async () => {
  const wrong = [];
  let count = 0;
  for (const report of reports) {
    const answer = await session.json(`/api/v1/reports/${report.id}?${PERIOD}`);
    assert.ok(answer.columns, `${report.id}: ${answer.detail}`);
    const figures = figuresOf(report, answer);
    count += figures.length;
    const one = async ([drill, expected]) => {
      const page = await session.json(`/api/v1/reports/${report.id}/rows?${PERIOD}&limit=1&drill=${encodeURIComponent(drill)}`);
      if (page.total !== expected) wrong.push(`${report.id} ${drill}: ${expected}, but ${page.total ?? page.detail} rows`);
    };
    for (let i = 0; i < figures.length; i += 8) await Promise.all(figures.slice(i, i + 8).map(one));
  }
  assert.ok(count > 300, `only ${count} figures were looked at`);
  assert.deepEqual(wrong.slice(0, 20), []);
});

test('a click on a figure shows its rows in the panel, their number and the address', async () => {
  const page = await openPage(browser);
  await signIn(page, crm);
  for (const report of reports.filter((r) => r.kind === 'table')) {
    await page.goto(`${crm.url}/reports/${report.id}`);
    const figure = page.locator('main table:visible a.fig[data-drill]').first();
    await figure.waitFor();
    const value = Number(await figure.getAttribute('data-value'));
    const drill = await figure.getAttribute('data-drill');
    await figure.click();
    await page.waitForFunction(() => document.querySelector('#drill-count')?.dataset.total);
    const total = Number(await page.getAttribute('#drill-count', 'data-total'));
    const shown = await page.locator('.panel table.recs tbody tr').count();
    assert.equal(shown, Math.min(total, 100), report.id);
    if (Number.isInteger(value) && !SUMS.includes(drill.split(':').at(-1)) && !drill.includes('_s')) assert.equal(total, value, `${report.id} ${drill}`);
    assert.equal(new URL(page.url()).searchParams.get('drill'), drill);
    await page.keyboard.press('Escape');
    await page.waitForSelector('.panel', { state: 'detached' });
    assert.equal(await page.evaluate(() => document.activeElement?.dataset.drill), drill, 'focus returns to the figure');
  }
  assert.deepEqual(page.complaints, []);
});

test('a link with an opened figure gives the same page', async () => {
  const page = await openPage(browser);
  await signIn(page, crm);
  await page.goto(`${crm.url}/reports/calls-by-manager?drill=total%3Acalls&sort=-calls&columns=calls,in`);
  await page.waitForFunction(() => document.querySelector('#drill-count')?.dataset.total);
  const heads = await page.locator('table.rep thead .sort').allTextContents();
  assert.equal(heads.length, 3);
  const calls = await page.locator('table.rep tbody tr:not(.na) td:nth-child(2) a').evaluateAll((all) => all.map((a) => Number(a.dataset.value)));
  assert.deepEqual(calls, [...calls].sort((a, b) => b - a));
});

test('a downloaded CSV has the rows and figures of the table', async () => {
  const page = await openPage(browser);
  await signIn(page, crm);
  await page.goto(`${crm.url}/reports/calls-by-manager`);
  await page.waitForSelector('table.rep tbody tr');
  const shown = await page.locator('table.rep tbody tr').evaluateAll((rows) => rows.map((row) => [row.cells[0].textContent.trim(), ...[...row.querySelectorAll('a[data-value]')].map((a) => a.dataset.value)]));
  await page.click('[popovertarget=export]');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('[data-format=csv]')]);
  const lines = readFileSync(await download.path(), 'utf8').replace(/^\ufeff/, '').trim().split(/\r?\n/);
  const separator = lines[0].includes(';') ? ';' : ',';
  const cells = lines.slice(1, 1 + shown.length).map((line) => line.split(separator).map((c) => c.replace(/^"|"$/g, '')));
  assert.deepEqual(cells.map((row) => row.slice(0, shown[0].length)), shown);
});

// The cells of the first sheet, row by row: numbers as numbers.
const READ_XLSX = `
import json, re, sys, zipfile
import xml.etree.ElementTree as tree
NS = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
book = zipfile.ZipFile(sys.argv[1])
shared = [''.join(t.text or '' for t in s.iter(NS + 't')) for s in tree.fromstring(book.read('xl/sharedStrings.xml'))] if 'xl/sharedStrings.xml' in book.namelist() else []
def value(cell):
    text = cell.findtext(NS + 'v')
    if cell.get('t') == 's': return shared[int(text)]
    if cell.get('t') == 'inlineStr': return ''.join(t.text or '' for t in cell.iter(NS + 't'))
    return None if text is None else float(text)
sheet = tree.fromstring(book.read('xl/worksheets/sheet1.xml'))
print(json.dumps([[value(c) for c in row] for row in sheet.iter(NS + 'row')]))
`;

test('a downloaded XLSX equals the table, cell by cell, and its figures are numbers', async () => {
  const page = await openPage(browser);
  await signIn(page, crm);
  await page.goto(`${crm.url}/reports/calls-by-manager`);
  await page.waitForSelector('table.rep tbody tr');
  const shown = await page.locator('table.rep tbody tr, table.rep tfoot tr').evaluateAll((rows) => rows.map((row) => [row.cells[0].textContent.trim(), ...[...row.querySelectorAll('a[data-value]')].map((a) => Number(a.dataset.value))]));
  await page.click('[popovertarget=export]');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('[data-format=xlsx]')]);
  const sheet = JSON.parse(execFileSync('python3', ['-c', READ_XLSX, await download.path()]).toString());
  const begin = sheet.findIndex((row) => row[0] === shown[0][0]);
  assert.ok(begin > 0, 'the first name stands below a head');
  const width = shown[0].length;
  assert.deepEqual(sheet.slice(begin, begin + shown.length).map((row) => row.slice(0, width)), shown);
});
