// A text area for the text, its caret, undo, input methods and screen readers, and over it the same text in colours.
//
// The area is as large as its text and is scrolled from outside, so that both layers move as one. Of the coloured one
// only the lines in sight exist, which keeps typing fast however long the text is.

import { fill, h } from '../shell/dom.js';
import { Folds, partner, regions } from './folding.js';
import { typed } from './typing.js';

const padding = 10;
const margin = 20;

export class Editor {
    /// - options: label, colour (text to tokens), comment (what begins one), placeholder, onchange, keys (name to action).
    constructor(options) {
        this.options = options;
        this.folds = new Folds();
        this.problems = [];
        this.hits = [];
        this.brackets = [];
        this.listeners = { input: [], move: [], scroll: [], key: [] };
        this.area = h('textarea', {
            spellcheck: 'false', autocapitalize: 'off', autocomplete: 'off', autocorrect: 'off', wrap: 'off',
            'aria-label': options.label, 'aria-multiline': 'true', placeholder: options.placeholder,
            oninput: () => this.changed(),
            onkeydown: (event) => this.key(event),
            onpaste: (event) => this.paste(event),
            oncopy: (event) => this.copy(event),
            oncut: (event) => this.copy(event),
            onblur: () => this.element.classList.remove('has-focus'),
            onfocus: () => this.element.classList.add('has-focus'),
        });
        this.lines = h('div.lines', { 'aria-hidden': 'true' });
        this.gutter = h('div.gutter', { 'aria-hidden': 'true' });
        this.sheet = h('div.sheet', {}, this.lines, this.area);
        this.scroller = h('div.scroller', { onscroll: () => { this.render(); this.tell('scroll'); } }, this.gutter, this.sheet);
        this.spoken = h('div.unseen', { role: 'status' });
        this.element = h('div.editor', {}, this.scroller, this.spoken);
        this.area.addEventListener('selectionchange', () => this.moved());
        document.addEventListener('selectionchange', () => { if (document.activeElement === this.area) this.moved(); });
        new ResizeObserver(() => this.measure()).observe(this.scroller);
        this.lineHeight = 20;
        this.charWidth = 8;
        this.analyse();
    }

    on(event, listener) { this.listeners[event].push(listener); }
    tell(event, detail) { return this.listeners[event].some((listener) => listener(detail)); }

    // MARK: the text, as a whole: folded parts count

    get text() { return this.folds.expand(this.area.value); }
    get caret() { return this.folds.toDocument(this.area.value, this.area.selectionEnd); }
    get selection() {
        const { value, selectionStart, selectionEnd } = this.area;
        return [this.folds.toDocument(value, selectionStart), this.folds.toDocument(value, selectionEnd)];
    }

    /// Another text, with nothing to undo.
    load(text) {
        this.folds = new Folds();
        this.area.value = text;
        this.scroller.scrollTo(0, 0);
        this.area.setSelectionRange(0, 0);
        this.analyse();
        this.tell('input');
    }

    /// Replaces a part by something that can be undone, and puts the caret behind it or at `caret`.
    replace(from, to, text, caret = from + text.length) {
        const view = this.area.value;
        const start = this.folds.toView(view, from);
        this.edit(start, this.folds.toView(view, to), text, start + caret - from);
    }

    select(from, to = from) {
        const view = this.area.value;
        const offset = this.folds.toView(view, from);
        if (this.folds.isMark(view[offset]) && to > from) {
            this.unfold(offset);
            return this.select(from, to);
        }
        this.area.focus({ preventScroll: true });
        this.area.setSelectionRange(offset, this.folds.toView(view, to));
        this.reveal(offset);
        this.moved();
    }

    /// The same in places of the text area. What can only be read can be folded, but not changed.
    edit(start, end, text, caret = start + text.length, isFolding = false) {
        const { area } = this;
        if (area.readOnly && !isFolding) return;
        if (area.value.slice(start, end) !== text) {
            const hadFocus = document.activeElement === area;
            const last = hadFocus ? null : document.activeElement;
            area.focus({ preventScroll: true });
            area.setSelectionRange(start, end);
            // The only way to change text that the browser can undo.
            const isDone = text ? document.execCommand('insertText', false, text) : document.execCommand('delete');
            if (!isDone) {
                area.setRangeText(text, start, end, 'end');
                this.changed();
            }
            last?.focus?.({ preventScroll: true });
        }
        area.setSelectionRange(caret, caret);
        this.reveal(caret);
        this.moved();
    }

