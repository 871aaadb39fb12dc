// /reports: which there are. /reports/ID: one of them.
import { html, nothing, render } from '../html.js';
import { icon } from '../icons.js';
import { language, t } from '../i18n.js';
import { get } from '../api.js';
import { address, withQuery } from '../router.js';
import { fullMoment, isoDay, period, zoneName } from '../format.js';
import { chosen } from '../ui/period.js';
import { blankOf, blank, skeleton } from '../ui/blank.js';
import { toast } from '../ui/toast.js';
import { makeGrid } from '../ui/grid.js';
import { drillPanel } from '../ui/drill.js';
import { reportList, runUrl } from '../report/query.js';
import { sectionOf, SECTIONS, shapeOf } from '../report/shapes.js';
import { shownColumns } from '../report/columns.js';
import { sorted } from '../report/sorting.js';
import { reportTable } from '../report/table.js';
import { keyFigures } from '../report/keys.js';
import { heatMap } from '../report/heat.js';
import { makeChart } from '../report/chart.js';
import { reportBar } from '../report/filters.js';
import { actions } from '../report/actions.js';
import { unassignedNote } from '../report/notes.js';

// Flows are of sequences; what helped on the way is a table of steps with bars.
const isSankey = (shape) => Boolean(shape.chart?.isSankey) && address().query.show !== 'assisted';

// Its end is the first moment that is not in it.
const periodBefore = ({ from, to }) => period(isoDay(new Date(from)), isoDay(new Date(Date.parse(to) - 1)));

