// Orders a call: one's own phone rings first, then the number.
import { post } from '../api.js';
import { t } from '../i18n.js';
import { attempt, toast } from '../ui/toast.js';
import { state } from '../state.js';

export async function orderCall(task, number) {
  if (!number) return toast(t('call.no.number'));
  if (!state.user.employee) return toast(t('call.no.employee'));
  return attempt(() => post('/api/v1/originate', { employee: state.user.employee, number }), t('call.ordered'));
}
