// /calls: every call that is over, newest first, 100 at a time.
import { html, nothing, render } from '../html.js';
import { t, word } from '../i18n.js';
import { icon } from '../icons.js';
import { get, id as encoded, query, quoted } from '../api.js';
import { address, withQuery } from '../router.js';
import { period, zoneName } from '../format.js';
import { state as known } from '../state.js';
import { blank, blankOf, skeleton } from '../ui/blank.js';
import { manyFilter, moreButton, oneFilter, typed } from '../ui/filters.js';
import { chosen, periodFilter } from '../ui/period.js';
import { makeGrid } from '../ui/grid.js';
import { inField, lettersOn } from '../keys.js';
import { copyLink, download, saveButton } from '../report/actions.js';
import { onChange } from '../events.js';
import { callsTable } from '../calls/table.js';
import { readDetails } from '../calls/details.js';

const REASONS = ['normal', 'client_hung_up', 'employee_no_answer', 'employee_busy', 'queue_timeout', 'dial_timeout', 'client_no_answer', 'client_busy', 'network', 'technical'];
const KINDS = { lost: 'missed', answered: 'answered', open: 'missed and not called_back and client_number is not null', back: "missed and called_back_direction = 'out'", self: "missed and called_back_direction = 'in'" };
const ids = (text) => text.split(',').filter(Boolean);
const among = (field, text) => (text ? `${field} in (${ids(text).map(quoted).join(', ')})` : null);
const anyOf = (field, text) => (text ? `(${ids(text).map((v) => (v === '-' ? 'employee is null' : `${field} contains ${quoted(v)}`)).join(' or ')})` : null);

// The address in the language of conditions; what is typed is quoted.
export function whereOf(q) {
  return [
    q.tab === 'in' ? "direction = 'in'" : q.tab === 'out' ? "direction = 'out'" : q.tab === 'internal' ? "direction = 'internal'" : null,
    KINDS[q.kind] ? `(${KINDS[q.kind]})` : null,
    anyOf('people', q.employee), anyOf('people_departments', q.group), among('line', q.line), among('finish_reason', q.reason), among('quality', q.quality),
    q.client ? `client_number contains ${quoted(q.client.replace(/[^\d+]/g, ''))}` : null,
    q.tag ? `tags contains ${quoted(q.tag)}` : null,
    q.rating ? `rating in (${ids(q.rating).map(Number).filter(Boolean).join(', ')})` : null,
    q.talk ? `talk_s >= ${Number(q.talk) || 0}` : null,
    q.wait ? `wait_s >= ${Number(q.wait) || 0}` : null,
  ].filter(Boolean).join(' and ');
}

