// Records of any kind as short rows: in the panel behind a figure, in a
// contact's history.
import { html, nothing } from './html.js';
import { t, word } from './i18n.js';
import { icon } from './icons.js';
import { clock, decimal, money, moment, phone, time, shortDay, NULL } from './format.js';
import { adSourceName, employeeName, stageName } from './state.js';
import { id as encoded } from './api.js';
import { callStatus, directionIcon } from './calls/status.js';

// A row that is counted in the denominator alone says so.
const counts = (row) => (row.counts === false || row.counts === 0 ? html`<span class="chip off">${t('drill.not')}</span>` : nothing);

const call = (row) => html`<tr>
  <td class="t"><a href="/calls?open=${encoded(row.id)}&from=${row.started_at.slice(0, 10)}&to=${row.started_at.slice(0, 10)}">${time(row.started_at)}</a><span class="sub2">${shortDay(row.started_at)}</span></td>
  <td>${directionIcon(row.direction)}<span class="nb">${phone(row.client_number)}</span><span class="sub2">${row.employee ? employeeName(row.employee) : t('nobody')}</span></td>
  <td>${callStatus(row)}${counts(row)}</td><td class="num">${row.wait_s == null ? NULL : decimal(row.wait_s)}</td><td class="num">${clock(row.talk_s)}</td></tr>`;
const inquiry = (row) => html`<tr>
  <td class="t">${moment(row.at)}</td><td>${word('kind', row.kind)}<span class="sub2">${row.number ? phone(row.number) : row.email || ''}</span></td>
  <td><span class="chip ${row.quality === 'target' ? 'good' : ''}">${word('quality', row.quality)}</span>${counts(row)}</td><td>${row.ad_source ? adSourceName(row.ad_source) : NULL}</td><td>${row.taken_by ? employeeName(row.taken_by) : t('nobody')}</td></tr>`;
const lead = (row) => html`<tr>
  <td class="t">${moment(row.created_at)}</td><td><a href="/leads?open=${encoded(row.id)}">${row.title || row.id}</a><span class="sub2">${row.object || ''}</span></td>
  <td><span class="chip acc">${stageName(row.stage)}</span>${counts(row)}</td><td>${row.responsible ? employeeName(row.responsible) : t('nobody')}</td><td class="num">${row.amount ? money(row.amount, row.currency) : NULL}</td></tr>`;
const task = (row) => html`<tr>
  <td class="t">${moment(row.created_at)}</td><td>${row.title || row.kind}<span class="sub2">${row.assignee ? employeeName(row.assignee) : t('nobody')}</span></td>
  <td><span class="chip">${word('state', row.state)}</span>${counts(row)}</td><td>${moment(row.deadline_at)}</td><td>${moment(row.done_at)}</td></tr>`;
const contact = (row) => html`<tr><td><a href="/contacts/${encoded(row.id)}">${row.name || row.id}</a></td><td colspan="4">${(row.numbers || []).map(phone).join(', ')}</td></tr>`;

const KINDS = {
  calls: [call, ['time', 'client', 'outcome', 'wait', 'talk']],
  inquiries: [inquiry, ['time', 'inquiry', 'quality', 'source', 'taken']],
  leads: [lead, ['created', 'lead', 'stage', 'responsible', 'amount']],
  tasks: [task, ['created', 'task', 'state', 'deadline', 'done']],
  contacts: [contact, ['contact', 'numbers', '', '', '']],
};

// What kind a record is, by what it carries, where nobody says.
const kindOf = (row) => (row.legs ? 'calls' : row.taken_how !== undefined || row.quality !== undefined ? 'inquiries' : row.deadline_at !== undefined ? 'tasks' : row.funnel !== undefined ? 'leads' : 'contacts');

export function recordRows(kind, rows) {
  if (!rows.length) return html`<p class="pad sec">${t('drill.none')}</p>`;
  const [row, heads] = KINDS[kind] && kind !== 'legs' ? KINDS[kind] : KINDS[kindOf(rows[0])];
  return html`<div class="scroll"><table class="tbl two recs"><thead><tr>${heads.map((h, i) => html`<th scope="col" class=${['wait', 'talk', 'amount'].includes(h) ? 'num' : ''}>${h ? t(`rec.${h}`) : html`<span class="vh">${i}</span>`}</th>`)}</tr></thead><tbody>${rows.map((r) => row(r))}</tbody></table></div>`;
}
export const dot = (tone) => html`<span class="dot ${tone}"></span>`;
export { icon };
