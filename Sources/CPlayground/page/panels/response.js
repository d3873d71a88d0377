// What came of the last run: the answer, its headers, and how it went.

import { copy } from '../shell/notice.js';
import { download, fill, h, icon, iconButton } from '../shell/dom.js';
import { bytes, duration } from '../shell/units.js';
import { EventLog } from './events.js';
import { foldAll, jsonView } from './json-view.js';
import { costView, traceView } from './trace.js';

export class ResponsePanel {
    constructor({ onstop, onreconnect, onjump, explain }) {
        this.onjump = onjump;
        this.explain = explain;
        this.callbacks = { onstop, onreconnect };
        this.status = h('div.answer-status', { role: 'status', 'aria-live': 'polite' });
        this.views = h('div.segments', { role: 'tablist', 'aria-label': 'Views of the answer' });
        this.body = h('div.answer-body', { tabindex: '0', role: 'tabpanel', 'aria-label': 'Answer' });
        this.views.addEventListener('keydown', (event) => this.viewKey(event));
        this.folding = h('div.answer-tools', {}, iconButton('fold', 'Fold', () => this.fold(false)), iconButton('unfold', 'Unfold', () => this.fold(true)));
        this.tools = h('div.answer-tools', {},
            this.folding,
            iconButton('copy', 'Copy the answer', () => copy(this.text, 'Answer')),
            iconButton('download', 'Download the answer', () => this.download()));
        this.element = h('section.answer', { 'aria-label': 'Response' }, h('div.answer-bar', {}, this.views, h('span.spring'), this.tools), this.status, this.body);
        this.clear();
    }

    clear() {
        this.result = null;
        this.log = null;
        this.tools.hidden = true;
        this.setViews([]);
        this.status.hidden = true;
        fill(this.body, h('div.empty', {}, h('div.empty-mark', {}, icon('play')), h('p.empty-title', {}, 'Run an operation to see its answer'),
            h('p', {}, h('kbd', {}, 'Ctrl'), ' + ', h('kbd', {}, 'Enter'), ' runs the one under the caret.')));
    }

    /// A run has begun.
    begin() {
        this.element.classList.add('is-busy');
        if (!this.log) return;
        this.log = null;
        this.status.hidden = true;
        this.setViews([]);
        fill(this.body);
    }

    end() { this.element.classList.remove('is-busy'); }

    fail(message, detail) {
        this.end();
        this.result = null;
        this.log = null;
        this.tools.hidden = true;
        this.setViews([]);
        this.setStatus([h('span.chip.is-bad', {}, 'No answer')]);
        fill(this.body, h('div.failure', { role: 'alert' }, h('p.failure-title', {}, message), detail && h('p', {}, detail)));
    }

    show(result) {
        this.result = result;
        this.tools.hidden = false;
        const errors = result.value?.errors?.length ?? 0;
        const isGood = result.status < 300 && !errors;
        const kind = isGood ? 'is-good' : result.status < 300 && result.value?.data ? 'is-mixed' : 'is-bad';
        this.setStatus([
            h(`span.chip.${kind}`, {}, `${result.status} ${result.statusText}`),
            h('span', { title: 'until the last byte' }, duration(result.milliseconds)),
            h('span', { title: 'of the body, unpacked' }, bytes(result.size)),
            result.parts > 0 && h('span', {}, `${result.parts} ${result.parts === 1 ? 'part' : 'parts'}${result.isLast ? '' : ', more to come'}`),
            result.value?.extensions?.cost?.estimate && h('span', { title: 'estimated, in points' }, `cost ${result.value.extensions.cost.estimate.points}`),
            errors > 0 && h('span.is-error-text', {}, `${errors} ${errors === 1 ? 'error' : 'errors'}`),
        ]);
        if (result.isLast) this.end();
        this.showViews();
    }

    setStatus(parts) {
        this.status.hidden = false;
        fill(this.status, parts);
    }

    showViews() {
        const { extensions } = this.result?.value ?? {};
        const views = this.log ? ['Events'] : ['Answer', 'Headers'];
        if (extensions?.trace) views.push('Trace');
        if (extensions?.cost) views.push('Cost');
        if (!views.includes(this.view)) this.view = views[0];
        this.setViews(views);
        this.showBody();
    }

