// /leads: by stage; a row opens the lead, which can be passed on with its inquiries.
import { html, nothing, render, repeat } from '../html.js';
import { icon } from '../icons.js';
import { t } from '../i18n.js';
import { get, id as encoded, query, quoted } from '../api.js';
import { address, withQuery } from '../router.js';
import { money, moment, NULL, period, phone, zoneName } from '../format.js';
import { adSourceName, employeeName, stageName, state as known } from '../state.js';
import { blank, blankOf, skeleton } from '../ui/blank.js';
import { manyFilter, moreButton } from '../ui/filters.js';
import { chosen, periodFilter } from '../ui/period.js';
import { makeGrid } from '../ui/grid.js';
import { copyLink, saveButton } from '../report/actions.js';
import { leadCard, readLead } from '../leads/card.js';

const many = (field, text) => {
  if (!text) return null;
  const ids = text.split(',').filter((id) => id && id !== '-');
  return `(${[ids.length ? `${field} in (${ids.map(quoted).join(', ')})` : null, text.split(',').includes('-') ? `${field} is null` : null].filter(Boolean).join(' or ')})`;
};

const nameOf = (lead) => lead.title || (lead.number ? phone(lead.number) : t('lead.new'));

export function mount(place) {
  let state = { rows: null, next: null, failed: null, key: '' };
  let card = null;

  const where = () => {
    const q = address().query;
    return [many('stage', q.stage), many('responsible', q.responsible), many('ad_source', q.ad_source), 'merged_into is null'].filter(Boolean).join(' and ');
  };
  // What has no title yet is known by the number of the inquiry that made it.
  async function nameless(rows) {
    const made = rows.filter((lead) => !lead.title && lead.inquiry);
    if (!made.length) return;
    const found = await get(`/api/v1/inquiries?${query({ where: `id in (${made.map((lead) => quoted(lead.inquiry)).join(', ')})`, limit: 1000 })}`);
    const numbers = new Map(found.rows.map((row) => [row.id, row.number]));
    for (const lead of made) lead.number = numbers.get(lead.inquiry);
  }
  const list = (extra = {}) => get(`/api/v1/leads?${query({ ...chosen('last30'), where: where(), limit: 100, ...extra })}`);

  async function load() {
    const key = query({ ...chosen('last30'), where: where() });
    if (key !== state.key) {
      state = { ...state, key, failed: null, isBusy: true };
      draw();
      const page = await list();
      await nameless(page.rows);
      state = { ...state, rows: page.rows, next: page.next, isBusy: false };
    }
    draw();
    const { open } = address().query;
    if (!open) card = null;
    else if (card?.lead.id !== open) {
      card = await readLead(open);
      if (!state.rows.some((row) => row.id === card.lead.id)) state.rows = [card.lead, ...state.rows];
    }
    draw();
    place.querySelector('.detrow')?.scrollIntoView({ block: 'nearest' });
  }
  async function more() {
    const page = await list({ after: state.next });
    await nameless(page.rows);
    state = { ...state, rows: [...state.rows, ...page.rows], next: page.next };
    draw();
  }
  async function changed(id) {
    card = await readLead(id);
    state.rows = state.rows.map((row) => (row.id === card.lead.id ? card.lead : row));
    draw();
  }

  const one = (lead) => {
    const isOpen = address().query.open === lead.id;
    return html`<tr class=${isOpen ? 'opened' : ''} data-lead=${lead.id}>
      <td class="x"><a class="btn bare sm sq" href=${withQuery({ open: isOpen ? null : lead.id })} role="button" aria-expanded=${isOpen ? 'true' : 'false'} aria-label=${t('lead.details', { title: lead.title || lead.id })}>${icon(isOpen ? 'chev' : 'right')}</a></td>
      <td class="t">${moment(lead.created_at)}</td>
      <td class="n1">${lead.contact ? html`<a class="cl" href="/contacts/${encoded(lead.contact)}">${nameOf(lead)}</a>` : nameOf(lead)}${lead.object ? html`<span class="sub2">${lead.object}</span>` : nothing}</td>
      <td class="stg"><span class="chip st-${lead.stage}">${stageName(lead.stage)}</span></td>
      <td class="man">${lead.responsible ? employeeName(lead.responsible) : html`<i class="na">${t('nobody')}</i>`}</td>
      <td class="src ${lead.ad_source ? '' : 'mut'}">${lead.ad_source ? adSourceName(lead.ad_source) : NULL}</td>
      <td class="num am">${lead.amount ? money(lead.amount, lead.currency) : html`<span class="mut">${NULL}</span>`}</td>
      <td class="tg">${(lead.tags || []).map((tag) => html`<span class="chip line">${tag}</span>`)}</td></tr>`;
  };
  function stages() {
    const all = known.directory.funnels.flatMap((funnel) => funnel.stages || []);
    const current = address().query.stage;
    const count = (id) => state.rows.filter((row) => row.stage === id).length;
    return html`<nav class="sum" aria-label=${t('rec.stage')}>${all.filter((s) => count(s.id) || s.id === current).map((s) => html`<a href=${withQuery({ stage: current === s.id ? null : s.id, open: null })} aria-current=${current === s.id ? 'true' : nothing}>${stageName(s.id)} <b>${count(s.id)}${state.next ? '+' : ''}</b></a>`)}</nav>`;
  }
  function body() {
    if (state.failed) return html`<section class="box">${blankOf(state.failed, update)}</section>`;
    if (!state.rows) return html`<section class="box">${skeleton(10)}</section>`;
    const now = chosen('last30');
    if (!state.rows.length) return html`<section class="box">${blank(t('leads.none'), t('report.empty.why', { period: period(now.from, now.to) }), html`<a class="btn" href="/leads">${t('clear.all')}</a>`)}</section>`;
    const lines = state.rows.flatMap((lead) => [{ key: lead.id, lead }, ...(card && lead.id === card.lead.id && address().query.open ? [{ key: `${lead.id}…`, card }] : [])]);
    return html`${stages()}<section class="box" aria-busy=${state.isBusy ? 'true' : nothing}><div class="scroll"><table class="tbl inq leads"><caption class="vh">${t('nav.leads')}</caption>
      <thead><tr><th class="x"><span class="vh">${t('details')}</span></th><th scope="col">${t('rec.created')}</th><th scope="col">${t('rec.lead')}</th><th scope="col">${t('rec.stage')}</th><th scope="col">${t('rec.responsible')}</th><th scope="col">${t('rec.source')}</th><th scope="col" class="num">${t('rec.amount')}</th><th scope="col">${t('rec.tags')}</th></tr></thead>
      <tbody>${repeat(lines, (line) => line.key, (line) => (line.card ? html`<tr class="detrow"><td colspan="8">${leadCard(line.card, changed)}</td></tr>` : one(line.lead)))}</tbody></table></div>
      ${state.next ? html`<p class="pad"><button class="btn" @click=${more}>${t('more.rows')}</button></p>` : nothing}</section><footer class="foot"><span>${zoneName()}</span><span><code>${location.pathname + location.search}</code></span></footer>`;
  }
  function draw() {
    document.title = `${t('nav.leads')} · Hookline`;
    render(html`
      <header class="head"><div><h1>${t('nav.leads')}</h1><p class="sub">${t('leads.sub')}</p></div><div class="acts">${saveButton(t('nav.leads'))}<button type="button" class="btn sq" aria-label=${t('link.copy')} @click=${copyLink}>${icon('link')}</button></div></header>
      <form class="bar" aria-label=${t('filters')} @submit=${(e) => e.preventDefault()}>${periodFilter('last30', t('rec.created'))}
        ${manyFilter({ name: 'stage', title: t('rec.stage'), values: known.directory.funnels.flatMap((f) => f.stages || []).map((s) => ({ id: s.id, title: stageName(s.id) })) })}
        ${manyFilter({ name: 'responsible', title: t('rec.responsible'), values: known.directory.employees.map((e) => ({ id: e.id, title: e.name })), nobody: true })}
        ${manyFilter({ name: 'ad_source', title: t('rec.source'), values: [...known.directory.ad_sources.map((e) => ({ id: e.id, title: e.name })), { id: '-', title: t('no.source') }] })}${moreButton()}</form>
      ${body()}`, place);
    makeGrid(place.querySelector('table.leads'));
  }
  function update() { load().catch((failed) => { state = { ...state, failed, key: '' }; draw(); }); }
  update();
  return { update };
}
