// The live board: who waits first. Changes in place as the server tells, says
// so when it hears nothing, and never moves what is under the pointer.
import { html, nothing, render, repeat } from '../html.js';
import { icon } from '../icons.js';
import { t } from '../i18n.js';
import { get, id as encoded, query } from '../api.js';
import { clock, day, hourMinute, isoDay, percent, phone, spell, time, zoneName } from '../format.js';
import { isLive, onChange, onState, silentSince } from '../events.js';
import { employeeName, remember, remembered, state as known } from '../state.js';
import { hear, presenceOf, TONES } from '../presence.js';
import { blankOf, skeleton } from '../ui/blank.js';
import { callButton } from '../calls/order.js';
import { numberOf, readNumbers } from '../tasks/numbers.js';

const THRESHOLD_S = 20;
const ANNOUNCE_MS = 10000;

// What a call in progress is doing, from its legs.
export function stageOf(call) {
  if (call.answered_at) return 'talk';
  if (call.direction === 'out') return 'dial';
  const rings = (call.legs || []).some((leg) => leg.kind === 'employee' && !leg.ended_at && !leg.answered_at);
  return rings ? 'ring' : 'wait';
}
export const phonesOf = (call) => (call.legs || []).filter((leg) => leg.kind === 'employee' && !leg.ended_at).map((leg) => leg.employee || leg.extension).filter(Boolean);
// Free to take a call, as far as anybody told.
const isThere = (employee) => (presenceOf(employee)?.state ?? 'online') === 'online';
const seconds = (iso) => Math.max(0, (Date.now() - Date.parse(iso)) / 1000);
const ICONS = { wait: 'clock', ring: 'bell', dial: 'out', talk: 'phone' };
const ORDER = { wait: 0, ring: 1, dial: 2, talk: 3 };

