// /contacts: found by number or name. /contacts/ID: numbers, history, merge.
import { html, nothing, render } from '../html.js';
import { icon } from '../icons.js';
import { t, word } from '../i18n.js';
import { ApiError, get, id as encoded, post, query, quoted } from '../api.js';
import { address, go } from '../router.js';
import { clock, moment, phone, shortDay, time } from '../format.js';
import { employeeName, stageName } from '../state.js';
import { blank, blankOf, skeleton } from '../ui/blank.js';
import { attempt, toast } from '../ui/toast.js';
import { callStatus, directionIcon } from '../calls/status.js';
import { callNumber } from '../calls/order.js';
import { taskForm } from '../tasks/form.js';

const isNumber = (text) => /^[+\d][\d\s()-]{3,}$/.test(text);

async function find(text) {
  if (isNumber(text)) {
    try {
      const found = await get(`/api/v1/lookup?${query({ number: text })}`);
      return { one: found.contact };
    } catch (failed) { if (!(failed instanceof ApiError) || ![404, 400].includes(failed.status)) throw failed; }
  }
  const where = isNumber(text) ? `first_number contains ${quoted(text.replace(/[^\d]/g, ''))}` : text ? `name contains ${quoted(text)}` : 'name is not null';
  return get(`/api/v1/contacts?${query({ where, limit: 100 })}`);
}
async function readContact(id) {
  const contact = await get(`/api/v1/contacts/${encoded(id)}`);
  const where = `contact = ${quoted(contact.id)}`;
  const [calls, leads, tasks, inquiries] = await Promise.all(['calls', 'leads', 'tasks', 'inquiries'].map((list) => get(`/api/v1/${list}?${query({ where, limit: 50 })}`).catch((failed) => { if (failed.status === 403) return { rows: [] }; throw failed; })));
  return { contact, calls: calls.rows, leads: leads.rows, tasks: tasks.rows, inquiries: inquiries.rows.filter((row) => row.kind !== 'call') };
}

