// How reports that we know are laid out: groups of columns, short heads, key
// figures, the chart. A report that is not here is shown as it describes
// itself: the first three figures as keys, bars of the first.
//
// better: 1 where more is plainly better, -1 where it is worse.
const CALLS_BY_MANAGER = {
  section: 'people',
  groups: { calls: ['calls', 'out', 'in'], target: ['target', 'target_out', 'target_in', 'first_unique_target'], missed: ['target_missed', 'target_called_back', 'called_back'], leads: ['leads', 'leads_by_missed', 'leads_in_work'] },
  short: ['minutes', 'calls', 'out', 'in', 'target', 'target_out', 'target_in', 'first_unique_target', 'target_missed', 'target_called_back', 'called_back', 'leads', 'leads_by_missed', 'leads_in_work'],
  keys: [{ big: 'calls', small: ['in', 'out'] }, { big: 'target_missed', small: ['target_called_back'], alarm: ['target_missed', 'target_called_back'] }, { big: 'leads', small: ['leads_in_work', 'leads_by_missed'] }, { big: 'minutes', small: [] }],
  alarm: { target_missed: (cells) => cells.target_missed > cells.target_called_back },
  chart: { stack: ['target_in', 'target_out', 'target_missed'] },
  better: { target_missed: -1, leads: 1, called_back: 1, target_called_back: 1, first_unique_target: 1 },
};

const SHAPES = {
  'calls-by-manager': CALLS_BY_MANAGER,
  calls: { section: 'people', keys: [], chart: null },
  'call-export': { section: 'people', keys: [], chart: null },
  'lost-calls': { section: 'people', keys: [{ big: 'calls', small: ['called_back'] }, { big: 'average_wait_s', small: [] }], chart: { stack: ['calls'] }, better: { calls: -1, called_back: 1 } },
  'employee-efficiency': { section: 'people', keys: [{ big: 'accepted', small: ['unique_accepted'] }, { big: 'outgoing', small: ['unique_numbers'] }, { big: 'average_wait_s', small: [] }], chart: { stack: ['accepted', 'outgoing'] }, better: { accepted: 1, outgoing: 1, average_wait_s: -1 } },
  'service-level': { section: 'people', better: { abandoned: -1 } },
  'heat-map': { section: 'people', heat: true, keys: [{ big: 'missed', small: ['calls'] }, { big: 'missed_share', small: [] }, { big: 'average_wait_s', small: [] }, { big: 'service_level', small: [] }], chart: null },
  'callback-speed': { section: 'people' },
  'repeat-calls': { section: 'people' },
  // Time signed in and on pauses is no call: it opens nothing.
  'agent-timeline': { section: 'people', plain: ['logged_in_s', 'paused_s'], keys: [{ big: 'occupancy', small: [] }, { big: 'peak', small: [] }, { big: 'talk_s', small: ['acw_s'] }], chart: { stack: ['occupancy'] } },
  staffing: { section: 'people', keys: [{ big: 'calls', small: [] }, { big: 'aht_s', small: [] }], chart: { stack: ['agents'] } },
  'task-discipline': { section: 'people' },
  'multichannel-sequences': { section: 'ads', keys: [{ big: 'conversions', small: ['contacts'] }, { big: 'average_days', small: [] }], chart: { stack: ['conversions'], isSankey: true } },
  attribution: { section: 'ads' },
  inquiries: { section: 'ads', keys: [], chart: null },
  'lead-conversion': { section: 'leads', keys: [{ big: 'leads', small: [] }, { big: 'orders', small: [] }, { big: 'sales', small: [] }, { big: 'conversion', small: ['converted'] }], chart: { stack: ['leads'] }, better: { leads: 1, orders: 1, sales: 1, conversion: 1 } },
  'closed-unsuccessfully': { section: 'leads', keys: [], chart: null },
  'employee-performance': { section: 'leads', keys: [{ big: 'leads', small: [] }, { big: 'orders', small: [] }, { big: 'sales', small: [] }, { big: 'conversion', small: ['converted'] }], chart: { stack: ['leads', 'sales'] }, better: { leads: 1, orders: 1, sales: 1, conversion: 1 } },
};

export const SECTIONS = ['people', 'ads', 'leads', 'own'];

export function shapeOf(report, columns) {
  const shape = SHAPES[report.id] || { section: 'own' };
  const figures = columns.filter((c) => c.kind === 'measure' && c.type !== 'text' && c.type !== 'time').map((c) => c.id);
  const whole = columns.filter((c) => c.kind === 'measure' && c.type === 'integer').map((c) => c.id);
  return {
    groups: {}, short: [], alarm: {}, better: {}, plain: [],
    keys: report.kind === 'list' ? [] : figures.slice(0, 4).map((id) => ({ big: id, small: [] })),
    chart: report.kind === 'list' || !whole.length ? null : { stack: whole.slice(0, 1) },
    ...shape,
  };
}
export const sectionOf = (id) => SHAPES[id]?.section || 'own';
