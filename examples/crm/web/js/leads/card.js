// An opened lead: its stage, who is responsible, passing it on, its inquiries.
import { html, nothing } from '../html.js';
import { t, word } from '../i18n.js';
import { get, id as encoded, post, query, quoted } from '../api.js';
import { money, moment, phone } from '../format.js';
import { adSourceName, employeeName, stageName, state } from '../state.js';
import { attempt } from '../ui/toast.js';
import { callButton } from '../calls/order.js';

export async function readLead(id) {
  const lead = await get(`/api/v1/leads/${encoded(id)}`);
  const quiet = (promise) => promise.catch(() => ({ rows: [] }));
  const [contact, inquiries, tasks] = await Promise.all([
    lead.contact ? get(`/api/v1/contacts/${encoded(lead.contact)}`).catch(() => null) : null,
    quiet(get(`/api/v1/inquiries?${query({ where: `lead = ${quoted(lead.id)}`, limit: 50 })}`)),
    quiet(get(`/api/v1/tasks?${query({ where: `lead = ${quoted(lead.id)}`, limit: 50 })}`)),
  ]);
  return { lead, contact, inquiries: inquiries.rows, tasks: tasks.rows };
}

export function leadCard({ lead, contact, inquiries, tasks }, changed) {
  const change = async (body, what) => {
    const old = lead[body.field];
    const undo = async () => { await attempt(() => post(`/crm/leads/${encoded(lead.id)}/change`, { ...body, to: old }), t('undone')); changed(lead.id); };
    if (await attempt(() => post(`/crm/leads/${encoded(lead.id)}/change`, body), what, old ? undo : null)) changed(lead.id);
  };
  const pass = (event) => {
    event.preventDefault();
    const data = new FormData(event.target);
    change({ field: 'responsible', to: data.get('to'), with_inquiries: data.get('with') === 'on' }, t('lead.passed'));
  };
  return html`<div class="det">
    <div><h4>${t('lead.inquiries')}</h4>${inquiries.length ? html`<ol class="hist">${inquiries.map((row) => html`<li><span class="nb">${moment(row.at)}</span><span>${row.call ? html`<a href="/calls?open=${encoded(row.call)}">${word('kind', row.kind)}</a>` : word('kind', row.kind)} ${row.number ? phone(row.number) : ''}${row.text ? html`<span class="sub2">${row.text}</span>` : nothing}</span><span class="sec">${row.taken_by ? employeeName(row.taken_by) : t('not.taken')}</span></li>`)}</ol>` : html`<p class="sec">${t('none')}</p>`}
      <h4>${t('rec.tasks')}</h4>${tasks.length ? html`<ol class="hist">${tasks.map((task) => html`<li><span class="nb">${moment(task.deadline_at)}</span><span>${task.title || word('task', task.kind)}</span><span class="chip ${task.state === 'done' ? 'good' : 'warn'}">${word('state', task.state)}</span></li>`)}</ol>` : html`<p class="sec">${t('none')}</p>`}</div>
    <div><dl class="kv">
      ${contact ? html`<dt>${t('rec.contact')}</dt><dd><a href="/contacts/${encoded(contact.id)}">${contact.name || phone(contact.numbers?.[0])}</a>${(contact.numbers || []).map((number) => html`<span class="number-line"><span class="nb">${phone(number)}</span>${callButton(number)}</span>`)}</dd>` : nothing}
      <dt>${t('rec.stage')}</dt><dd><select class="inp" aria-label=${t('rec.stage')} @change=${(e) => change({ field: 'stage', to: e.target.value }, t('lead.staged'))}>${state.directory.funnels.flatMap((f) => f.stages || []).map((s) => html`<option value=${s.id} ?selected=${s.id === lead.stage}>${stageName(s.id)}</option>`)}</select></dd>
      <dt>${t('rec.responsible')}</dt><dd>${lead.responsible ? employeeName(lead.responsible) : t('nobody')}</dd>
      <dt>${t('rec.source')}</dt><dd>${lead.ad_source ? adSourceName(lead.ad_source) : '—'}</dd>
      ${lead.object ? html`<dt>${t('rec.object')}</dt><dd>${lead.object}</dd>` : nothing}
      ${lead.amount ? html`<dt>${t('rec.amount')}</dt><dd>${money(lead.amount, lead.currency)}</dd>` : nothing}
      ${lead.note ? html`<dt>${t('note')}</dt><dd>${lead.note}</dd>` : nothing}
      <dt>${t('rec.created')}</dt><dd>${moment(lead.created_at)}, ${word('kind', lead.created_by)}</dd></dl>
      <form class="pass" @submit=${pass}><h4>${t('lead.pass')}</h4><select class="inp" name="to" required aria-label=${t('lead.pass.to')}><option value="">${t('choose')}</option>${state.directory.employees.filter((e) => e.id !== lead.responsible && !e.dismissed_at).map((e) => html`<option value=${e.id}>${e.name}</option>`)}</select>
        <label class="opt"><input type="checkbox" name="with">${t('lead.pass.with')}</label><button class="btn">${t('lead.pass.do')}</button></form></div></div>`;
}
