// /inquiries: every touch – call, request, chat – with its quality and who took it.
import { html, nothing, render } from '../html.js';
import { icon } from '../icons.js';
import { t, word } from '../i18n.js';
import { get, id as encoded, post, query, quoted } from '../api.js';
import { address, withQuery } from '../router.js';
import { day, hourMinute, isoDay, NULL, phone, period, zoneName } from '../format.js';
import { adSourceName, employeeName, state as known } from '../state.js';
import { blank, blankOf, skeleton } from '../ui/blank.js';
import { flag, manyFilter, moreButton } from '../ui/filters.js';
import { chosen, periodFilter } from '../ui/period.js';
import { attempt } from '../ui/toast.js';
import { makeGrid } from '../ui/grid.js';
import { copyLink, download, saveButton } from '../report/actions.js';

const QUALITIES = ['target', 'repeat', 'non_target', 'unsorted', 'unverified'];
const KINDS = ['call', 'request', 'chat', 'manual'];
const ICONS = { call: 'phone', request: 'form', chat: 'user', manual: 'user' };
const among = (field, text) => (text ? `${field} in (${text.split(',').filter(Boolean).map(quoted).join(', ')})` : null);
const orNobody = (field, text) => {
  if (!text) return null;
  const ids = text.split(',').filter((id) => id && id !== '-');
  const parts = [ids.length ? `${field} in (${ids.map(quoted).join(', ')})` : null, text.split(',').includes('-') ? `${field} is null` : null].filter(Boolean);
  return `(${parts.join(' or ')})`;
};

