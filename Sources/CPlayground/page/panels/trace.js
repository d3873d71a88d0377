// What the server told of a request: its cost, and the batches, loader calls and statements by time.

import { h } from '../shell/dom.js';
import { counted, duration } from '../shell/units.js';
import { jsonView } from './json-view.js';

const most = 500;

/// `extensions.trace`: https://opentelemetry.io calls such a picture a waterfall. Times are nanoseconds. `explain` gives the
/// lines of a statement's plan.
export function traceView(trace, explain) {
    if (!Array.isArray(trace?.levels)) return h('div.trace', {}, jsonView(trace));
    const total = Math.max(1, trace.duration);
    const time = (nanoseconds) => duration(nanoseconds / 1_000_000);
    const batches = trace.levels.flatMap((level) => level.batches.map((batch) => ({ ...batch, level: level.level })));
    const statements = trace.statements ?? [], loaders = trace.loaders ?? [];
    const bar = (one, kind) => {
        const fill = h(`span.trace-fill.is-${kind}`);
        fill.style.left = `${Math.min(99, (one.start / total) * 100)}%`;
        fill.style.width = `${Math.max(.6, Math.min(100, (one.duration / total) * 100))}%`;
        return h('span.trace-bar', { 'aria-hidden': 'true' }, fill);
    };
    const row = (one, kind, name, detail, note, below) => h(`li.trace-item.is-${kind}`, {},
        h('div.trace-row', {}, h('span.trace-name', { title: note ?? name }, name), h('span.trace-detail', {}, detail), bar(one, kind), h('span.trace-time', {}, time(one.duration))), below);
    const section = (title, rows) => rows.length > 0 && [h('h2', {}, title), h('ul.trace-rows', {}, rows.slice(0, most)), rows.length > most && h('p.hint', {}, `${rows.length - most} more`)];
    const statementRow = (statement) => {
        const [plan, button] = statement.plan && explain ? planParts(statement, explain) : [];
        return row(statement, 'statement', statement.name, [counted(statement.rows, 'row'), button && ' · ', button], statement.name, plan);
    };
    const levelOf = (statement) => batches.filter((batch) => batch.start <= statement.start && statement.start <= batch.start + batch.duration)
        .reduce((last, batch) => (last && last.start > batch.start ? last : batch), null)?.level;
    const byLevel = Map.groupBy(statements, levelOf);
    return h('div.trace', {},
        h('p.trace-summary', {}, h('strong', {}, time(trace.duration)), ` · ${counted(trace.levels.length, 'level')} · ${counted(batches.length, 'batch', 'batches')} · ${counted(loaders.length, 'loader call')} · ${counted(statements.length, 'statement')}`),
        trace.levels.map((level) => section(`Level ${level.level}`, [
            ...level.batches.map((batch) => row(batch, 'batch', batch.field, `${counted(batch.parents, 'parent')} → ${counted(batch.values, 'value')}`, batch.path.join('.'))),
            ...(byLevel.get(level.level) ?? []).map(statementRow),
        ])),
        section('Loaders', loaders.map((loader) => row(loader, 'loader', loader.name, counted(loader.keys, 'key')))),
        section('Other statements', (byLevel.get(undefined) ?? []).map(statementRow)));
}

/// Where a statement's plan is shown, and the button that asks for it.
function planParts(statement, explain) {
    const place = h('pre.plan', { hidden: true, tabindex: '0', 'aria-label': `Plan of ${statement.name}` });
    const button = h('button.link', { type: 'button', 'aria-expanded': 'false', 'aria-label': `Plan of ${statement.name}` }, 'plan');
    const open = async () => {
        place.hidden = !place.hidden;
        button.setAttribute('aria-expanded', String(!place.hidden));
        if (!place.hidden && !place.textContent) place.textContent = (await explain(statement.plan)).join('\n');
    };
    button.addEventListener('click', open);
    return [place, button];
}

/// `extensions.cost`.
export function costView(cost) {
    if (!cost?.estimate) return h('div.cost', {}, jsonView(cost));
    const line = (title, key, note) => {
        const limit = cost.limit?.[key];
        const estimate = cost.estimate[key], actual = cost.actual?.[key];
        const scale = Math.max(limit ?? 0, estimate, actual ?? 0, 1);
        const part = (value, kind) => {
            const fill = h(`span.cost-fill.is-${kind}`);
            fill.style.width = `${Math.max(.8, (value / scale) * 100)}%`;
            return h('span.cost-bar', { 'aria-hidden': 'true' }, fill);
        };
        const row = (label, value, kind) => value !== undefined && h('div.cost-row', {}, h('span', {}, label), part(value, kind), h('span.cost-number', {}, value.toLocaleString('en')));
        return h('section.cost-part', {}, h('h2', {}, title), h('p.hint', {}, note), row('Estimated', estimate, estimate > (limit ?? Infinity) ? 'bad' : 'estimate'), row('Actual', actual, 'actual'),
            limit != null && h('p.cost-limit', {}, `${estimate / limit < .001 ? 'Less than 0.1' : Math.round((estimate / limit) * 1_000) / 10} % of the ${limit.toLocaleString('en')} that an operation may be estimated to cost`));
    };
    return h('div.cost', {}, line('Points', 'points', 'calls and objects, weighed by @cost'), line('Objects', 'nodes', 'how many the answer may hold, by @listSize'));
}