export function mount(place) {
  let shown = null; // {list} or {card}
  let failed = null;
  let isMaking = false;

  async function load() {
    const id = decodeURIComponent(address().path.split('/')[2] || '');
    failed = null;
    if (id) {
      if (shown?.card?.contact.id !== id) { shown = null; draw(); }
      shown = { card: await readContact(id) };
    } else {
      shown = null;
      draw();
      const found = await find(address().query.q || '');
      if (found.one) return go(`/contacts/${encoded(found.one)}`, { replace: true });
      shown = { list: found.rows };
    }
    draw();
  }
  async function merge(event) {
    event.preventDefault();
    const { contact } = shown.card;
    const into = new FormData(event.target).get('into').trim();
    const target = await attempt(async () => (isNumber(into) ? (await get(`/api/v1/lookup?${query({ number: into })}`)).contact : (await get(`/api/v1/contacts/${encoded(into)}`)).id));
    if (!target) return;
    const undo = async () => { await attempt(() => post(`/crm/contacts/${encoded(contact.id)}/merge`, { into: '' }), t('undone')); go(`/contacts/${encoded(contact.id)}`); };
    if (await attempt(() => post(`/crm/contacts/${encoded(contact.id)}/merge`, { into: target }), t('contact.merged'), undo)) go(`/contacts/${encoded(target)}`);
  }

  const list = (rows) => html`<header class="head"><div><h1>${t('nav.contacts')}</h1><p class="sub">${t('contacts.sub')}</p></div></header>
    <form class="bar" role="search" @submit=${(e) => { e.preventDefault(); go(`/contacts?${query({ q: new FormData(e.target).get('q') })}`); }}><input class="inp wide" type="search" name="q" .value=${address().query.q || ''} placeholder=${t('search.hint')} aria-label=${t('search.label')}><button class="btn">${t('find')}</button></form>
    ${rows.length ? html`<section class="box"><div class="scroll"><table class="tbl two contacts"><caption class="vh">${t('nav.contacts')}</caption><thead><tr><th scope="col" class="name">${t('rec.contact')}</th><th scope="col">${t('rec.numbers')}</th></tr></thead><tbody>${rows.map((c) => html`<tr><th scope="row" class="name"><a href="/contacts/${encoded(c.id)}">${c.name || phone(c.numbers?.[0])}</a></th><td>${(c.numbers || []).map((n) => html`<span class="nb">${phone(n)}</span> `)}${c.merged_into ? html`<span class="chip off">${t('contact.is.merged')}</span>` : nothing}</td></tr>`)}</tbody></table></div></section>` : html`<section class="box">${blank(t('contacts.none'), t('contacts.none.why'), html`<a class="btn" href="/contacts">${t('clear.all')}</a>`)}</section>`}`;

  // Calls and other inquiries as one story, newest first.
  function history({ calls, inquiries }) {
    const rows = [...calls.map((c) => ({ at: c.started_at, call: c })), ...inquiries.map((i) => ({ at: i.at, inquiry: i }))].sort((a, b) => b.at.localeCompare(a.at));
    if (!rows.length) return html`<p class="pad sec">${t('none')}</p>`;
    return html`<ol class="hist pad">${rows.map(({ at, call, inquiry }) => html`<li><span class="nb sec">${shortDay(at)} ${time(at).slice(0, 5)}</span>
      ${call ? html`<span>${directionIcon(call.direction)}<a href="/calls?open=${encoded(call.id)}">${callStatus(call)}</a><span class="sub2">${call.employee ? employeeName(call.employee) : t('nobody')}</span></span><span class="num">${call.talk_s ? clock(call.talk_s) : ''}</span>` : html`<span>${icon('form')} ${word('kind', inquiry.kind)}${inquiry.text ? html`<span class="sub2">${inquiry.text}</span>` : nothing}</span><span class="sec">${inquiry.taken_by ? employeeName(inquiry.taken_by) : t('not.taken')}</span>`}</li>`)}</ol>`;
  }
  function card(found) {
    const { contact, leads, tasks } = found;
    const title = contact.name || phone(contact.numbers?.[0]);
    document.title = `${title} · Hookline`;
    const open = tasks.filter((x) => x.state === 'open' || x.state === 'overdue');
    return html`<header class="head"><div><h1>${title}</h1><p class="sub">${(contact.numbers || []).map((n) => html`${callNumber(n)} `)}${(contact.emails || []).join(', ')}</p></div>
        <div class="acts"><button class="btn" aria-expanded=${isMaking ? 'true' : 'false'} @click=${() => { isMaking = !isMaking; draw(); }}>${icon('task')}${t('task.new')}</button></div></header>
      ${contact.merged_into ? html`<p class="note warn">${icon('info')}<span>${t('contact.is.merged')}: <a href="/contacts/${encoded(contact.merged_into)}">${contact.merged_into}</a></span></p>` : nothing}
      ${isMaking ? taskForm({ contact: contact.id }, () => { isMaking = false; toast(t('task.made')); load(); }) : nothing}
      ${open.length ? html`<p class="note warn contact-note">${icon('clock')}<span>${open.map((x) => html`<b>${x.title || word('task', x.kind)}</b> ${t('deadline')} ${moment(x.deadline_at)} <a href="/tasks?whose=all">${t('nav.tasks')}</a> `)}</span></p>` : nothing}
      <div class="c-grid"><section class="box" aria-labelledby="c1"><header><h2 id="c1">${t('contact.history')}</h2><span class="n">${found.calls.length + found.inquiries.length}</span></header>${history(found)}</section>
        <div><section class="box" aria-labelledby="c2"><header><h2 id="c2">${t('nav.leads')}</h2><span class="n">${leads.length}</span></header>${leads.length ? html`<ul class="rows">${leads.map((lead) => html`<li><a href="/leads?open=${encoded(lead.id)}">${lead.title || t('lead.new')}</a> <span class="chip acc">${stageName(lead.stage)}</span><span class="sub2">${moment(lead.created_at)} · ${lead.responsible ? employeeName(lead.responsible) : t('nobody')}</span></li>`)}</ul>` : html`<p class="pad sec">${t('none')}</p>`}</section>
          <section class="box" aria-labelledby="c3"><header><h2 id="c3">${t('contact.merge')}</h2></header><form class="pad pass" @submit=${merge}><p class="sec">${t('contact.merge.how')}</p><input class="inp" name="into" required placeholder=${t('contact.merge.hint')} aria-label=${t('contact.merge.hint')}><button class="btn">${t('contact.merge.do')}</button></form></section></div></div>`;
  }
  function draw() {
    document.title = `${t('nav.contacts')} · Hookline`;
    if (failed) render(html`<h1 class="vh">${t('nav.contacts')}</h1><section class="box">${blankOf(failed, update)}</section>`, place);
    else if (!shown) render(html`<h1 class="vh">${t('nav.contacts')}</h1><section class="box">${skeleton(8)}</section>`, place);
    else render(shown.card ? card(shown.card) : list(shown.list), place);
  }
  function update() { load().catch((error) => { failed = error; draw(); }); }
  update();
  return { update };
}