export function mount(place) {
  let state = { rows: null, next: null, counts: null, failed: null, key: '' };

  const base = (withQuality = true) => {
    const q = address().query;
    return [q.non_advertising === 'true' ? null : 'advertising', among('kind', q.type), orNobody('taken_by', q.manager), orNobody('ad_source', q.ad_source), withQuality ? among('quality', q.quality) : null].filter(Boolean).join(' and ');
  };
  const list = (where, extra = {}) => get(`/api/v1/inquiries?${query({ ...chosen('last7'), where, limit: 100, ...extra })}`);

  async function load() {
    const key = query({ ...chosen('last7'), where: base() });
    if (key !== state.key) {
      state = { ...state, key, isBusy: true, failed: null };
      draw();
      const [page, figures] = await Promise.all([list(base()), readCounts()]);
      state = { ...state, rows: page.rows, next: page.next, counts: figures, isBusy: false };
    }
    draw();
  }
  // By quality, whatever quality is chosen; up to a thousand.
  async function readCounts() {
    const page = await list(base(false), { limit: 1000 });
    const counts = Object.fromEntries(QUALITIES.map((quality) => [quality, page.rows.filter((row) => row.quality === quality).length]));
    return { ...counts, all: page.rows.length, isMore: page.next != null };
  }
  async function more() {
    const page = await list(base(), { after: state.next });
    state = { ...state, rows: [...state.rows, ...page.rows], next: page.next };
    draw();
  }
  async function setQuality(row, quality) {
    const old = row.quality;
    const done = await attempt(() => post('/crm/marks', { inquiry: row.id, quality }), t('quality.saved'), () => setQuality(row, old));
    if (done) { row.quality = quality; draw(); }
  }

  const qualityMenu = (row, i) => html`<button class="chip q-${row.quality} as-btn" popovertarget="q${i}" aria-label="${t('rec.quality')}: ${word('quality', row.quality)}">${word('quality', row.quality)}</button>
    <div popover id="q${i}" class="menu left">${row.why ? html`<p class="sec why-text">${row.why}</p><hr>` : nothing}${QUALITIES.slice(0, 3).map((q) => html`<button class="item" aria-current=${q === row.quality ? 'true' : nothing} @click=${(e) => { e.target.closest('[popover]').hidePopover(); setQuality(row, q); }}>${word('quality', q)}</button>`)}</div>`;
  const one = (row, i) => html`<tr data-inquiry=${row.id}>
    <td class="t">${hourMinute(row.at)}</td>
    <td class="num2"><span class="dir" title=${word('kind', row.kind)}>${icon(ICONS[row.kind] || 'phone')}<span class="vh">${word('kind', row.kind)}</span></span>${row.contact ? html`<a class="nb cl" href="/contacts/${encoded(row.contact)}">${row.number ? phone(row.number) : row.email || t('card')}</a>` : html`<span class="nb">${row.number ? phone(row.number) : t('phone.withheld')}</span>`}${row.text ? html`<span class="sub2">${row.text}</span>` : nothing}</td>
    <td class="n1">${row.lead ? html`<a href="/leads?open=${encoded(row.lead)}">${t('lead.short')}</a>` : nothing}</td>
    <td class="src ${row.ad_source ? '' : 'mut'}">${row.ad_source ? adSourceName(row.ad_source) : NULL}</td>
    <td class="man">${row.taken_by ? employeeName(row.taken_by) : html`<i class="na">${row.taken_at ? t('nobody') : t('not.taken')}</i>`}</td>
    <td class="typ sec">${row.call ? html`<a href="/calls?open=${encoded(row.call)}">${word('kind', row.kind)}</a>` : word('kind', row.kind)}${row.object ? ` · ${row.object}` : ''}</td>
    <td class="ql">${qualityMenu(row, i)}${row.advertising ? nothing : html`<span class="sub2">${t('not.advertising')}</span>`}</td></tr>`;

  function table() {
    let last = '';
    const lines = state.rows.flatMap((row, i) => {
      const date = isoDay(row.at);
      const head = date === last ? [] : [html`<tr class="day"><th colspan="7" scope="rowgroup">${day(row.at)}</th></tr>`];
      last = date;
      return [...head, one(row, i)];
    });
    return html`<div class="scroll"><table class="tbl inq"><caption class="vh">${t('nav.inquiries')}</caption><thead><tr><th scope="col">${t('rec.time')}</th><th scope="col">${t('rec.client')}</th><th scope="col">${t('rec.lead')}</th><th scope="col">${t('rec.source')}</th><th scope="col">${t('rec.taken')}</th><th scope="col">${t('f.kind')}</th><th scope="col">${t('rec.quality')}</th></tr></thead><tbody>${lines}</tbody></table></div>`;
  }
  function shares() {
    const { counts } = state;
    const plus = counts.isMore ? '+' : '';
    const current = address().query.quality;
    return html`<section class="qbar" aria-label=${t('rec.quality')}><a class="all" href=${withQuery({ quality: null })} aria-current=${current ? nothing : 'true'}><b>${counts.all}${plus}</b> ${t('inquiries.n', { n: counts.all })}</a>
      <div class="qs">${QUALITIES.filter((q) => counts[q]).map((q) => html`<a href=${withQuery({ quality: current === q ? null : q })} aria-current=${current === q ? 'true' : nothing} class="q q-${q}" .style=${`flex-grow:${counts[q]}`}><span class="qb"></span><span><b>${counts[q]}</b> ${word('quality', q)}</span></a>`)}</div></section>`;
  }
  function body() {
    if (state.failed) return html`<section class="box">${blankOf(state.failed, update)}</section>`;
    if (!state.rows) return html`<section class="box">${skeleton(10)}</section>`;
    const now = chosen('last7');
    if (!state.rows.length) return html`<section class="box">${blank(t('inquiries.none'), t('report.empty.why', { period: period(now.from, now.to) }), html`<a class="btn" href="/inquiries">${t('clear.all')}</a>`)}</section>`;
    return html`${shares()}<section class="box" aria-busy=${state.isBusy ? 'true' : nothing}>${table()}${state.next ? html`<p class="pad"><button class="btn" @click=${more}>${t('more.rows')}</button></p>` : nothing}</section><footer class="foot"><span>${zoneName()}</span><span><code>${location.pathname + location.search}</code></span></footer>`;
  }
  function draw() {
    document.title = `${t('nav.inquiries')} · Hookline`;
    render(html`
      <header class="head"><div><h1>${t('nav.inquiries')}</h1><p class="sub">${t('inquiries.sub')}</p></div><div class="acts">${saveButton(t('nav.inquiries'))}<button type="button" class="btn" @click=${() => download(`/api/v1/reports/inquiries?${query({ ...chosen('last7'), format: 'xlsx' })}`)}>${icon('down')}${t('export')}</button><button type="button" class="btn sq" aria-label=${t('link.copy')} @click=${copyLink}>${icon('link')}</button></div></header>
      <form class="bar" aria-label=${t('filters')} @submit=${(e) => e.preventDefault()}>${periodFilter('last7')}
        ${manyFilter({ name: 'type', title: t('f.kind'), values: KINDS.map((id) => ({ id, title: word('kind', id) })) })}
        ${manyFilter({ name: 'manager', title: t('rec.taken'), values: known.directory.employees.map((e) => ({ id: e.id, title: e.name })), nobody: true })}
        ${manyFilter({ name: 'ad_source', title: t('rec.source'), values: [...known.directory.ad_sources.map((e) => ({ id: e.id, title: e.name })), { id: '-', title: t('no.source') }] })}
        ${moreButton()}</form>
      <div class="bar opts-bar"><div class="opts">${flag({ name: 'non_advertising', title: t('non.advertising') })}</div></div>
      ${body()}`, place);
    makeGrid(place.querySelector('table.inq'));
  }
  function update() { load().catch((failed) => { state = { ...state, failed, key: '' }; draw(); }); }
  update();
  return { update };
}