    setProblems(problems) {
        const view = this.area.value;
        this.problems = this.folds.texts.size
            ? problems.map((problem) => ({ ...problem, start: this.folds.toView(view, problem.start), end: Math.max(this.folds.toView(view, problem.end), this.folds.toView(view, problem.start) + 1) }))
            : problems;
        this.area.setAttribute('aria-invalid', problems.some((problem) => problem.severity === 'error') ? 'true' : 'false');
        this.render(true);
    }

    setHits(hits) {
        const view = this.area.value;
        this.hits = hits.map((hit) => ({ start: this.folds.toView(view, hit.start), end: this.folds.toView(view, hit.end), isCurrent: hit.isCurrent }));
        this.render(true);
    }

    // MARK: events

    changed() {
        this.problems = [];
        this.analyse();
        // The browser scrolled before the area had grown.
        if (document.activeElement === this.area) this.reveal(this.area.selectionEnd);
        this.tell('input');
    }

    moved() {
        const { selectionStart, selectionEnd } = this.area;
        const key = `${selectionStart} ${selectionEnd}`;
        if (key === this.lastSelection) return;
        this.lastSelection = key;
        this.brackets = selectionStart === selectionEnd ? partner(this.tokens, selectionEnd) : [];
        this.render(true);
        this.speak();
        this.tell('move');
    }

    /// A fold is one letter, of which a screen reader says nothing.
    speak() {
        const { value, selectionEnd } = this.area;
        const mark = [value[selectionEnd], value[selectionEnd - 1]].find((letter) => this.folds.isMark(letter));
        this.spoken.textContent = mark ? `${this.foldedLines(mark)} folded lines. Ctrl+Shift+] unfolds them.` : '';
    }

    foldedLines(mark) { return this.folds.expand(mark).split('\n').length - 1; }

    key(event) {
        const name = keyName(event);
        if (this.tell('key', event)) return event.preventDefault();
        if (this.options.keys?.[name]) {
            event.preventDefault();
            return this.options.keys[name](event);
        }
        if (name === 'Ctrl+Shift+[' || name === 'Ctrl+Shift+{') { event.preventDefault(); return this.foldAtCaret(); }
        if (name === 'Ctrl+Shift+]' || name === 'Ctrl+Shift+}') { event.preventDefault(); return this.unfoldAtCaret(); }
        if (!this.area.readOnly && typed(this, event, this.options.comment)) event.preventDefault();
    }

    paste(event) {
        const text = event.clipboardData.getData('text/plain');
        if (!/[\uE000-\uF8FF\t\r]/.test(text)) return;
        event.preventDefault();
        const clean = this.folds.without(text).replaceAll('\t', '  ').replace(/\r\n?/g, '\n');
        this.edit(this.area.selectionStart, this.area.selectionEnd, clean);
    }

    copy(event) {
        const { selectionStart, selectionEnd, value } = this.area;
        const piece = value.slice(selectionStart, selectionEnd);
        if (this.folds.expand(piece) === piece) return;
        event.preventDefault();
        event.clipboardData.setData('text/plain', this.folds.expand(piece));
        if (event.type === 'cut') this.edit(selectionStart, selectionEnd, '');
    }

    // MARK: folding

    foldAtCaret() {
        const line = this.lineOf(this.area.selectionStart);
        for (let number = line; number >= 0; number--) {
            const region = this.regions.get(number);
            if (region && (number === line || region.close >= this.area.selectionStart)) return this.fold(number);
        }
    }

    fold(line) {
        const region = this.regions.get(line);
        if (!region) return;
        const mark = this.folds.keep(this.area.value.slice(region.open, region.close), this.area.value);
        if (mark) this.edit(region.open, region.close, mark, region.open, true);
    }

    unfold(offset) {
        const mark = this.area.value[offset];
        if (this.folds.isMark(mark)) this.edit(offset, offset + 1, this.folds.texts.get(mark), offset, true);
    }

    unfoldAll() {
        let at;
        while ((at = this.folds.next(this.area.value)) >= 0) this.unfold(at);
    }

