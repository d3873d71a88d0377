// What was run, newest first, kept in this browser.

import { fill, h, iconButton } from '../shell/dom.js';
import { onSaved } from '../shell/store.js';
import { ago } from '../shell/units.js';
import { titleOf } from '../shell/tabs.js';

const most = 100;
const kinds = new Set(['query', 'mutation', 'subscription']);

export class HistoryPanel {
    constructor(app) {
        this.app = app;
        this.list = clean(app.get('history', []));
        onSaved('history', (list) => { this.list = clean(list); this.show(); });
        this.search = h('input.field', { type: 'search', placeholder: 'Search the history', 'aria-label': 'Search the history', oninput: () => this.show() });
        this.body = h('div.panel-body');
        this.element = h('div.panel', {}, h('div.panel-head', {}, h('h2', {}, 'History'), iconButton('trash', 'Clear the history', () => this.clear())),
            h('div.search', {}, this.search), this.body);
        app.on('ran', ({ operation, type }) => this.add(operation, type));
        this.show();
    }

    focus() { this.search.focus(); }

    commands() { return this.list.length ? [{ label: 'Clear the history', action: () => this.clear() }] : []; }

    add(operation, type) {
        const entry = { query: operation.query, variables: this.app.variables.text, operationName: operation.operationName ?? '', type, at: Date.now() };
        const isSame = (other) => other.query === entry.query && other.variables === entry.variables && other.operationName === entry.operationName;
        this.list = [entry, ...this.list.filter((other) => !isSame(other))].slice(0, most);
        this.app.set('history', this.list);
        this.show();
    }

    clear() {
        this.list = [];
        this.app.set('history', []);
        this.show();
    }

    show() {
        const word = this.search.value.trim().toLowerCase();
        const shown = this.list.filter((entry) => !word || entry.query.toLowerCase().includes(word));
        fill(this.body, !shown.length && h('p.hint', {}, word ? 'Nothing that was run has this in it.' : 'What you run is listed here.'),
            shown.map((entry) => h('button.entry', { type: 'button', onclick: () => this.open(entry) },
                h('span.entry-title', {}, entry.operationName || titleOf(entry)), h(`span.badge.is-${entry.type}`, {}, entry.type), h('span.entry-note', {}, ago(entry.at)),
                h('span.entry-text', {}, entry.query.replace(/#.*$/gm, '').replace(/\s+/g, ' ').trim().slice(0, 120)))));
    }

    open(entry) {
        this.app.tabs.open(entry);
        this.app.layout.showEditor();
    }
}

function clean(list) {
    const text = (value) => (typeof value === 'string' ? value : '');
    return (Array.isArray(list) ? list : []).filter((entry) => typeof entry?.query === 'string').slice(0, most)
        .map((entry) => ({ query: entry.query, variables: text(entry.variables), operationName: text(entry.operationName), type: kinds.has(entry.type) ? entry.type : 'query', at: Number(entry.at) || 0 }));
}
