// Finding and replacing in an editor, of which the browser's own search sees only the lines in sight.

import { h, iconButton } from '../shell/dom.js';

export class Finder {
    constructor(editor) {
        this.editor = editor;
        this.hits = [];
        this.current = 0;
        this.input = h('input.field', { type: 'text', 'aria-label': 'Find', placeholder: 'Find', oninput: () => this.search(), onkeydown: (event) => this.key(event) });
        this.other = h('input.field', { type: 'text', 'aria-label': 'Replace by', placeholder: 'Replace by', onkeydown: (event) => this.key(event) });
        this.count = h('span.find-count', { role: 'status' });
        this.element = h('div.find', { role: 'search', 'aria-label': 'Find in the document', hidden: true },
            this.input, this.count, iconButton('left', 'Previous (Shift+Enter)', () => this.go(-1)), iconButton('right', 'Next (Enter)', () => this.go(1)),
            !editor.area.readOnly && [this.other, h('button.quiet', { type: 'button', onclick: () => this.replace() }, 'Replace'),
                h('button.quiet', { type: 'button', onclick: () => this.replaceAll() }, 'All')], iconButton('close', 'Close (Escape)', () => this.close()));
        editor.element.prepend(this.element);
        editor.area.addEventListener('keydown', (event) => {
            if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'f') { event.preventDefault(); this.open(); }
        });
        editor.on('input', () => { if (!this.element.hidden) this.search(true); });
    }

    open() {
        this.element.hidden = false;
        const [from, to] = this.editor.selection;
        const chosen = this.editor.text.slice(from, to);
        if (chosen && !chosen.includes('\n')) this.input.value = chosen;
        this.input.focus();
        this.input.select();
        this.search();
    }

    close() {
        this.element.hidden = true;
        this.editor.setHits([]);
        this.editor.area.focus();
    }

    key(event) {
        if (event.key === 'Escape') this.close();
        else if (event.key === 'Enter' && event.target === this.other) this.replace();
        else if (event.key === 'Enter') this.go(event.shiftKey ? -1 : 1);
        else return;
        event.preventDefault();
    }

    search(isKept = false) {
        this.hits = [];
        // Not by lower case, in which letters such as İ become longer and all behind them moves.
        const word = this.input.value && new RegExp(this.input.value.replace(/[$()*+./?[\\\]^{|}]/g, '\\$&'), 'giu');
        for (const match of word ? this.editor.text.matchAll(word) : []) {
            this.hits.push({ start: match.index, end: match.index + match[0].length });
            if (this.hits.length === 5_000) break;
        }
        if (!isKept) this.current = Math.max(0, this.hits.findIndex((hit) => hit.start >= this.editor.selection[0]));
        this.current = Math.min(this.current, Math.max(0, this.hits.length - 1));
        this.show();
    }

    show() {
        this.count.textContent = this.hits.length ? `${this.current + 1} of ${this.hits.length}` : this.input.value ? 'nothing' : '';
        this.editor.setHits(this.hits.map((hit, number) => ({ ...hit, isCurrent: number === this.current })));
        const hit = this.hits[this.current];
        if (hit) this.editor.reveal(this.editor.folds.toView(this.editor.area.value, hit.start));
    }

    go(step) {
        if (!this.hits.length) return;
        this.current = (this.current + step + this.hits.length) % this.hits.length;
        this.show();
    }

    replace() {
        const hit = this.hits[this.current];
        if (!hit) return;
        this.editor.unfoldAll();
        this.editor.replace(hit.start, hit.end, this.other.value);
        this.search(true);
    }

    replaceAll() {
        if (!this.hits.length) return;
        this.editor.unfoldAll();
        const text = this.editor.text;
        let out = '', at = 0;
        for (const hit of this.hits) {
            out += text.slice(at, hit.start) + this.other.value;
            at = hit.end;
        }
        this.editor.replace(0, text.length, out + text.slice(at));
        this.search();
    }
}
