// The rows behind a figure, in a panel beside the report: not modal, the figure
// stays marked. Says how many there are and that it is the figure.
import { html, nothing, render } from '../html.js';
import { icon } from '../icons.js';
import { t } from '../i18n.js';
import { get } from '../api.js';
import { address, go, set, withQuery } from '../router.js';
import { cell } from '../format.js';
import { rowsUrl } from '../report/query.js';
import { download } from '../report/actions.js';
import { recordRows } from '../records.js';
import { blankOf, skeleton } from './blank.js';

const PAGE = 100;

export function drillPanel() {
  let place = null;
  let state = {};
  let context = {};
  let opener = null;

  async function load(drill) {
    state = { drill, rows: null };
    draw();
    try {
      const page = await get(rowsUrl(context.report.id, drill, { limit: PAGE }));
      if (state.drill !== drill) return;
      state = { drill, rows: page.rows, next: page.next, total: page.total };
    } catch (failed) {
      state = { drill, failed };
    }
    draw();
  }
  async function more() {
    const page = await get(rowsUrl(context.report.id, state.drill, { limit: 1000, after: state.next }));
    state = { ...state, rows: [...state.rows, ...page.rows], next: page.next };
    draw();
  }

  // The figure itself: row and column in words, and its value.
  function figure() {
    const at = state.drill.lastIndexOf(':');
    const [key, id] = [state.drill.slice(0, at), state.drill.slice(at + 1)];
    const { answer } = context;
    const column = answer?.columns.find((c) => c.id === id);
    const row = key === 'total' ? { cells: answer?.total, parts: answer?.total_parts } : answer?.rows.find((r) => r.key === key);
    const first = answer?.columns[0];
    const name = key === 'total' ? t('total') : key === '-' ? t('nobody') : String(row?.cells?.[first?.id] ?? key);
    return { name, column, value: row?.cells?.[id], parts: row?.parts?.[id] };
  }

  // To the next figure without closing: links of the table in reading order.
  function step(by) {
    const all = [...document.querySelectorAll('main [data-drill]')].filter((a) => a.offsetParent);
    const now = all.findIndex((a) => a.dataset.drill === state.drill);
    const next = all[now + by];
    if (next) go(next.getAttribute('href'), { replace: true });
  }

  const agrees = ({ column, value }) => {
    if (column?.type === 'integer' && state.total === value) return t('drill.equals', { n: state.total });
    return t('drill.rows', { n: state.total });
  };

  function draw() {
    if (!place) return;
    const now = figure();
    render(html`
      <header>
        <div class="panel-title"><h2 id="drill-title" tabindex="-1">${now.name}: ${now.column?.title ?? state.drill}</h2>
          <span class="big-figure">${now.column ? cell(now.value, now.column.type) : ''}</span></div>
        <div class="panel-acts"><button class="btn bare sm sq" aria-label=${t('drill.before')} @click=${() => step(-1)}>${icon('left')}</button><button class="btn bare sm sq" aria-label=${t('drill.next')} @click=${() => step(1)}>${icon('right')}</button><button class="btn bare sm sq close" aria-label=${t('close')} @click=${close}>${icon('x')}</button></div>
        ${now.column?.definition ? html`<p class="sec panel-def">${now.column.definition}</p>` : nothing}
      </header>
      <div class="panel-body">${state.failed ? blankOf(state.failed, () => load(state.drill)) : !state.rows ? skeleton() : recordRows(context.report.rows, state.rows)}
        ${state.next ? html`<p class="pad"><button class="btn sm" @click=${more}>${t('drill.more', { n: state.total - state.rows.length })}</button></p>` : nothing}</div>
      <footer><span id="drill-count" data-total=${state.total ?? ''}>${state.rows ? agrees(now) : ''}</span>
        <button class="btn bare sm right" @click=${() => download(rowsUrl(context.report.id, state.drill, { format: 'csv' }))}>${icon('down')}CSV</button></footer>`, place);
  }

  function close() {
    place?.remove();
    place = null;
    document.body.classList.remove('with-panel');
    if (address().query.drill) set({ drill: null });
    // Focus returns to the figure it came from.
    document.querySelector(`main [data-drill="${CSS.escape(opener || '')}"]`)?.focus();
  }

  return {
    update(next) {
      context = next;
      const { drill } = address().query;
      if (!drill) {
        if (place) { place.remove(); place = null; document.body.classList.remove('with-panel'); document.querySelector(`main [data-drill="${CSS.escape(opener || '')}"]`)?.focus(); }
        return;
      }
      const isNew = !place;
      if (isNew) {
        place = document.createElement('aside');
        place.className = 'panel';
        place.setAttribute('aria-labelledby', 'drill-title');
        document.body.append(place);
        document.body.classList.add('with-panel');
      }
      opener = drill;
      const key = `${drill} ${rowsUrl(context.report.id, drill)}`;
      if (state.key !== key || isNew) load(drill).then(() => { state.key = key; });
      else draw();
      if (isNew) place.querySelector('h2')?.focus();
    },
    close() { place?.remove(); place = null; document.body.classList.remove('with-panel'); },
    link: (drill) => withQuery({ drill }),
  };
}
