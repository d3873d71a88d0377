// The list of completions under the caret.

import { fill, h, unique } from '../shell/dom.js';
import { prose } from '../shell/prose.js';

const rowHeight = 26;
const most = 80;

/// - source: `(text, offset, isAsked)` to `{ from, to, items }`.
export class Suggestions {
    constructor(editor, source) {
        this.editor = editor;
        this.source = source;
        this.items = [];
        this.list = h('div.suggestion-list', { role: 'listbox', id: unique('suggestions'), 'aria-label': 'Suggestions' });
        this.note = h('div.suggestion-note');
        this.element = h('div.suggestions', { hidden: true, onmousedown: (event) => event.preventDefault() }, this.list, this.note);
        // In the editor, which is part of a landmark, though it is placed by the screen.
        editor.element.append(this.element);
        editor.area.setAttribute('aria-autocomplete', 'list');
        editor.area.setAttribute('aria-controls', this.list.id);
        editor.on('key', (event) => this.key(event));
        editor.on('input', () => this.typed());
        editor.on('move', () => { if (this.isOpen && editor.area.selectionEnd !== this.openedAt) this.close(); });
        editor.on('scroll', () => this.close());
        editor.area.addEventListener('blur', () => this.close());
    }

    get isOpen() { return !this.element.hidden; }

    key(event) {
        if ((event.ctrlKey || event.metaKey) && event.key === ' ') {
            this.open(true);
            return true;
        }
        // A caret that moved was not typing.
        this.isTyping = event.key.length === 1 || event.key === 'Backspace';
        if (!this.isOpen) return false;
        switch (event.key) {
            case 'ArrowDown': this.go(1); return true;
            case 'ArrowUp': this.go(-1); return true;
            case 'PageDown': this.go(8); return true;
            case 'PageUp': this.go(-8); return true;
            case 'Enter': case 'Tab': this.accept(this.current); return true;
            case 'Escape': this.close(); return true;
            default: return false;
        }
    }

    typed() {
        if (!this.isTyping || document.activeElement !== this.editor.area) return this.close();
        const before = this.editor.area.value[this.editor.area.selectionEnd - 1] ?? '';
        if (/[\w$@"]/.test(before) || before === '.' || (this.isOpen && !/[\s{}()]/.test(before))) this.open(false);
        else this.close();
    }

    open(isAsked) {
        const begin = performance.now();
        const { editor } = this;
        const found = this.source(editor.text, editor.caret, isAsked);
        const word = editor.text.slice(found.from, editor.caret);
        const isWhole = found.items.length === 1 && found.items[0].label === word && !isAsked;
        if (!found.items.length || isWhole) return this.close();
        Object.assign(this, found, { items: found.items.slice(0, most), total: found.items.length, current: 0 });
        this.openedAt = editor.area.selectionEnd;
        this.element.hidden = false;
        fill(this.list, this.items.map((item, number) => this.row(item, number)));
        this.place();
        this.go(0);
        performance.measure('completion', { start: begin });
    }

    row(item, number) {
        const hits = new Set(item.hits);
        const letters = [...item.label].map((letter, i) => (hits.has(i) ? h('b', {}, letter) : letter));
        return h('div.suggestion', {
            role: 'option', id: `${this.list.id}-${number}`, 'aria-selected': 'false',
            'aria-label': `${item.label} ${item.detail ?? ''}${item.isDeprecated ? ', deprecated' : ''}`,
            onclick: () => this.accept(number),
        }, h(`span.kind.kind-${item.kind}`, { 'aria-hidden': 'true' }, kindLetter[item.kind] ?? '·'),
        h(item.isDeprecated ? 'span.label.is-deprecated' : 'span.label', {}, letters),
        h('span.detail', {}, item.detail ?? ''));
    }

    go(step) {
        const count = this.items.length;
        this.list.children[this.current]?.setAttribute('aria-selected', 'false');
        this.current = Math.abs(step) === 1 ? (this.current + step + count) % count : Math.max(0, Math.min(count - 1, this.current + step));
        const row = this.list.children[this.current];
        row.setAttribute('aria-selected', 'true');
        const top = this.current * rowHeight;
        if (top < this.list.scrollTop) this.list.scrollTop = top;
        else if (top + rowHeight > this.list.scrollTop + this.list.clientHeight) this.list.scrollTop = top + rowHeight - this.list.clientHeight;
        this.editor.area.setAttribute('aria-activedescendant', row.id);
        const item = this.items[this.current];
        const text = [item.doc, item.isDeprecated && `**Deprecated.** ${item.reason ?? ''}`].filter(Boolean).join('\n\n');
        this.note.hidden = !text;
        fill(this.note, prose(text));
    }

    accept(number) {
        const item = this.items[number];
        const { editor, from, to } = this;
        this.close();
        this.isTyping = false;
        const text = editor.text;
        const line = text.slice(text.lastIndexOf('\n', from - 1) + 1, from).match(/^\s*/)[0];
        const plain = item.insert ?? item.label;
        const insert = plain.replaceAll('\n', `\n${line}`);
        let caret = insert.length;
        if (item.caret !== undefined) caret = plain.slice(0, item.caret).replaceAll('\n', `\n${line}`).length;
        editor.replace(from, to, insert, from + caret);
        editor.area.focus();
        // Where the next word is as good as certain, offer it.
        if (/[ (:\n]$/.test(insert.slice(0, caret)) || item.label === '...') this.open(false);
    }

    place() {
        const { editor } = this;
        const at = editor.pointAt(editor.folds.toView(editor.area.value, this.from));
        const { style } = this.element;
        const height = Math.min(this.items.length, 9) * rowHeight + 10;
        style.left = `${Math.max(8, Math.min(at.left - 30, innerWidth - this.element.offsetWidth - 8))}px`;
        const isBelow = at.bottom + height + 90 < innerHeight || at.top < innerHeight / 2;
        style.top = isBelow ? `${at.bottom + 4}px` : 'auto';
        style.bottom = isBelow ? 'auto' : `${innerHeight - at.top + 4}px`;
    }

    close() {
        this.element.hidden = true;
        this.editor.area.removeAttribute('aria-activedescendant');
    }
}

const kindLetter = { field: 'f', argument: 'a', type: 'T', enum: 'e', variable: '$', directive: '@', fragment: '…', keyword: 'k', key: '"' };
