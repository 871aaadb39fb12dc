// The list of calls, grouped by day; a row opens by its arrow or Enter.
import { html, nothing, repeat } from '../html.js';
import { icon } from '../icons.js';
import { t } from '../i18n.js';
import { clock, day, decimal, isoDay, NULL, phone, time } from '../format.js';
import { address, withQuery } from '../router.js';
import { employeeName, lineName } from '../state.js';
import { id as encoded } from '../api.js';
import { answeredFor, callStatus, directionIcon } from './status.js';
import { callDetails } from './details.js';

const COLUMNS = 11;
const ratingOf = (call) => (call.rating ? html`<span class="rate r${call.rating}" title=${t('rate', { n: call.rating })}>${call.rating}</span>` : nothing);

function row(call, marks, isOpen) {
  return html`<tr class="m-${answeredFor(call, marks)} ${isOpen ? 'opened' : ''}" data-call=${call.id}>
    <td class="x"><a class="btn bare sm sq" href=${withQuery({ open: isOpen ? null : call.id })} role="button" aria-expanded=${isOpen ? 'true' : 'false'} aria-label=${t('call.details', { at: time(call.started_at) })}>${icon(isOpen ? 'chev' : 'right')}</a></td>
    <td class="t">${time(call.started_at)}</td>
    <td class="c">${directionIcon(call.direction)}${call.contact ? html`<a href="/contacts/${encoded(call.contact)}" class="nb cl">${phone(call.client_number)}</a>` : html`<span class="nb">${phone(call.client_number)}</span>`}${call.client_name ? html`<span class="sub2">${call.client_name}</span>` : nothing}</td>
    <td class="s">${callStatus(call, marks)}</td>
    <td class="e">${call.employee ? employeeName(call.employee) : html`<span class="na">${t('nobody')}</span>`}</td>
    <td class="num w">${call.wait_s == null ? NULL : decimal(call.wait_s)}</td>
    <td class="num d ${call.talk_s ? '' : 'mut'}">${clock(call.talk_s)}</td>
    <td class="num o">${ratingOf(call)}</td>
    <td class="g2">${(call.tags || []).map((tag) => html`<span class="chip">${tag}</span>`)}</td>
    <td class="q ${call.line ? '' : 'mut'}">${call.line ? lineName(call.line) : NULL}</td>
    <td class="l">${call.lead ? html`<a href="/leads?open=${encoded(call.lead)}">${t('lead.short')}</a>` : nothing}</td></tr>`;
}

export function callsTable({ rows, marks, details, redraw }) {
  const open = address().query.open;
  const days = new Map();
  for (const call of rows) {
    const date = isoDay(call.started_at);
    if (!days.has(date)) days.set(date, []);
    days.get(date).push(call);
  }
  const lines = [...days].flatMap(([date, calls]) => [{ key: date, day: calls }, ...calls.flatMap((call) => [{ key: call.id, call }, ...(call.id === open ? [{ key: `${call.id}…`, opened: call }] : [])])]);
  return html`<div class="scroll"><table class="tbl calls">
    <caption class="vh">${t('nav.calls')}</caption>
    <thead><tr><th class="x"><span class="vh">${t('details')}</span></th><th scope="col" aria-sort="descending">${t('rec.time')}</th><th scope="col">${t('rec.client')}</th><th scope="col">${t('rec.outcome')}</th><th scope="col">${t('rec.employee')}</th><th scope="col" class="num">${t('rec.wait')}</th><th scope="col" class="num">${t('rec.talk')}</th><th scope="col" class="num">${t('rec.rating')}</th><th scope="col">${t('rec.tags')}</th><th scope="col">${t('rec.line')}</th><th scope="col">${t('rec.lead')}</th></tr></thead>
    <tbody>${repeat(lines, (line) => line.key, (line) => {
      if (line.day) return html`<tr class="day"><th colspan=${COLUMNS} scope="rowgroup">${day(line.day[0].started_at)} <span class="n">${t('calls.n', { n: line.day.length })}</span></th></tr>`;
      if (line.opened) return html`<tr class="detrow"><td colspan=${COLUMNS}>${callDetails(line.opened, details, redraw)}</td></tr>`;
      return row(line.call, marks, line.call.id === open);
    })}</tbody></table></div>`;
}
