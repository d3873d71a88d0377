// All commands, by name.

import { rank } from '../language/complete.js';
import { fill, h, unique } from './dom.js';

export class Palette {
    constructor(commands) {
        this.commands = commands;
        this.list = h('div.palette-list', { role: 'listbox', id: unique('palette'), 'aria-label': 'Commands' });
        this.input = h('input.palette-input', {
            type: 'text', role: 'combobox', 'aria-expanded': 'true', 'aria-controls': this.list.id, 'aria-label': 'Command', placeholder: 'What do you want to do?',
            oninput: () => this.show(), onkeydown: (event) => this.key(event),
        });
        this.dialog = h('dialog.palette', { 'aria-label': 'Commands', onclick: (event) => { if (event.target === this.dialog) this.dialog.close(); } }, this.input, this.list);
        document.body.append(this.dialog);
    }

    open() {
        if (this.dialog.open) return;
        this.all = this.commands();
        const { activeElement: area } = document;
        this.caret = area?.localName === 'textarea' && { area, start: area.selectionStart, end: area.selectionEnd };
        this.input.value = '';
        this.show();
        this.dialog.showModal();
        this.input.focus();
    }

    show() {
        this.items = rank(this.all, this.input.value.trim());
        this.current = 0;
        fill(this.list, this.items.map((item, number) => h('div.palette-item', {
            role: 'option', id: `${this.list.id}-${number}`, 'aria-selected': 'false', onclick: () => this.take(number),
        }, h('span', {}, item.label), item.keys && h('kbd', {}, item.keys))), !this.items.length && h('p.hint', {}, 'No such command'));
        this.go(0);
    }

    go(step) {
        this.list.children[this.current]?.setAttribute('aria-selected', 'false');
        this.current = (this.current + step + this.items.length) % (this.items.length || 1);
        const row = this.list.children[this.current];
        if (!this.items.length) return;
        row.setAttribute('aria-selected', 'true');
        row.scrollIntoView({ block: 'nearest' });
        this.input.setAttribute('aria-activedescendant', row.id);
    }

    key(event) {
        if (event.key === 'ArrowDown') this.go(1);
        else if (event.key === 'ArrowUp') this.go(-1);
        else if (event.key === 'Enter') this.take(this.current);
        else return;
        event.preventDefault();
        event.stopPropagation();
    }

    take(number) {
        const item = this.items[number];
        this.dialog.close();
        this.restore();
        item?.action();
    }

    /// The focus comes back by itself, the caret in Chromium only later: at first it is at the beginning.
    restore() {
        if (!this.caret) return;
        const { area, start, end } = this.caret;
        area.focus({ preventScroll: true });
        area.setSelectionRange(start, end);
    }
}