    /// What is folded at the caret or behind it in its line; all, where nothing is.
    unfoldAtCaret() {
        const { value, selectionEnd } = this.area;
        const end = value.indexOf('\n', selectionEnd);
        const at = this.folds.next(value, Math.max(0, selectionEnd - 1));
        if (at >= 0 && (end < 0 || at < end)) this.unfold(at); else this.unfoldAll();
    }

    // MARK: places

    lineOf(offset) {
        let low = 0, high = this.starts.length - 1;
        while (low < high) {
            const middle = (low + high + 1) >> 1;
            if (this.starts[middle] <= offset) low = middle; else high = middle - 1;
        }
        return low;
    }

    /// Line and column from 1, in the whole text.
    position(offset = this.caret) {
        const before = this.text.slice(0, offset);
        return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
    }

    /// Where a place of the text area is on the screen.
    pointAt(offset) {
        const number = this.lineOf(offset);
        const box = this.sheet.getBoundingClientRect();
        const row = this.lines.querySelector(`[data-line="${number}"]`);
        let left = box.left + padding + (offset - this.starts[number]) * this.charWidth;
        if (row) {
            const range = document.createRange();
            let rest = offset - this.starts[number];
            const walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                if (rest <= node.length) {
                    range.setStart(node, rest);
                    range.setEnd(node, rest);
                    const place = range.getBoundingClientRect();
                    if (place.left) left = place.left;
                    break;
                }
                rest -= node.length;
            }
        }
        const top = box.top + padding + number * this.lineHeight;
        return { left, top, bottom: top + this.lineHeight };
    }

    /// The place of the whole text under a point of the screen; null beside it.
    offsetAt(x, y) {
        const box = this.sheet.getBoundingClientRect();
        const number = Math.floor((y - box.top - padding) / this.lineHeight);
        if (number < 0 || number >= this.starts.length) return null;
        const column = Math.floor((x - box.left - padding) / this.charWidth);
        const length = (this.starts[number + 1] ?? this.area.value.length + 1) - 1 - this.starts[number];
        if (column < 0 || column >= length) return null;
        return this.folds.toDocument(this.area.value, this.starts[number] + column);
    }

    reveal(offset) {
        const number = this.lineOf(offset);
        const top = padding + number * this.lineHeight;
        const left = padding + (offset - this.starts[number]) * this.charWidth;
        const { scrollTop, clientHeight, scrollLeft, clientWidth } = this.scroller;
        const gutter = this.gutter.offsetWidth;
        if (top < scrollTop) this.scroller.scrollTop = top - this.lineHeight;
        else if (top + this.lineHeight * 2 > scrollTop + clientHeight) this.scroller.scrollTop = top + this.lineHeight * 2 - clientHeight;
        if (left < scrollLeft) this.scroller.scrollLeft = Math.max(0, left - 40);
        else if (left + gutter + 20 > scrollLeft + clientWidth) this.scroller.scrollLeft = left + gutter + 40 - clientWidth;
    }

    // MARK: showing

    analyse() {
        const text = this.area.value;
        const starts = [0];
        let longest = 0;
        for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
            longest = Math.max(longest, at - starts.at(-1));
            starts.push(at + 1);
        }
        this.starts = starts;
        this.longest = Math.max(longest, text.length - starts.at(-1));
        this.tokens = this.options.colour(text);
        this.regions = regions(this.tokens, (offset) => this.lineOf(offset));
        this.brackets = [];
        this.lastSelection = null;
        this.size();
        this.render(true);
    }

    measure() {
        const probe = h('span', {}, 'x'.repeat(100));
        this.lines.append(probe);
        const box = probe.getBoundingClientRect();
        if (box.width) this.charWidth = box.width / 100;
        this.lineHeight = parseFloat(getComputedStyle(this.lines).lineHeight) || this.lineHeight;
        probe.remove();
        this.size();
        this.render(true);
    }

    size() {
        this.sheet.style.height = `${this.starts.length * this.lineHeight + 2 * padding}px`;
        this.sheet.style.minWidth = `${Math.ceil(this.longest * this.charWidth) + 2 * padding + 30}px`;
        this.gutter.style.height = this.sheet.style.height;
        this.gutter.style.width = `${Math.max(2, String(this.starts.length).length) * this.charWidth + 30}px`;
    }

    render(isForced = false) {
        const first = Math.max(0, Math.floor(this.scroller.scrollTop / this.lineHeight) - margin);
        const last = Math.min(this.starts.length, Math.ceil((this.scroller.scrollTop + this.scroller.clientHeight) / this.lineHeight) + margin);
        if (!isForced && this.shown && first >= this.shown.first - margin / 2 && last <= this.shown.last + margin / 2) return;
        this.shown = { first, last };
        const caretLine = this.lineOf(this.area.selectionEnd);
        const marks = [
            ...this.problems.map((problem) => ({ start: problem.start, end: problem.end, name: `is-${problem.severity}` })),
            ...this.hits.map((hit) => ({ start: hit.start, end: hit.end, name: hit.isCurrent ? 'is-current-hit' : 'is-hit' })),
            ...this.brackets.map((token) => ({ start: token.start, end: token.end, name: 'is-bracket' })),
        ];
        const faulty = new Map();
        for (const problem of this.problems) {
            const line = this.lineOf(problem.start);
            if (faulty.get(line) !== 'error') faulty.set(line, problem.severity);
        }
        const rows = [], numbers = [];
        for (let number = first; number < last; number++) {
            rows.push(this.row(number, marks, number === caretLine));
            numbers.push(this.number(number, faulty.get(number), number === caretLine));
        }
        fill(this.lines, rows);
        fill(this.gutter, numbers);
    }

    number(number, severity, isCurrent) {
        const label = h('span', {}, String(number + 1));
        const cell = h('div.number', {}, label);
        if (severity) cell.classList.add(`has-${severity}`);
        if (isCurrent) cell.classList.add('is-current');
        cell.style.top = `${padding + number * this.lineHeight}px`;
        if (this.regions.has(number)) {
            cell.append(h('span.fold', { title: 'Fold (Ctrl+Shift+[)', onclick: () => this.fold(number) }));
        }
        return cell;
    }

    row(number, marks, isCurrent) {
        const start = this.starts[number];
        const end = (this.starts[number + 1] ?? this.area.value.length + 1) - 1;
        const row = h('div.line', { 'data-line': number });
        if (isCurrent) row.classList.add('is-current');
        row.style.top = `${padding + number * this.lineHeight}px`;
        const here = marks.filter((mark) => mark.start < Math.max(end, start + 1) && mark.end > start);
        let at = start;
        const put = (from, to, type) => {
            const cuts = [from, to];
            for (const mark of here) {
                if (mark.start > from && mark.start < to) cuts.push(mark.start);
                if (mark.end > from && mark.end < to) cuts.push(mark.end);
            }
            cuts.sort((a, b) => a - b);
            for (let i = 1; i < cuts.length; i++) {
                const piece = this.area.value.slice(cuts[i - 1], cuts[i]);
                if (!piece) continue;
                const names = here.filter((mark) => mark.start <= cuts[i - 1] && mark.end >= cuts[i]).map((mark) => mark.name);
                if (!type && !names.length) row.append(piece);
                else {
                    const span = document.createElement('span');
                    span.className = [type && `t-${type}`, ...names].filter(Boolean).join(' ');
                    span.textContent = piece;
                    if (type === 'fold') this.showFold(span, cuts[i - 1]);
                    row.append(span);
                }
            }
        };
        for (let i = this.tokenFrom(start); i < this.tokens.length && this.tokens[i].start < end; i++) {
            const token = this.tokens[i];
            const from = Math.max(token.start, start), to = Math.min(token.end, end);
            if (from > at) put(at, from, null);
            if (to > from) put(from, to, token.type);
            at = Math.max(at, to);
        }
        if (at < end) put(at, end, null);
        return row;
    }

    showFold(span, offset) {
        if (!this.folds.isMark(this.area.value[offset])) return void span.classList.replace('t-fold', 't-bad');
        span.title = `${this.foldedLines(this.area.value[offset])} folded lines`;
        span.addEventListener('mousedown', (event) => { event.preventDefault(); this.unfold(offset); });
    }

    /// The first token that ends behind a place.
    tokenFrom(offset) {
        let low = 0, high = this.tokens.length;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (this.tokens[middle].end <= offset) low = middle + 1; else high = middle;
        }
        return low;
    }
}

/// Such as `Ctrl+Shift+Enter`. The command key of Macs counts as Ctrl.
export function keyName(event) {
    const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
    return `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${event.shiftKey ? 'Shift+' : ''}${key === ' ' ? 'Space' : key}`;
}
