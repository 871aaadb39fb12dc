// Notes that stay while they are true.
import { html, nothing } from '../html.js';
import { icon } from '../icons.js';
import { t } from '../i18n.js';
import { withQuery } from '../router.js';
import { isAdmin } from '../state.js';

// What stands in nobody's row, and the way to mend it.
export function unassignedNote(report, answer) {
  const row = answer.rows.find((r) => r.key === '-');
  const count = row?.cells.calls;
  if (report.id !== 'calls-by-manager' || !count) return nothing;
  return html`<p class="note rep-note">${icon('info')}<span>${t('unassigned.note', { n: count })} <a href=${withQuery({ drill: '-:calls' })}>${t('unassigned.show')}</a>${isAdmin() ? html` · <a href="/settings/unassigned">${t('unassigned.map')}</a>` : nothing}</span></p>`;
}
