// /tasks: mine, everybody's, nobody's; overdue first. Done by one click, with undo.
import { html, nothing, render, repeat } from '../html.js';
import { icon } from '../icons.js';
import { t, word } from '../i18n.js';
import { get, id as encoded, post, query, quoted } from '../api.js';
import { address, withQuery } from '../router.js';
import { day, isoDay, moment, percent, phone, spell, time, zoneName } from '../format.js';
import { employeeName, state as known } from '../state.js';
import { blankOf, skeleton } from '../ui/blank.js';
import { manyFilter, moreButton, oneFilter } from '../ui/filters.js';
import { periodFilter, chosen } from '../ui/period.js';
import { attempt, toast } from '../ui/toast.js';
import { copyLink } from '../report/actions.js';
import { onChange } from '../events.js';
import { callButton } from '../calls/order.js';
import { taskForm } from '../tasks/form.js';
import { numberOf, readNumbers } from '../tasks/numbers.js';

const KINDS = ['callback', 'follow_up', 'low_rating', 'promise', 'manual'];
const ids = (text) => (text || '').split(',').filter(Boolean);

export function mount(place) {
  let rows = null;
  let failed = null;
  let hidden = new Set(); // done a moment ago, still to be confirmed by the list
  let isMaking = false;

  const whose = () => address().query.whose || (known.user.employee ? 'mine' : 'all');
  function where(state) {
    const q = address().query;
    return [
      state,
      whose() === 'mine' ? `assignee = ${quoted(known.user.employee)}` : whose() === 'nobody' ? 'assignee is null' : null,
      q.kind ? `kind = ${quoted(q.kind)}` : null,
      q.assignee ? `assignee in (${ids(q.assignee).map(quoted).join(', ')})` : null,
    ].filter(Boolean).join(' and ');
  }
  async function load() {
    const [open, done] = await Promise.all([
      get(`/api/v1/tasks?${query({ where: where("state in ('open', 'overdue')"), limit: 1000 })}`),
      get(`/api/v1/tasks?${query({ ...chosen('last7'), where: where("state = 'done'"), limit: 200 })}`),
    ]);
    await readNumbers([...open.rows, ...done.rows].slice(0, 300));
    rows = { open: open.rows.sort((a, b) => (a.deadline_at || '').localeCompare(b.deadline_at || '')), done: done.rows };
    hidden = new Set();
    failed = null;
    draw();
  }
  async function finish(task) {
    hidden.add(task.id);
    draw();
    const done = await attempt(() => post(`/crm/tasks/${encoded(task.id)}/done`), t('task.done.toast'), () => undo(task));
    if (!done) hidden.delete(task.id);
    draw();
  }
  async function undo(task) {
    await attempt(() => post(`/crm/tasks/${encoded(task.id)}/done`, { undo: true }), t('task.open.again'));
    await load();
  }

  // From the miss to the deadline, or to now where that is later.
  function track(task) {
    const begin = Date.parse(task.created_at);
    const due = Date.parse(task.deadline_at);
    const done = task.done_at ? Date.parse(task.done_at) : null;
    const now = done ?? Date.now();
    const end = Math.max(due, now, begin + 1);
    const at = (ms) => Math.min(100, Math.max(0, ((ms - begin) / (end - begin)) * 100));
    const span = (kind, from, to) => html`<span class=${kind} .style=${`left:${at(from)}%;width:${at(to) - at(from)}%`}></span>`;
    return html`<div class="t-b"><div class="track">${span('run', begin, Math.min(now, due))}${now > due ? span('over', due, now) : nothing}<span class="due" .style=${`left:${at(due)}%`} title="${t('deadline')} ${moment(task.deadline_at)}"></span>${done ? html`<span class="ok" .style=${`left:${at(done)}%`} title=${moment(task.done_at)}></span>` : html`<span class="now" .style=${`left:${at(now)}%`}></span>`}</div></div>`;
  }
  function row(task) {
    const late = (Date.parse(task.done_at || new Date()) - Date.parse(task.deadline_at)) / 1000;
    const number = numberOf(task);
    const title = number ? html`${(task.title || word('task', task.kind)).replace(number, '')} <b class="nb">${phone(number)}</b>` : task.title || word('task', task.kind);
    const isOpen = task.state === 'open' || task.state === 'overdue';
    const words = isOpen ? (late > 0 ? t('task.late', { s: spell(late) }) : t('task.left', { s: spell(-late) })) : late > 0 ? t('task.done.late', { s: spell(late) }) : t('task.done.early', { s: spell(-late) });
    return html`<li class="task ${isOpen ? (late > 0 ? 'open' : 'soon') : late > 0 ? 'late' : 'done'}" data-task=${task.id}>
      ${isOpen ? html`<button class="tick" aria-label="${t('task.finish')}: ${task.title || word('task', task.kind)} ${number || ''}" @click=${() => finish(task)}>${icon('check')}</button>` : html`<button class="tick is-done" aria-label="${t('task.reopen')}: ${task.title || word('task', task.kind)} ${number || ''}" @click=${() => undo(task)}>${icon('check')}</button>`}
      <div class="t-w"><h3>${title}</h3><p class="sec">${word('task', task.kind)} · ${moment(task.created_at)}${task.call ? html` · <a href="/calls?open=${encoded(task.call)}">${t('task.call')}</a>` : nothing}${task.lead ? html` · <a href="/leads?open=${encoded(task.lead)}">${t('rec.lead').toLowerCase()}</a>` : nothing}${task.contact ? html` · <a href="/contacts/${encoded(task.contact)}">${t('card')}</a>` : nothing}</p></div>
      <div class="t-e">${task.assignee ? employeeName(task.assignee) : html`<i>${t('nobody')}</i>`}</div>
      <div class="t-d"><b>${words}</b><span class="sub2">${isOpen ? `${t('deadline')} ${moment(task.deadline_at)}` : `${moment(task.done_at)}${task.done_by ? ` · ${employeeName(task.done_by)}` : ''}`}</span></div>
      ${task.deadline_at ? track(task) : nothing}
      ${callButton(isOpen && number, html`<span></span>`)}</li>`;
  }
  const box = (id, title, list, empty) => html`<section class="box" id=${id} aria-labelledby="g-${id}"><header><h2 id="g-${id}">${title}</h2><span class="n">${list.length}</span>${list.length ? nothing : html`<span class="sec">${empty}</span>`}</header>${list.length ? html`<ul>${repeat(list.slice(0, 200), (x) => x.id, row)}</ul>` : nothing}</section>`;

  function body() {
    if (failed) return html`<section class="box">${blankOf(failed, update)}</section>`;
    if (!rows) return html`<section class="box">${skeleton(6)}</section>`;
    const open = rows.open.filter((x) => !hidden.has(x.id));
    const now = new Date().toISOString();
    const today = isoDay(new Date());
    const late = open.filter((x) => x.deadline_at < now);
    const soon = open.filter((x) => x.deadline_at >= now && isoDay(x.deadline_at) === today);
    const later = open.filter((x) => x.deadline_at >= now && isoDay(x.deadline_at) !== today);
    const inTime = rows.done.filter((x) => x.done_at <= x.deadline_at).length;
    const all = rows.done.length + late.length;
    const worst = late.length ? (Date.now() - Date.parse(late[0].deadline_at)) / 1000 : 0;
    return html`<dl class="keys">
      <div class="key"><dt>${t('tasks.late')}</dt><dd><a class="big ${late.length ? 'bad' : ''}" href="#late">${late.length}</a><small>${late.length ? t('tasks.worst', { s: spell(worst) }) : ''}</small></dd></div>
      <div class="key"><dt>${t('tasks.today')}</dt><dd><a class="big" href="#today">${soon.length}</a></dd></div>
      <div class="key"><dt>${t('tasks.done')}</dt><dd><a class="big" href="#done">${rows.done.length}</a><small>${t('tasks.in.time', { n: inTime })}</small></dd></div>
      <div class="key"><dt>${t('tasks.share')}</dt><dd><a class="big" href="/reports/task-discipline">${all ? percent((inTime / all) * 100) : '—'}</a><small>${t('n.of', { n: inTime, of: all })}</small></dd></div></dl>
      <div class="task-boxes">${box('late', t('tasks.late.h'), late, t('tasks.none.late'))}${box('today', t('tasks.today'), soon, t('tasks.none.today'))}${later.length ? box('later', t('tasks.later'), later, '') : nothing}${box('done', t('tasks.done.h'), rows.done, t('tasks.none.done'))}</div>
      <footer class="foot"><span>${zoneName()}</span><span><code>${location.pathname + location.search}</code></span></footer>`;
  }
  const tab = (name) => html`<a href=${withQuery({ whose: name })} aria-current=${whose() === name ? 'page' : nothing}>${t(`tasks.${name}`)}</a>`;
  function draw() {
    document.title = `${t('nav.tasks')} · Hookline`;
    render(html`
      <header class="head"><div><h1>${t('nav.tasks')}</h1><p class="sub">${day(new Date())}, ${time(new Date()).slice(0, 5)}</p></div>
        <div class="acts"><button class="btn" @click=${() => { isMaking = !isMaking; draw(); }} aria-expanded=${isMaking ? 'true' : 'false'}>${icon('plus')}${t('task.new')}</button><button class="btn sq" aria-label=${t('link.copy')} @click=${copyLink}>${icon('link')}</button></div></header>
      ${isMaking ? taskForm({}, () => { isMaking = false; toast(t('task.made')); load(); }) : nothing}
      <nav class="tabs" aria-label=${t('tasks.whose')}>${known.user.employee ? tab('mine') : nothing}${tab('all')}${tab('nobody')}</nav>
      <form class="bar" aria-label=${t('filters')} @submit=${(e) => e.preventDefault()}>
        ${oneFilter({ name: 'kind', title: t('f.kind'), fallback: '', values: [{ id: '', title: t('all') }, ...KINDS.map((id) => ({ id, title: word('task', id) }))] })}
        ${whose() === 'all' ? manyFilter({ name: 'assignee', title: t('f.assignee'), values: known.directory.employees.map((e) => ({ id: e.id, title: e.name })) }) : nothing}
        ${periodFilter('last7', t('f.done'))}${moreButton()}</form>
      ${body()}`, place);
  }
  function update() { load().catch((error) => { failed = error; draw(); }); }
  const end = onChange(['task', 'new_task'], () => { if (!hidden.size) update(); }, 2000);
  draw();
  update();
  return { update, unmount: end };
}
