// An opened call: legs, recording, tags while listening, rating, lead, tasks, why.
import { html, nothing } from '../html.js';
import { icon } from '../icons.js';
import { t, word } from '../i18n.js';
import { get, id as encoded, post, query, quoted } from '../api.js';
import { clock, moment, phone, spell } from '../format.js';
import { adSourceName, employeeName, isAdmin, lineName, stageName } from '../state.js';
import { attempt } from '../ui/toast.js';
import { legKey, legLanes } from './legs.js';
import { callButton } from './order.js';
import { player } from './player.js';

// What hangs on the call; each part may fail alone.
export async function readDetails(call) {
  const quiet = (promise) => promise.catch(() => null);
  const [lead, inquiry, tasks] = await Promise.all([
    call.lead ? quiet(get(`/api/v1/leads/${encoded(call.lead)}`)) : null,
    call.inquiry ? quiet(get(`/api/v1/inquiries/${encoded(call.inquiry)}`)) : null,
    quiet(get(`/api/v1/tasks?${query({ where: `call = ${quoted(call.id)}`, limit: 20 })}`)),
  ]);
  return { lead, inquiry, tasks: tasks?.rows || [] };
}

const tagsOf = (call) => call.tags || [];
async function setTags(call, tags, redraw) {
  const old = tagsOf(call);
  const done = await attempt(() => post('/crm/marks', { call: call.id, tags }), t('tags.saved'), () => setTags(call, old, redraw));
  if (done) { call.tags = tags; redraw(); }
}
async function rate(call, rating, redraw) {
  const done = await attempt(() => post('/crm/marks', { call: call.id, rating }), t('rating.saved'));
  if (done) { call.rating = rating; redraw(); }
}
function addTag(event, call, redraw) {
  event.preventDefault();
  const tag = new FormData(event.target).get('tag').trim();
  event.target.reset();
  if (tag && !tagsOf(call).includes(tag)) setTags(call, [...tagsOf(call), tag], redraw);
}

const tags = (call, redraw) => html`<div class="tags">
  ${tagsOf(call).map((tag) => html`<span class="chip">${icon('tag')}${tag}<button class="chip-x" aria-label=${t('tag.remove', { tag })} @click=${() => setTags(call, tagsOf(call).filter((x) => x !== tag), redraw)}>${icon('x')}</button></span>`)}
  <form class="tag-form" @submit=${(e) => addTag(e, call, redraw)}><input class="inp sm" name="tag" maxlength="60" placeholder=${t('tag.new')} aria-label=${t('tag.new')} data-key="t"></form>
  ${call.recordings?.length ? html`<span class="hint sec"><kbd>T</kbd> ${t('hint.tag')} <kbd>Space</kbd> ${t('hint.pause')} <kbd>←</kbd> <kbd>→</kbd> 5 ${t('sec')}</span>` : nothing}</div>`;

const stars = (call, redraw) => html`<span class="stars" role="group" aria-label=${t('rec.rating')}>${[1, 2, 3, 4, 5].map((n) => html`<button class="btn bare sm sq ${call.rating === n ? 'on' : ''}" aria-pressed=${call.rating === n ? 'true' : 'false'} aria-label=${t('rate', { n })} @click=${() => rate(call, n, redraw)}>${n}</button>`)}</span>`;

const why = (call, details) => {
  const rows = [
    [t('rec.employee'), call.employee ? t('why.employee', { name: employeeName(call.employee) }) : t('why.nobody')],
    [t('rec.quality'), details.inquiry ? `${word('quality', details.inquiry.quality)}${details.inquiry.why ? `: ${details.inquiry.why}` : ''}` : null],
    [t('rec.source'), details.inquiry?.ad_source ? adSourceName(details.inquiry.ad_source) : null],
    [t('rec.line'), call.line ? `${lineName(call.line)}` : null],
    ['ID', call.id],
  ].filter(([, value]) => value);
  return html`<h4>${t('why.title')}</h4><ul class="whyl">${rows.map(([name, value]) => html`<li><span class="sec">${name}</span><span>${value}</span></li>`)}</ul>`;
};

export function callDetails(call, details, redraw) {
  return html`<div class="det">
    <div>
      <div class="facts"><span>${t('fact.wait')} <b>${call.wait_s == null ? '—' : spell(call.wait_s)}</b></span>${call.outcome === 'answered' ? html`<span>${t('fact.talk')} <b>${clock(call.talk_s)}</b></span>${call.clean_talk_s != null ? html`<span>${t('fact.clean')} <b>${clock(call.clean_talk_s)}</b></span>` : nothing}` : html`<span>${t('fact.reason')} <b>${word('reason', call.finish_reason)}</b></span>`}${legKey()}</div>
      ${legLanes(call)}
      ${player(call, redraw)}
      ${tags(call, redraw)}
    </div>
    <div>
      <dl class="kv">
        <dt>${t('rec.contact')}</dt><dd>${call.contact ? html`<a href="/contacts/${encoded(call.contact)}">${call.client_name || phone(call.client_number)}</a>` : html`<span class="mut">—</span>`}${call.direction === 'internal' ? nothing : callButton(call.client_number)}</dd>
        <dt>${t('rec.rating')}</dt><dd>${stars(call, redraw)}</dd>
        <dt>${t('rec.lead')}</dt><dd>${details?.lead ? html`<a href="/leads?open=${encoded(details.lead.id)}">${details.lead.title || details.lead.id}</a> <span class="chip acc">${stageName(details.lead.stage)}</span>` : html`<span class="mut">${t('none')}</span>`}</dd>
        <dt>${t('rec.tasks')}</dt><dd>${details?.tasks.length ? details.tasks.map((task) => html`<span class="task-line">${task.title || task.kind} <span class="chip ${task.state === 'done' ? 'good' : 'warn'}">${word('state', task.state)}</span><span class="sub2">${t('deadline')} ${moment(task.deadline_at)}${task.done_at ? ` · ${moment(task.done_at)}` : ''}</span></span>`) : html`<span class="mut">${t('none')}</span>`}</dd>
      </dl>
      ${details ? why(call, details) : nothing}
      ${isAdmin() ? html`<a href="/api/v1/calls/${encoded(call.id)}/explain" target="_blank">${t('why.story')}</a>` : nothing}
    </div>
  </div>`;
}
