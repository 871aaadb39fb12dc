// The legs of a call as lanes, true to scale: hatched rings, solid talks, the
// client's lane last, the reason at the right.
import { html, nothing } from '../html.js';
import { icon } from '../icons.js';
import { t, word } from '../i18n.js';
import { clock, spell, time } from '../format.js';
import { employeeName } from '../state.js';

const ICONS = { employee: 'phone', queue: 'list', group: 'user', ivr: 'list', external: 'phone', voicemail: 'bell' };
const ms = (iso) => (iso ? Date.parse(iso) : null);

const legName = (leg) => {
  if (leg.kind === 'employee') return [leg.extension, leg.employee ? employeeName(leg.employee) : null].filter(Boolean).join(' ') || t('leg.employee');
  return leg.name && leg.kind !== 'ivr' ? `${t(`leg.${leg.kind}`)} ${leg.name}` : t(`leg.${leg.kind}`);
};
const legWhy = (leg) => {
  const rang = leg.started_at && (leg.answered_at || leg.ended_at) ? (ms(leg.answered_at || leg.ended_at) - ms(leg.started_at)) / 1000 : null;
  if (leg.kind === 'ivr' || leg.kind === 'voicemail') return rang == null ? '' : t('leg.passed', { s: spell(rang) });
  if (leg.outcome === 'answered') return t(leg.kind === 'queue' ? 'leg.waited' : 'leg.answered', { s: spell(rang) });
  return `${word('leg_outcome', leg.outcome)}${rang ? `: ${spell(rang)}` : ''}`;
};

export function legLanes(call) {
  const start = ms(call.started_at);
  const end = ms(call.ended_at) || Date.now();
  const span = Math.max(1, end - start);
  const at = (iso) => Math.min(100, Math.max(0, ((ms(iso) - start) / span) * 100));
  const box = (kind, from, to, text = '') => {
    const left = at(from);
    const width = Math.max(0.4, at(to) - left);
    return html`<span class="lb ${kind}" .style=${`left:${left}%;width:${width}%`}>${width > 9 ? text : ''}</span>`;
  };
  const endOf = (leg) => leg.ended_at || call.ended_at || new Date().toISOString();
  const bars = (leg) => {
    if (!leg.started_at) return nothing;
    if (leg.kind === 'ivr' || leg.kind === 'voicemail') return box('ivr', leg.started_at, endOf(leg));
    if (leg.kind === 'queue') return box('queue', leg.started_at, endOf(leg));
    if (!leg.answered_at) return box('ring', leg.started_at, endOf(leg));
    return [box('ring', leg.started_at, leg.answered_at), box('talk', leg.answered_at, endOf(leg), clock((ms(endOf(leg)) - ms(leg.answered_at)) / 1000))];
  };
  const isBad = (leg) => ['no_answer', 'busy', 'rejected', 'abandoned', 'timed_out', 'no_staff', 'failed'].includes(leg.outcome);
  const answered = call.answered_at;
  return html`
    <div class="tl"><ol>
      ${(call.legs || []).map((leg) => html`<li class="lane"><span class="lw">${icon(ICONS[leg.kind] || 'phone')}<b>${legName(leg)}</b></span><span class="lt">${bars(leg)}</span><span class="lx ${isBad(leg) ? 'bad' : ''}">${legWhy(leg)}</span></li>`)}
      <li class="lane"><span class="lw">${icon('user')}<b>${t('leg.client')}</b></span><span class="lt">${answered ? [box('wait', call.started_at, answered), box('conn', answered, call.ended_at || new Date().toISOString())] : box('wait', call.started_at, call.ended_at || new Date().toISOString())}</span><span class="lx">${word('reason', call.finish_reason)}${call.hung_up_by ? html`<br>${t(`hung.${call.hung_up_by}`)}` : nothing}</span></li>
    </ol><p class="axis" aria-hidden="true"><span>${time(call.started_at)}</span>${call.ended_at ? html`<span class="end">${time(call.ended_at)}</span>` : nothing}</p></div>`;
}

export const legKey = () => html`<p class="tkey"><span class="lb ring"></span>${t('key.ring')}<span class="lb talk"></span>${t('key.talk')}<span class="lb wait"></span>${t('key.wait')}<span class="lb conn"></span>${t('key.conn')}</p>`;
