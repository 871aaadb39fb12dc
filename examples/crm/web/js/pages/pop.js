// The caller's card: over any page while the signed-in employee's phone rings
// and during the talk. It never takes the focus; what comes later fills its
// own place without moving the rest.
import { html, nothing, render, repeat } from '../html.js';
import { icon } from '../icons.js';
import { t } from '../i18n.js';
import { get, id as encoded, query } from '../api.js';
import { clock, moment, phone } from '../format.js';
import { adSourceName, employeeName, remembered, stageName, state } from '../state.js';
import { onChange } from '../events.js';
import { hear } from '../presence.js';
import { phonesOf, stageOf } from './board.js';
import { directionIcon, callStatus } from '../calls/status.js';

const STAYS_AFTER_MS = 30000;
const cards = new Map(); // call id → {call, known, history, endedAt, isFolded}
const closed = new Set();

const place = () => document.getElementById('pops');
const isMine = (call) => call.direction === 'in' && phonesOf(call).includes(state.user.employee);

async function read() {
  const { rows, presence } = await get('/crm/live');
  hear(presence);
  for (const call of rows.filter(isMine)) {
    if (closed.has(call.id)) continue;
    const card = cards.get(call.id) || { call };
    if (!cards.has(call.id) && remembered('sound', false)) ring();
    card.call = call;
    cards.set(call.id, card);
    fill(card);
  }
  for (const card of cards.values()) {
    if (rows.some((call) => call.id === card.call.id && isMine(call)) || card.endedAt) continue;
    // Another took it: away at once. Talked: the card stays a while.
    if (!card.call.answered_at) cards.delete(card.call.id);
    else { card.endedAt = Date.now(); fill(card); }
  }
  draw();
}

// Contact, lead, earlier calls; asked again while something lacks.
async function fill(card) {
  if (!card.call.client_number) return;
  const known = await get(`/api/v1/lookup?${query({ number: card.call.client_number })}`).catch(() => null);
  card.known = known;
  if (known && !card.history) {
    const page = await get(`/api/v1/calls?${query({ where: `contact = '${known.contact}'`, limit: 4 })}`).catch(() => null);
    card.history = page?.rows.filter((row) => row.id !== card.call.id) || [];
  }
  draw();
}

function ring() {
  try {
    const audio = new AudioContext();
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    volume.gain.value = 0.06;
    tone.frequency.value = 660;
    tone.connect(volume).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + 0.25);
  } catch { /* a browser that plays nothing before a click */ }
}
function close(card) {
  closed.add(card.call.id);
  cards.delete(card.call.id);
  draw();
}

function view(card) {
  const { call, known, history } = card;
  const stage = card.endedAt ? 'over' : stageOf(call);
  const since = call.answered_at || call.started_at;
  const lead = known?.leads?.[0];
  const waiting = html`<span class="sk pop-sk"></span>`;
  const seconds = ((card.endedAt || Date.now()) - Date.parse(since)) / 1000;
  return html`<article class="pop ${stage}" aria-label=${t(`pop.${stage}`)} data-pop=${call.id} aria-busy=${known ? nothing : 'true'}>
    <header><span class="ps">${icon(stage === 'talk' ? 'phone' : stage === 'over' ? 'check' : 'in')}${t(`pop.${stage}`)}</span><span class="p-time num">${clock(seconds)}</span></header>
    ${card.isFolded ? nothing : html`<div class="pb">
      <p class="pn">${known?.name || phone(call.client_number)}</p>
      <p class="sec">${known ? html`${known.name ? phone(call.client_number) : t('pop.known')}` : t('pop.new')}</p>
      ${known?.open_tasks?.length ? html`<p class="note warn">${icon('clock')}<span>${known.open_tasks[0].title || t('rec.tasks')} · ${t('deadline')} ${moment(known.open_tasks[0].deadline_at)}</span></p>` : nothing}
      <dl class="kv"><dt>${t('rec.contact')}</dt><dd>${known ? html`<a href="/contacts/${encoded(known.contact)}">${known.name || known.contact}</a>` : waiting}</dd>
        <dt>${t('rec.lead')}</dt><dd>${lead ? html`<a href="/leads?open=${encoded(lead.id)}">${lead.title || t('lead.new')}</a> <span class="chip acc">${stageName(lead.stage)}</span>${lead.responsible ? html`<span class="sub2">${lead.responsible === state.user.employee ? t('pop.yours') : employeeName(lead.responsible)}</span>` : nothing}` : known ? html`<span class="sec">${t('none')}</span>` : waiting}</dd>
        <dt>${t('rec.line')}</dt><dd>${call.line ? state.directory.linesById.get(call.line)?.name || call.line : '—'}${state.directory.linesById.get(call.line)?.ad_source ? html` <span class="sec">${adSourceName(state.directory.linesById.get(call.line).ad_source)}</span>` : nothing}</dd></dl>
      ${history?.length ? html`<h3>${t('pop.before')}</h3><ol class="hist">${history.slice(0, 3).map((row) => html`<li><span class="nb sec">${moment(row.started_at)}</span><span>${directionIcon(row.direction)}${callStatus(row)}</span><span class="num">${row.talk_s ? clock(row.talk_s) : ''}</span></li>`)}</ol>` : nothing}
    </div>
    <footer>${known ? html`<a class="btn pri" href="/contacts/${encoded(known.contact)}">${t('pop.open')}</a>` : nothing}<span class="gap"></span></footer>`}
    <div class="pop-acts"><button class="btn bare sm sq" aria-label=${t(card.isFolded ? 'pop.unfold' : 'pop.fold')} @click=${() => { card.isFolded = !card.isFolded; draw(); }}>${icon('chev')}</button><button class="btn bare sm sq" aria-label=${t('close')} @click=${() => close(card)}>${icon('x')}</button></div>
  </article>`;
}
function draw() {
  if (!place()) return;
  for (const card of cards.values()) if (card.endedAt && Date.now() - card.endedAt > STAYS_AFTER_MS) cards.delete(card.call.id);
  render(repeat([...cards.values()], (card) => card.call.id, view), place());
}

export function startPop() {
  if (!state.user.employee) return;
  const quietly = () => read().catch(() => {}); // the next change asks again
  onChange(['call', 'contact', 'lead', 'presence'], quietly, 250);
  setInterval(() => { if (cards.size) draw(); }, 1000);
  quietly();
}
