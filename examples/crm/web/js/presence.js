// What employees say they are at, as the server last told; one's own is changed
// in the menu at the upper right. A call that goes on says more and wins.
import { html, nothing } from './html.js';
import { t } from './i18n.js';
import { post } from './api.js';
import { state } from './state.js';
import { attempt } from './ui/toast.js';

const STATES = ['online', 'pause', 'wrap_up', 'offline'];
export const TONES = { online: 'good', pause: 'hold', wrap_up: 'hold', offline: '', unreachable: 'bad' };

let all = {};
const own = () => all[state.user?.employee];

export function hear(presence) {
  const before = own()?.state;
  all = presence;
  if (own()?.state !== before) window.dispatchEvent(new Event('frame'));
}
// Nothing of whom nothing was ever told: their calls are all that is known.
export const presenceOf = (employee) => all[employee] ?? null;

export const ownDot = () => (own() ? html`<span class="dot ${TONES[own().state]}"></span>` : nothing);

async function change(event, to) {
  event.target.closest('[popover]').hidePopover();
  await attempt(() => post('/crm/presence', { state: to }), t(`presence.now.${to}`));
}
export const ownPresence = () => html`<div role="group" aria-label=${t('presence.mine')}>${STATES.map((to) => html`
  <button type="button" class="item" data-presence=${to} aria-current=${own()?.state === to ? 'true' : nothing} @click=${(e) => change(e, to)}><span class="dot ${TONES[to]}"></span>${t(`presence.${to}`)}</button>`)}</div><hr>`;
