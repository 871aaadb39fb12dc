// How a call ended, in words; how a missed one was answered for, by an edge,
// an icon and words.
import { html, nothing } from '../html.js';
import { icon } from '../icons.js';
import { t, word } from '../i18n.js';

export const directionIcon = (direction) => html`<span class="dir" title=${word('direction', direction)}>${icon(direction === 'out' ? 'out' : direction === 'in' ? 'in' : 'phone')}<span class="vh">${word('direction', direction)}</span></span>`;

// 'back': we called; 'self': the client got through; 'none': no number; 'open': nobody.
export const answeredFor = (call, marks) => {
  if (call.outcome !== 'missed') return '';
  if (!call.client_number) return 'none';
  return marks?.get(call.id) || 'open';
};
const CHIPS = { back: ['good', 'undo'], self: ['acc', 'in'], none: ['off', 'miss'], open: ['solid', 'miss'] };

export function callStatus(call, marks) {
  if (!call.ended_at) return html`<span class="chip warn">${icon('phone')}${t('call.going')}</span>`;
  if (call.outcome === 'answered') return html`<span class="chip ok">${icon('check')}${t(`outcome.answered.${call.direction}`)}</span>${call.transfers?.length ? html`<span class="sub2">${t('call.transferred')}</span>` : nothing}`;
  if (call.outcome === 'unsuccessful') return html`<span class="chip off">${icon('x')}${t('outcome.unsuccessful')}</span><span class="sub2">${word('reason', call.finish_reason)}</span>`;
  if (!marks) return html`<span class="chip bad">${icon('miss')}${t('outcome.missed')}</span><span class="sub2">${word('reason', call.finish_reason)}</span>`;
  const how = answeredFor(call, marks);
  const [tone, shape] = CHIPS[how];
  return html`<span class="chip ${tone}">${icon(shape)}${t('outcome.missed')}</span><span class="sub2">${t(`missed.${how}`)}</span>`;
}
