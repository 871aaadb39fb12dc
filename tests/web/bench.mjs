// How quick the pages are on a year of the demo firm, beside what they rest on:
//   HKL_BIN=build/release/bin node tests/web/bench.mjs [DAYS]
// Prints; asserts nothing, as a clock belongs to the machine.
import { countBytes, Crm, openBrowser, openPage, signIn } from './kit.mjs';

const DAYS = Number(process.argv[2] || 365);
const SECONDS = 5;
const AT_ONCE = 8;
const REPORT = '/reports/calls-by-manager?from=2000-01-01&to=2100-01-01'; // the whole year
const SLOWER = 4; // a slow laptop, by the browser's own measure

async function requestsPerSecond(session, target) {
  const end = performance.now() + SECONDS * 1000;
  let count = 0;
  const one = async () => {
    while (performance.now() < end) {
      await (await session.get(target)).arrayBuffer();
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return count / SECONDS;
}

const begun = performance.now();
const crm = await Crm.demo(DAYS);
console.log(`${DAYS} days of the demo: ${((performance.now() - begun) / 1000).toFixed(1)} s until the port is open`);
const browser = await openBrowser();
try {
  const session = await crm.session();
  const page = await openPage(browser);
  await signIn(page, crm);
  for (const target of ['/reports/calls-by-manager', REPORT, '/reports/heat-map?from=2000-01-01&to=2100-01-01', '/calls', '/board']) {
    const from = performance.now();
    await page.goto(crm.url + target);
    await page.waitForSelector('table.rep tbody tr, table.heat, table.calls, .b-grid');
    console.log(`${target}: ${Math.round(performance.now() - from)} ms to the first figures`);
  }
  const slow = await openPage(browser);
  await signIn(slow, crm);
  const bytes = await countBytes(slow);
  await (await slow.context().newCDPSession(slow)).send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  const from = performance.now();
  await slow.goto(crm.url + REPORT);
  await slow.waitForSelector('table.rep tbody tr');
  console.log(`${REPORT}, nothing in the cache, a processor ${SLOWER} times slower: ${Math.round(performance.now() - from)} ms to the first figures`);
  await slow.waitForSelector('.chart[data-drawn]');
  const kb = (n) => Math.round(n / 1024);
  console.log(`${REPORT}: ${kb(bytes.all - bytes.chart)} kB packed without the chart (of 200), ${kb(bytes.all)} kB with it (of 550)`);
  const file = await requestsPerSecond(session, '/css/tokens.css');
  for (const target of ['/api/v1/reports/calls-by-manager', '/api/v1/calls?limit=100', '/crm/session']) {
    const rate = await requestsPerSecond(session, target);
    console.log(`${target}: ${rate.toFixed(0)} requests/s, a static file ${file.toFixed(0)} (${((rate / file) * 100).toFixed(0)} %)`);
  }
} finally {
  await browser.close();
  await crm.stop();
}