export function mount(place) {
  let state = { rows: null, next: null, marks: null, failed: null, key: '' };
  let details = null;
  let hasNew = false;

  const base = () => ({ ...chosen('last7'), where: whereOf(address().query) });
  const list = (extra) => get(`/api/v1/calls?${query({ ...base(), limit: 100, ...extra })}`);

  // How the missed ones on the page were answered for: two lists of ids.
  async function readMarks(rows) {
    const missed = rows.filter((c) => c.outcome === 'missed');
    const marks = new Map();
    if (!missed.length) return marks;
    const range = { from: missed.at(-1).started_at, to: new Date(Date.parse(missed[0].started_at) + 1).toISOString(), limit: 1000 };
    const [back, self] = await Promise.all([KINDS.back, KINDS.self].map((where) => get(`/api/v1/calls?${query({ ...range, where })}`)));
    for (const call of back.rows) marks.set(call.id, 'back');
    for (const call of self.rows) marks.set(call.id, 'self');
    return marks;
  }
  async function load() {
    const key = query(base());
    if (key !== state.key) {
      state = { ...state, key, failed: null, isBusy: true };
      draw();
      const page = await list();
      state = { ...state, rows: page.rows, next: page.next, marks: await readMarks(page.rows), isBusy: false };
      hasNew = false;
    }
    draw();
    await openRow();
  }
  // A link may open a call that is not among the first hundred.
  async function openRow() {
    const { open } = address().query;
    if (!open) { details = null; return; }
    let call = state.rows.find((c) => c.id === open);
    if (!call) {
      call = await get(`/api/v1/calls/${encoded(open)}`);
      state = { ...state, rows: [call, ...state.rows], marks: new Map([...state.marks, ...(await readMarks([call]))]) };
    }
    if (details?.of !== open) {
      details = null;
      draw();
      details = { of: open, ...(await readDetails(call)) };
    }
    draw();
    place.querySelector('.detrow')?.scrollIntoView({ block: 'nearest' });
  }
  async function more() {
    const page = await list({ after: state.next });
    const marks = await readMarks(page.rows);
    state = { ...state, rows: [...state.rows, ...page.rows], next: page.next, marks: new Map([...state.marks, ...marks]) };
    draw();
  }

  const tab = (name) => html`<a href=${withQuery({ tab: name === 'all' ? null : name, open: null })} aria-current=${(address().query.tab || 'all') === name ? 'page' : nothing}>${t(`tab.${name}`)}</a>`;
  const named = (list) => list.map((e) => ({ id: e.id, title: e.name }));
  const bar = () => html`<form class="bar" aria-label=${t('filters')} @submit=${(e) => e.preventDefault()}>
    ${periodFilter('last7')}
    ${oneFilter({ name: 'kind', title: t('f.status'), fallback: 'all', values: ['all', ...Object.keys(KINDS)].map((id) => ({ id, title: t(`status.${id}`) })) })}
    ${manyFilter({ name: 'employee', title: t('rec.employee'), values: named(known.directory.employees), nobody: true })}
    ${manyFilter({ name: 'group', title: t('f.group'), values: named(known.directory.departments) })}
    ${manyFilter({ name: 'line', title: t('rec.line'), values: named(known.directory.lines) })}
    ${manyFilter({ name: 'quality', title: t('rec.quality'), values: ['target', 'non_target', 'repeat', 'unverified', 'unsorted'].map((id) => ({ id, title: word('quality', id) })) })}
    <button type="button" class="btn bare hide-m" popovertarget="more-filters">${icon('plus')}${t('filters.other')}</button>
    <div popover id="more-filters" class="menu other">${typed({ name: 'client', title: t('rec.client') })}${typed({ name: 'tag', title: t('rec.tags') })}${typed({ name: 'wait', title: t('f.wait'), type: 'number' })}${typed({ name: 'talk', title: t('f.talk'), type: 'number' })}</div>
    ${manyFilter({ name: 'reason', title: t('f.reason'), values: REASONS.map((id) => ({ id, title: word('reason', id) })) })}
    ${manyFilter({ name: 'rating', title: t('rec.rating'), values: ['1', '2', '3', '4', '5'].map((id) => ({ id, title: id })) })}
    ${moreButton()}</form>`;

  function summary() {
    const of = (how) => state.rows.filter((c) => c.outcome === 'missed' && (c.client_number ? state.marks.get(c.id) || 'open' : 'none') === how).length;
    const link = (kind, mark, n) => html`<a href=${withQuery({ kind })}><span class="mk ${mark}"></span>${t(`status.${kind}`)} <b>${n}</b></a>`;
    return html`<nav class="sum" aria-label=${t('quick')}><span class="sec">${t('calls.shown', { n: state.rows.length })}:</span>${link('open', 'm1', of('open'))}${link('back', 'm3', of('back'))}${link('self', 'm4', of('self'))}${of('none') ? html`<span class="sec"><span class="mk"></span> ${t('missed.none')} <b>${of('none')}</b></span>` : nothing}</nav>`;
  }
  function body() {
    if (state.failed) return html`<section class="box">${blankOf(state.failed, update)}</section>`;
    if (!state.rows) return html`<section class="box">${skeleton(10)}</section>`;
    if (!state.rows.length) {
      const now = chosen('last7');
      return html`<section class="box">${blank(t('calls.none'), t('report.empty.why', { period: period(now.from, now.to) }), html`<a class="btn" href="/calls">${t('clear.all')}</a>`)}</section>`;
    }
    return html`${summary()}${hasNew ? html`<p class="note">${icon('info')}<span>${t('calls.new')} <a href=${location.pathname + location.search} @click=${reload}>${t('calls.show.new')}</a></span></p>` : nothing}
      <section class="box" aria-busy=${state.isBusy ? 'true' : nothing}>${callsTable({ rows: state.rows, marks: state.marks, details, redraw: draw })}
        ${state.next ? html`<p class="pad"><button class="btn" @click=${more}>${t('more.rows')}</button></p>` : nothing}</section>
      <footer class="foot"><span>${zoneName()}</span><span><code>${location.pathname + location.search}</code></span></footer>`;
  }
  function draw() {
    document.title = `${t('nav.calls')} · Hookline`;
    render(html`
      <header class="head"><div><h1>${t('nav.calls')}</h1></div><div class="acts">${saveButton(t('nav.calls'))}
        <button type="button" class="btn" @click=${() => download(`/api/v1/reports/calls?${query({ ...chosen('last7'), format: 'xlsx' })}`)}>${icon('down')}${t('export')}</button>
        <button type="button" class="btn sq" aria-label=${t('print')} @click=${() => print()}>${icon('print')}</button>
        <button type="button" class="btn sq" aria-label=${t('link.copy')} @click=${copyLink}>${icon('link')}</button></div></header>
      <nav class="tabs" aria-label=${t('tabs')}>${['all', 'in', 'out', 'internal'].map(tab)}</nav>
      ${bar()}${body()}`, place);
    makeGrid(place.querySelector('table.calls'));
  }
  function reload(event) {
    event?.preventDefault();
    state.key = '';
    update();
  }
  function update() {
    load().catch((failed) => { state = { ...state, failed }; draw(); });
  }
  // T: to the field for a tag of the opened call.
  function letters(event) {
    if (event.key.toLowerCase() !== 't' && event.key.toLowerCase() !== 'е') return;
    if (inField(event) || !lettersOn() || event.ctrlKey || event.metaKey || event.altKey) return;
    const field = place.querySelector('[data-key=t]');
    if (field) { event.preventDefault(); field.focus(); }
  }
  document.addEventListener('keydown', letters);
  const end = onChange(['call'], () => { hasNew = true; if (state.rows) draw(); }, 5000);
  update();
  return { update, unmount() { end(); document.removeEventListener('keydown', letters); } };
}
