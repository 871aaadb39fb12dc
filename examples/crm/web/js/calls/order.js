// Orders a call: one's own phone rings first, then the number. The button is
// there where the PBX of one's extension takes orders; why one was refused is
// told in the words of the PBX.
import { html, nothing } from '../html.js';
import { icon } from '../icons.js';
import { post } from '../api.js';
import { t } from '../i18n.js';
import { phone } from '../format.js';
import { tell, toast } from '../ui/toast.js';
import { state } from '../state.js';

const UNKNOWN = 504; // taken, and nobody knows whether it dials

const isNow = ({ from, to }) => (!from || Date.parse(from) <= Date.now()) && (!to || Date.parse(to) > Date.now());
function hasPhone() {
  const me = state.directory.employeesById.get(state.user.employee);
  return Boolean(me?.extensions?.some((e) => state.directory.can_order.includes(e.source) && isNow(e)));
}
// A number with stars is not one's to dial.
const canCall = (number) => Boolean(number) && !number.includes('*') && hasPhone();

async function order(event, number) {
  const button = event.currentTarget;
  button.disabled = true;
  button.setAttribute('aria-busy', 'true');
  try {
    await post('/api/v1/originate', { employee: state.user.employee, number });
    toast(t('call.ordered', { number: phone(number) }));
  } catch (failed) {
    tell(t(failed.status === UNKNOWN ? 'call.unknown' : 'call.refused', { number: phone(number) }), failed.message);
  } finally {
    button.disabled = false;
    button.removeAttribute('aria-busy');
  }
}

export const callButton = (number, otherwise = nothing) => (canCall(number) ? html`<button type="button" class="btn call" aria-label="${t('call.do')} ${phone(number)}" @click=${(e) => order(e, number)}>${icon('phone')}${t('call.do')}</button>` : otherwise);
// The number itself, which calls where that is possible.
export const callNumber = (number) => (canCall(number) ? html`<button type="button" class="link nb call" aria-label="${t('call.do')} ${phone(number)}" @click=${(e) => order(e, number)}>${icon('phone')}${phone(number)}</button>` : html`<span class="nb">${phone(number)}</span>`);
