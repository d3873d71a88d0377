// The documents that are open, kept over visits. A tab is `{ id, query, variables, headers, operationName, savedAs }`.

import { isComposite, isRequired } from '../language/schema.js';
import { fill, h, icon, iconButton } from './dom.js';
import { notice } from './notice.js';
import { loadOwn, saveOwn } from './store.js';

const hints = `# Welcome to Atrium.
#
# Ctrl+Enter   runs what is under the caret
# Ctrl+Space   completes
# Ctrl+K       has all commands
`;

/// A first document: of the schema, when that is known, something that can be asked without arguments.
export function welcome(schema) {
    const root = schema?.root('query');
    for (const field of root?.fields.values() ?? []) {
        if (field.isDeprecated || [...field.args.values()].some(isRequired)) continue;
        const type = schema.type(field.type);
        if (!isComposite(type)) return `${hints}\nquery Welcome {\n  ${field.name}\n}\n`;
        const leaves = [...type.fields.values()].filter((inner) => !isComposite(schema.type(inner.type)) && ![...inner.args.values()].some(isRequired));
        if (leaves.length) return `${hints}\nquery Welcome {\n  ${field.name} {\n${leaves.slice(0, 4).map((leaf) => `    ${leaf.name}\n`).join('')}  }\n}\n`;
    }
    return `${hints}\nquery Welcome {\n  __typename\n}\n`;
}

const maximumTabs = 30;

export class Tabs {
    constructor(initial, onchange) {
        this.onchange = onchange;
        const kept = loadOwn('tabs');
        this.list = (Array.isArray(kept?.list) ? kept.list : []).filter((tab) => typeof tab?.query === 'string').slice(0, maximumTabs).map(clean);
        if (!this.list.length) this.list.push(clean({ query: initial }));
        this.current = Math.max(0, Math.min(this.list.length - 1, kept?.current | 0));
        this.strip = h('div.tabs', { role: 'tablist', 'aria-label': 'Open documents' });
        this.element = h('div.tab-strip', {}, this.strip, iconButton('plus', 'New tab', () => this.add({ query: '' }), { 'aria-keyshortcuts': 'Alt+T' }));
        this.show();
    }

    get tab() { return this.list[this.current]; }

    /// False when there are too many: which of them is not needed any more, nobody but their user knows.
    add(tab) {
        if (this.list.length >= maximumTabs) {
            notice(`${maximumTabs} documents are open: close one first`, 'error');
            return false;
        }
        this.list.push(clean(tab));
        this.go(this.list.length - 1);
        return true;
    }

    /// The same document where it is open already.
    open(tab) {
        const at = this.list.findIndex((other) => other.query === tab.query && other.variables === tab.variables);
        if (at >= 0) this.go(at); else this.add(tab);
    }

    go(number) {
        this.current = (number + this.list.length) % this.list.length;
        this.show();
        this.keep();
        this.onchange(this.tab);
    }

    close(number) {
        this.list.splice(number, 1);
        if (!this.list.length) this.list.push(clean({}));
        this.go(Math.min(this.current > number ? this.current - 1 : this.current, this.list.length - 1));
        this.strip.querySelector('[aria-selected=true]')?.focus();
    }

    update(changes) {
        Object.assign(this.tab, changes);
        const title = titleOf(this.tab);
        const label = this.strip.children[this.current]?.querySelector('.tab-title');
        if (label && label.textContent !== title) label.textContent = title;
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.keep(), 300);
    }

    keep() { saveOwn('tabs', { list: this.list, current: this.current }); }

    show() {
        fill(this.strip, this.list.map((tab, number) => {
            const isCurrent = number === this.current;
            return h('div.tab', {
                role: 'tab', 'aria-selected': String(isCurrent), tabindex: isCurrent ? '0' : '-1',
                onclick: () => { if (number !== this.current) this.go(number); },
                onauxclick: (event) => { if (event.button === 1) this.close(number); },
                onkeydown: (event) => this.key(event, number),
            }, h('span.tab-title', {}, titleOf(tab)),
            h('span.tab-close', { 'aria-hidden': 'true', title: 'Close (Delete)', onclick: (event) => { event.stopPropagation(); this.close(number); } }, icon('close')));
        }));
        this.strip.querySelector('[aria-selected=true]')?.scrollIntoView?.({ block: 'nearest', inline: 'nearest' });
    }

    key(event, number) {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (step) this.go(number + step);
        else if (event.key === 'Delete') this.close(number);
        else return;
        event.preventDefault();
        this.strip.querySelector('[aria-selected=true]')?.focus();
    }
}

let last = Date.now();

function clean(tab) {
    const text = (value) => (typeof value === 'string' ? value : '');
    return {
        id: text(tab.id) || `t${(last++).toString(36)}`, query: text(tab.query), variables: text(tab.variables), headers: text(tab.headers),
        operationName: text(tab.operationName), savedAs: text(tab.savedAs), title: text(tab.title),
    };
}

export function titleOf(tab) {
    if (tab.title) return tab.title;
    // Of what a document begins with: to go through a long one again and again takes too long.
    const query = tab.query.slice(0, 4_000);
    const name = query.match(/^[^#"]*?\b(?:query|mutation|subscription)\s+([_A-Za-z]\w*)/m)?.[1];
    return name ?? (query.match(/^\s*(?:query|mutation|subscription)?\s*\{\s*([_A-Za-z]\w*)/m)?.[1] || 'Untitled');
}
