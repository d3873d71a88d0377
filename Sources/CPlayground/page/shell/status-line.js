// The line at the bottom: the schema, what is wrong, where the caret is, how subscriptions come.

import { fill, h, icon } from './dom.js';
import { menuButton } from './menu.js';

export function buildStatusLine(app, layout) {
    const schema = h('button.status-item', { type: 'button', title: 'Read the schema again', onclick: () => app.loadSchema() });
    const problems = h('button.status-item', { type: 'button', onclick: () => layout.nextProblem() });
    const place = h('span.status-item.is-place');
    const protocolLabel = h('span');
    const protocol = menuButton(h('button.status-item.is-protocol', { type: 'button' }, icon('wave'), protocolLabel), () => [
        ['socket', 'WebSocket'], ['stream', 'Event stream'],
    ].map(([name, label]) => ({ label, isChecked: app.runner.protocol === name, action: () => app.runner.setProtocol(name) })));

    const showSchema = () => {
        const dot = h(`span.status-dot.${app.schemaProblem ? 'is-bad' : app.schema ? 'is-good' : 'is-busy'}`);
        const text = app.schemaProblem ?? (app.schema ? `${[...app.schema.types.keys()].filter((name) => !name.startsWith('__')).length} types` : 'reading the schema');
        fill(schema, dot, h('span', {}, text));
    };
    const showProblems = () => {
        const errors = app.problems.filter((problem) => problem.severity === 'error').length;
        const warnings = app.problems.length - errors;
        const words = [errors && `${errors} ${errors === 1 ? 'problem' : 'problems'}`, warnings && `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`].filter(Boolean);
        fill(problems, h('span', {}, words.length ? words.join(', ') : 'No problems'));
        problems.classList.toggle('is-error-text', errors > 0);
        problems.disabled = !app.problems.length;
        problems.title = app.problems[0]?.message ?? '';
    };
    const showPlace = () => {
        const { line, column } = app.editor.position();
        place.textContent = `Line ${line}, column ${column}`;
    };
    const showProtocol = () => {
        protocolLabel.textContent = app.runner.protocol === 'socket' ? 'WebSocket' : 'Event stream';
        protocol.setAttribute('aria-label', `Subscriptions by ${protocolLabel.textContent}`);
        protocol.title = 'How subscriptions come';
    };
    app.on('schema', showSchema);
    app.on('schemaLoading', showSchema);
    app.on('analysed', () => { showProblems(); showPlace(); });
    app.on('caret', showPlace);
    app.on('protocol', showProtocol);
    showSchema();
    showProblems();
    showProtocol();
    return h('footer.status-line', {}, schema, problems, h('span.spring'), place, protocol);
}