export function mount(place) {
  let live = null;
  let today = null;
  let failed = null;
  let announced = { at: 0, text: '' };

  async function readLive() {
    const found = await get('/crm/live');
    hear(found.presence);
    live = found.rows;
    draw();
  }
  async function readToday() {
    const from = isoDay(new Date());
    const [calls, tasks] = await Promise.all([
      get(`/api/v1/calls?${query({ from, to: from, limit: 1000 })}`),
      get(`/api/v1/tasks?${query({ where: "state in ('open', 'overdue') and kind = 'callback'", limit: 100 })}`),
    ]);
    await readNumbers(tasks.rows);
    today = { calls: calls.rows, tasks: tasks.rows.sort((a, b) => a.deadline_at.localeCompare(b.deadline_at)) };
    draw();
  }

  const waiting = () => live.filter((c) => ['wait', 'ring'].includes(stageOf(c)) && c.direction === 'in');
  const ofDay = (direction, outcome) => today.calls.filter((c) => c.direction === direction && c.outcome === outcome);

  function served() {
    const answered = ofDay('in', 'answered');
    const inTime = answered.filter((c) => (c.queue_wait_s ?? c.wait_s) <= THRESHOLD_S).length;
    const offered = today.calls.filter((c) => c.direction === 'in' && c.offered_at && !(c.outcome === 'missed' && c.hung_up_by === 'client' && c.queue_wait_s <= 5)).length;
    return { inTime, offered };
  }
  function keys() {
    const now = waiting();
    const longest = Math.max(0, ...now.map((c) => seconds(c.started_at)));
    const late = today.tasks.filter((x) => x.deadline_at < new Date().toISOString());
    const { inTime, offered } = served();
    const busy = new Set(live.flatMap(phonesOf));
    const staff = known.directory.employees.filter((e) => !e.dismissed_at && e.extensions?.length);
    const free = staff.filter((e) => !busy.has(e.id) && isThere(e.id));
    const paused = staff.filter((e) => !busy.has(e.id) && ['pause', 'wrap_up'].includes(presenceOf(e.id)?.state));
    return html`<dl class="keys bk">
      <div class="key ${now.length ? 'hot' : ''}"><dt>${t('board.waiting')}</dt><dd><a class="huge" href="#now">${now.length}</a>${now.length ? html`<small>${t('board.longest')} <b>${clock(longest)}</b>${longest > THRESHOLD_S ? html`<br>${t('board.over', { s: THRESHOLD_S })}` : nothing}</small>` : html`<small>${t('board.nobody.waits')}</small>`}</dd></div>
      <div class="key"><dt>${t('board.talking')}</dt><dd><a class="big" href="#now">${live.filter((c) => stageOf(c) === 'talk').length}</a></dd></div>
      <div class="key"><dt>${t('board.free')}</dt><dd><a class="big" href="#people">${free.length}</a><small>${t(paused.length ? 'board.of.paused' : 'board.of.staff', { n: staff.length, paused: paused.length })}</small></dd></div>
      <div class="key"><dt>${t('board.back')}</dt><dd><a class="big ${late.length ? 'bad' : ''}" href="#back">${today.tasks.length}</a><small>${late.length ? html`<a class="bad" href="#back">${t('board.late', { n: late.length })}</a>` : t('board.all.in.time')}</small></dd></div>
      <div class="key"><dt>${t('board.sl', { s: THRESHOLD_S })}</dt><dd><a class="big" href="/reports/service-level?from=${isoDay(new Date())}&to=${isoDay(new Date())}">${offered ? percent((inTime / offered) * 100) : '—'}</a><small>${t('n.of', { n: inTime, of: offered })}</small></dd></div>
    </dl>`;
  }
  function liveRow(call) {
    const stage = stageOf(call);
    const since = stage === 'talk' ? call.answered_at : call.started_at;
    const waited = (call.answered_at ? Date.parse(call.answered_at) - Date.parse(call.started_at) : seconds(call.started_at) * 1000) / 1000;
    const scale = 300; // five minutes are the whole bar
    const people = phonesOf(call).map((p) => employeeName(p));
    const client = html`${call.client_name ? `${call.client_name} ` : ''}<span class="nb">${phone(call.client_number)}</span>`;
    const by = people.length ? html`${people.join(', ')} ${icon(call.direction === 'out' ? 'right' : 'left')} ` : nothing;
    return html`<li class="lv ${stage}" data-call=${call.id}>
      <span class="lv-s">${icon(ICONS[stage])}${t(`board.is.${stage}`)}</span>
      <span class="lv-w"><b>${by}${client}</b><span class="sub2">${t(`direction.${call.direction}`)}${call.queue ? ` · ${t('leg.queue')} ${call.queue}` : ''}${call.lead ? ` · ${t('lead.known')}` : ''}</span></span>
      <span class="lv-t num">${clock(seconds(since))}</span>
      ${call.contact ? html`<a class="btn sm" href="/contacts/${encoded(call.contact)}">${t('card')}</a>` : html`<span></span>`}
      <span class="lv-bar" aria-hidden="true"><span class="w ${stage}" .style=${`width:${Math.min(100, (waited / scale) * 100)}%`}></span><span class="tk" .style=${`width:${call.answered_at ? Math.min(100, (seconds(call.answered_at) / scale) * 100) : 0}%`}></span></span></li>`;
  }
  const inCall = (call) => html`<span class="dot ${stageOf(call) === 'talk' ? 'acc' : 'warn'}"></span> ${t(`board.is.${stageOf(call)}`)} <span class="num sec">${clock(seconds(call.answered_at || call.started_at))}</span>`;
  // How long is told of what should end; of who is gone, since when today.
  function atRest(said) {
    if (!said) return html`<span class="dot good"></span> ${t('presence.online')}`;
    const isToday = said.since && isoDay(said.since) === isoDay(new Date());
    const long = ['pause', 'wrap_up'].includes(said.state) ? html` <span class="num sec">${clock(seconds(said.since))}</span>` : said.state !== 'online' && isToday ? html` <span class="sec">${t('presence.since', { at: hourMinute(said.since) })}</span>` : nothing;
    return html`<span class="dot ${TONES[said.state]}"></span> ${t(`presence.${said.state}`)}${long}${said.reason ? html`<span class="sub2">${said.reason}</span>` : nothing}`;
  }
  function people() {
    const rows = known.directory.employees.filter((e) => !e.dismissed_at).map((e) => {
      const call = live.find((c) => phonesOf(c).includes(e.id));
      const mine = today.calls.filter((c) => c.employee === e.id);
      return { e, call, taken: mine.filter((c) => c.direction === 'in' && c.outcome === 'answered').length, missed: mine.filter((c) => c.outcome === 'missed').length, out: mine.filter((c) => c.direction === 'out').length };
    });
    const link = (row, n, extra) => html`<a class="fig ${n ? '' : 'zero'}" href="/calls?${query({ from: isoDay(new Date()), to: isoDay(new Date()), employee: row.e.id, ...extra })}" aria-label="${row.e.name}: ${n}">${n}</a>`;
    return html`<div class="scroll"><table class="tbl ppl"><thead><tr><th scope="col" class="name">${t('rec.employee')}</th><th scope="col">${t('board.now')}</th><th scope="col" class="num g" title=${t('board.taken')}>${t('board.taken.s')}</th><th scope="col" class="num" title=${t('board.missed')}>${t('board.missed.s')}</th><th scope="col" class="num" title=${t('board.out')}>${t('board.out.s')}</th></tr></thead>
      <tbody>${rows.map((row) => html`<tr class=${row.call || isThere(row.e.id) ? '' : 'off'} data-employee=${row.e.id}><th scope="row" class="name">${row.e.name} <span class="mut">${row.e.extensions?.[0]?.number ?? ''}</span></th><td class="st">${row.call ? inCall(row.call) : atRest(presenceOf(row.e.id))}</td><td class="num g">${link(row, row.taken, { tab: 'in', kind: 'answered' })}</td><td class="num">${link(row, row.missed, { kind: 'lost' })}</td><td class="num">${link(row, row.out, { tab: 'out' })}</td></tr>`)}</tbody></table></div>`;
  }
  function backRow(task) {
    const lateS = (Date.now() - Date.parse(task.deadline_at)) / 1000;
    const number = numberOf(task);
    return html`<li class=${lateS > 0 ? 'late' : ''}><span class="lv-w"><b>${number ? phone(number) : task.title || t('task.callback')}</b><span class="sub2">${t('board.made', { at: hourMinute(task.created_at) })} · ${task.assignee ? employeeName(task.assignee) : t('nobody')}</span></span>
      <span class="dl"><b>${lateS > 0 ? t('task.late', { s: spell(lateS) }) : t('task.left', { s: spell(-lateS) })}</b><span class="sub2">${t('deadline')} ${hourMinute(task.deadline_at)}</span></span>
      ${callButton(number)}</li>`;
  }
  function waits() {
    const most = 60;
    const inbound = today.calls.filter((c) => c.direction === 'in' && c.offered_at && c.queue_wait_s != null).slice(0, 120);
    const points = [...inbound.map((c) => ({ s: c.queue_wait_s, kind: c.outcome === 'missed' ? 'l' : 'a', call: c })), ...waiting().map((c) => ({ s: seconds(c.offered_at || c.started_at), kind: 'now', call: c }))];
    const title = (p) => `${time(p.call.started_at)} ${t(`wait.${p.kind}`)} ${Math.round(p.s)} ${t('sec')}`;
    return html`<div class="pad strip"><div class="plot"><span class="zone" .style=${`width:${(THRESHOLD_S / most) * 100}%`}></span><span class="thr" .style=${`left:${(THRESHOLD_S / most) * 100}%`}><span>${t('board.threshold', { s: THRESHOLD_S })}</span></span>
      ${points.map((p, i) => html`<a href="/calls?open=${encoded(p.call.id)}" tabindex=${i ? -1 : 0} class="pt ${p.kind}" .style=${`left:${Math.min(99, (p.s / most) * 100)}%;top:${26 + ((i * 13) % 40)}px`} aria-label=${title(p)} title=${title(p)}></a>`)}</div>
      <p class="ax"><span>0 ${t('sec')}</span><span>20</span><span>40</span><span>60+</span></p><p class="tkey2"><span class="pt a"></span>${t('wait.key.a')}<span class="pt l"></span>${t('wait.key.l')}<span class="pt now"></span>${t('wait.key.now')}</p></div>`;
  }
  // Only who waits is announced, at most every 10 s.
  function announcement() {
    const n = waiting().length;
    const text = n ? t('board.announce', { n }) : '';
    if (text !== announced.text && Date.now() - announced.at > ANNOUNCE_MS) announced = { at: Date.now(), text };
    return announced.text;
  }
  function draw() {
    document.title = `${live?.length ? `(${waiting().length}) ` : ''}${t('nav.board')} · Hookline`;
    if (failed) return render(blankOf(failed, update), place);
    if (!live || !today) return render(skeleton(8), place);
    const rows = [...live].sort((a, b) => ORDER[stageOf(a)] - ORDER[stageOf(b)] || a.started_at.localeCompare(b.started_at));
    const isSound = remembered('sound', false);
    render(html`<div class=${isLive ? '' : 'stale'}>
      <header class="head"><div><h1>${t('board.title')}</h1><p class="sub">${day(new Date())} · <b class="nb">${time(new Date())}</b> · ${isLive ? html`<span class="dot good"></span> ${t('board.live')}` : html`<span class="dot bad"></span> <b class="bad-text">${silentSince ? t('board.silent', { at: time(silentSince) }) : t('board.connecting')}</b>`}</p></div>
        <div class="acts"><button class="btn" aria-pressed=${isSound ? 'true' : 'false'} @click=${() => { remember('sound', !isSound); draw(); }}>${icon('bell')}${t('board.sound')}</button><button class="btn sq" aria-label=${t('board.full')} @click=${() => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen())}>${icon('full')}</button></div></header>
      ${keys()}
      <p class="vh" aria-live="polite">${announcement()}</p>
      <div class="b-grid"><div>
        <section class="box" id="now" aria-labelledby="b1"><header><h2 id="b1">${t('board.now')}</h2><span class="n">${t('calls.n', { n: rows.length })}</span></header>${rows.length ? html`<ul>${repeat(rows, (c) => c.id, liveRow)}</ul>` : html`<p class="pad sec">${t('board.quiet')}</p>`}</section>
        <section class="box" id="back" aria-labelledby="b3"><header><h2 id="b3">${t('board.back')}</h2><span class="n">${today.tasks.length}</span><a class="right" href="/tasks?whose=all">${t('board.all.tasks')}</a></header>${today.tasks.length ? html`<ul class="cb">${repeat(today.tasks.slice(0, 8), (x) => x.id, backRow)}</ul>` : html`<p class="pad sec">${t('board.all.back')}</p>`}</section>
        </div><div><section class="box" id="people" aria-labelledby="b2"><header><h2 id="b2">${t('board.people')}</h2></header>${people()}</section>
        <section class="box" aria-labelledby="b4"><header><h2 id="b4">${t('board.waits')}</h2></header>${waits()}</section></div>
      </div><footer class="foot"><span>${zoneName()}</span><span>${t('board.sl.how', { s: THRESHOLD_S })}</span></footer></div>`, place);
  }
  const report = (error) => { failed = error; draw(); };
  function update() {
    failed = null;
    Promise.all([readLive(), readToday()]).catch(report);
  }
  const ends = [onChange(['call', 'presence'], () => readLive().catch(report)), onChange(['call', 'task', 'new_task'], () => readToday().catch(report), 3000), onState(() => draw())];
  const ticking = setInterval(() => { if (live && today) draw(); }, 1000);
  const polling = setInterval(() => readLive().catch(() => {}), 15000);
  update();
  return { update, unmount() { ends.forEach((end) => end()); clearInterval(ticking); clearInterval(polling); } };
}