    /// The tabs that are there stay as they are, with the focus that one of them may have.
    setViews(views) {
        const known = new Map([...this.views.children].map((button) => [button.textContent, button]));
        for (const [name, button] of known) if (!views.includes(name)) button.remove();
        views.forEach((name, number) => {
            const button = known.get(name) ?? h('button.segment', { type: 'button', role: 'tab', onclick: () => { this.view = name; this.showViews(); } }, name);
            button.setAttribute('aria-selected', String(name === this.view));
            button.tabIndex = name === this.view ? 0 : -1;
            if (this.views.children[number] !== button) this.views.insertBefore(button, this.views.children[number] ?? null);
        });
        this.views.hidden = !views.length;
    }

    viewKey(event) {
        const all = [...this.views.children];
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step || !all.length) return;
        event.preventDefault();
        const next = all[(all.indexOf(document.activeElement) + step + all.length) % all.length];
        next.click();
        next.focus();
    }

    showBody() {
        const { result } = this;
        this.folding.hidden = this.view !== 'Answer';
        if (this.log) return void (this.log.element.isConnected || fill(this.body, this.log.element));
        if (!result) return;
        if (this.view === 'Headers') {
            return void fill(this.body, h('table.headers', {}, h('tbody', {}, result.headers.map(([name, value]) => h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, value))))));
        }
        const { extensions } = result.value ?? {};
        if (this.view === 'Trace') return void fill(this.body, orAsItIs((trace) => traceView(trace, this.explain), extensions.trace));
        if (this.view === 'Cost') return void fill(this.body, orAsItIs(costView, extensions.cost));
        if (result.value === undefined) return void fill(this.body, h('pre.plain', {}, result.text || '(no body)'));
        const scroll = this.body.scrollTop;
        // Another part of the same answer came: who reads is not thrown out of it.
        const isRead = this.body.contains(document.activeElement);
        const value = result.value !== null && typeof result.value === 'object' ? result.value : { data: result.value };
        fill(this.body, this.errorList(value.errors), jsonView(result.value, { marks: this.marks(value.errors), folded: ['errors', 'extensions'] }));
        this.body.scrollTop = scroll;
        if (isRead) this.body.focus({ preventScroll: true });
    }

    marks(errors) {
        const marks = new Map();
        for (const error of Array.isArray(errors) ? errors : []) if (Array.isArray(error?.path)) marks.set(`data.${error.path.join('.')}`, error.message);
        return marks;
    }

    /// Errors in words, each of which leads to its place.
    errorList(errors) {
        if (!Array.isArray(errors) || !errors.length) return null;
        return h('ul.error-list', { 'aria-label': 'Errors' }, errors.slice(0, 20).map((error) => {
            const place = error?.locations?.[0];
            return h('li', {}, h('span.error-message', {}, String(error?.message ?? 'An error without a message')),
                Array.isArray(error?.path) && h('code.error-path', {}, error.path.join('.')),
                error?.extensions?.code && h('span.error-code', {}, String(error.extensions.code)),
                place && h('button.link', { type: 'button', onclick: () => this.onjump(place.line, place.column) }, `line ${place.line}:${place.column}`));
        }));
    }

    /// What is copied and kept: of an answer that is no JSON, its text.
    get text() { return this.result?.value === undefined ? this.result?.text ?? '' : JSON.stringify(this.result.value, null, 2); }

    download() { download('answer.json', this.text, 'application/json'); }

    commands() {
        if (this.log) return this.log.commands();
        if (!this.result) return [];
        return [
            { label: 'Copy the answer', action: () => copy(this.text, 'Answer') },
            { label: 'Download the answer', action: () => this.download() },
            ...[...this.views.children].map((button) => ({ label: `Show: ${button.textContent}`, action: () => { button.click(); button.focus(); } })),
            ...(this.view === 'Answer' ? [{ label: 'Fold the answer', action: () => this.fold(false) }, { label: 'Unfold the answer', action: () => this.fold(true) }] : []),
        ];
    }

    fold(isOpen) {
        const view = this.body.querySelector('.json');
        if (view) foldAll(view, isOpen);
    }

    // MARK: subscriptions

    beginEvents() {
        this.log = new EventLog(this.callbacks);
        this.view = 'Events';
        fill(this.body);
        this.result = null;
        this.tools.hidden = true;
        this.status.hidden = true;
        this.end();
        this.showViews();
        return this.log;
    }
}

/// Other servers mean other things by the same names.
function orAsItIs(view, value) {
    try {
        return view(value);
    } catch {
        return jsonView(value);
    }
}