export function mount(place) {
  let state = { reports: null, answer: null, compared: null, url: '', failed: null };
  let running = null;
  let chart = null;
  const panel = drillPanel();

  async function load() {
    const reports = await reportList(language());
    state = { ...state, reports };
    const id = address().path.split('/')[2];
    if (!id) return draw();
    const report = reports.find((r) => r.id === id);
    if (!report) return draw(new Error(t('report.none', { id })));
    const isCompared = address().query.compare === 'before';
    const url = runUrl(id, isCompared ? { compare: 'previous' } : {});
    if (url !== state.url) await run(url, runUrl(id));
    draw();
    panel.update({ report, answer: state.answer });
  }

  async function run(url, alone) {
    running?.abort();
    running = new AbortController();
    state = { ...state, url, answer: state.url.split('?')[0] === url.split('?')[0] ? state.answer : null, isBusy: true };
    draw();
    const answer = await get(url, running.signal).catch((failed) => {
      // A report that makes its rows itself is not compared; it says so.
      if (failed.status !== 501 || url === alone) throw failed;
      toast(failed.message);
      return get(alone, running.signal);
    });
    // A row that was not there before has no figures of then.
    const compared = answer.previous && new Map([...answer.rows.map((row) => [row.key, row.previous]), ['total', answer.total_previous]]);
    state = { ...state, answer, compared, isBusy: false };
  }

  function draw(failed = null) {
    const id = address().path.split('/')[2];
    if (failed) render(blankOf(failed, update), place);
    else if (!state.reports) render(skeleton(), place);
    else if (!id) render(index(state.reports), place);
    else render(one(state.reports.find((r) => r.id === id)), place);
    makeGrid(place.querySelector('table.rep'));
    for (const table of place.querySelectorAll('table.heat')) makeGrid(table);
    drawChart(id);
  }

  function drawChart(id) {
    const element = place.querySelector('.chart');
    if (chart && chart.element !== element) { chart.end(); chart = null; }
    if (!element || !state.answer) return;
    const report = state.reports.find((r) => r.id === id);
    const shape = shapeOf(report, state.answer.columns);
    if (!chart) chart = Object.assign(makeChart(element), { element });
    const first = state.answer.columns[0];
    chart.update({ title: state.answer.title, isSankey: isSankey(shape), rows: sorted(state.answer.rows, language()), columns: state.answer.columns, stack: shape.chart.stack.filter((s) => state.answer.columns.some((c) => c.id === s)), nameOf: (row) => (row.key === '-' ? t('nobody') : row.cells[first.id] ?? row.key) });
  }

  function one(report) {
    document.title = `${report.title} · Hookline`;
    const { answer } = state;
    const columns = answer?.columns || report.columns.filter((c) => c.shown !== false);
    const shape = shapeOf(report, columns);
    const credit = address().query.credit || report.options.find((o) => o.id === 'credit')?.default;
    return html`
      <header class="head">
        <div><h1><button class="switch" popovertarget="reports">${report.title} ${icon('chev')}</button></h1>${t(`about.${report.id}`) !== `about.${report.id}` ? html`<p class="sub">${t(`about.${report.id}`)}</p>` : nothing}</div>
        ${actions(report)}
      </header>
      <div popover id="reports" class="menu scrolls">${SECTIONS.map((section) => {
        const own = state.reports.filter((r) => sectionOf(r.id) === section);
        return own.length ? html`<h4>${t(`section.${section}`)}</h4>${own.map((r) => html`<a href="/reports/${r.id}" aria-current=${r.id === report.id ? 'page' : nothing} @click=${(e) => e.target.closest('[popover]').hidePopover()}>${r.title}</a>`)}` : nothing;
      })}</div>
      ${reportBar(report, columns)}
      ${answer ? result(report, answer, columns, shape, credit) : html`<section class="box">${skeleton(8)}</section>`}`;
  }

  function result(report, answer, columns, shape, credit) {
    const now = chosen('last30');
    if (!answer.rows.length) return html`<section class="box">${blank(t('report.empty'), t('report.empty.why', { period: period(now.from, now.to) }), html`<a class="btn" href=${withQuery({ from: null, to: null })}>${t('report.month')}</a><a class="btn bare" href=${address().path}>${t('clear.all')}</a>`)}</section>`;
    const shown = shownColumns(report.id, columns);
    const table = shape.heat ? heatMap({ answer, columns }) : reportTable({ answer, rows: sorted(answer.rows, language()), columns: shown, shape, compared: state.compared, credit: credit && report.options.some((o) => o.id === 'credit') ? t(`credit.${credit}`) : null });
    const flows = isSankey(shape);
    return html`
      ${keyFigures({ answer, columns, shape })}
      ${flows ? html`<section class="box pad chart-box wide-only"><h2>${t('sankey.title')}</h2><div class="chart" role="img"></div></section>` : nothing}
      <div class=${shape.chart && !flows ? 'rep-grid' : ''} aria-busy=${state.isBusy ? 'true' : nothing}>
        <div><section class="box">${table}</section>${unassignedNote(report, answer)}</div>
        ${shape.chart && !flows && answer.rows.length > 1 ? html`<section class="box pad chart-box"><h2>${shape.chart.stack.length > 1 ? t('chart.title') : columns.find((c) => c.id === shape.chart.stack[0])?.title}</h2><div class="chart" role="img"></div></section>` : nothing}
      </div>
      <footer class="foot"><span>${t('as.of', { at: fullMoment(answer.as_of) })} · ${zoneName()}</span>${credit ? html`<span>${t(`credit.${credit}`)}</span>` : nothing}${answer.previous ? html`<span>${t('compare.with', { period: periodBefore(answer.previous) })}</span>` : nothing}<span><code>${location.pathname + location.search}</code></span></footer>`;
  }

  const index = (reports) => html`
    <header class="head"><div><h1>${t('nav.reports')}</h1><p class="sub">${t('reports.sub')}</p></div></header>
    ${actions.saved()}
    ${SECTIONS.map((section) => {
      const own = reports.filter((r) => sectionOf(r.id) === section);
      return own.length ? html`<section class="box rep-list"><header><h2>${t(`section.${section}`)}</h2></header><ul>${own.map((r) => html`<li><a href="/reports/${r.id}"><b>${r.title}</b>${t(`about.${r.id}`) !== `about.${r.id}` ? html`<span class="sub2">${t(`about.${r.id}`)}</span>` : nothing}</a></li>`)}</ul></section>` : nothing;
    })}`;

  function update() {
    load().catch((failed) => { if (failed.name !== 'AbortError') draw(failed); });
  }
  update();
  window.addEventListener('saved', update);
  return { update, unmount() { window.removeEventListener('saved', update); running?.abort(); chart?.end(); panel.close(); } };
}
