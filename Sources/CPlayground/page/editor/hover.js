// The card over a name in the document: what it is, and what is wrong with it. Ctrl+click opens the documentation.

import { fill, h } from '../shell/dom.js';
import { prose } from '../shell/prose.js';
import { typeText } from '../language/schema.js';

export class Hover {
    constructor(editor, describe) {
        this.editor = editor;
        this.describe = describe;
        this.element = h('div.hover', { role: 'group', 'aria-label': 'About the name', hidden: true, onmouseleave: () => this.hide() });
        editor.element.append(this.element);
        editor.area.addEventListener('mousemove', (event) => this.later(event));
        editor.area.addEventListener('mouseleave', (event) => { if (!this.element.contains(event.relatedTarget)) this.hide(); });
        editor.area.addEventListener('mousedown', (event) => this.click(event));
        editor.on('input', () => this.hide());
        editor.on('scroll', () => this.hide());
        editor.on('move', () => this.hide());
        document.addEventListener('keydown', (event) => { if (event.key === 'Escape') this.dismiss(); });
    }

    later({ clientX, clientY }) {
        clearTimeout(this.timer);
        const offset = this.editor.offsetAt(clientX, clientY);
        if (this.shown && offset !== null && offset >= this.shown.start && offset < this.shown.end) return;
        this.timer = setTimeout(() => (offset === null ? this.hide() : this.show(offset)), this.shown ? 80 : 280);
    }

    click(event) {
        this.hide();
        if (!event.ctrlKey && !event.metaKey) return;
        const offset = this.editor.offsetAt(event.clientX, event.clientY);
        const { mark, open } = offset === null ? {} : this.describe(offset);
        const name = mark && target(mark);
        if (name) { event.preventDefault(); open(name); }
    }

    /// For those without a mouse: the card of the name under the caret.
    showAtCaret() { this.show(Math.max(0, this.editor.caret - 1)) || this.show(this.editor.caret); }

    show(offset) {
        const { problem, mark, open } = this.describe(offset);
        if (!problem && !mark) { this.hide(); return false; }
        this.shown = mark ?? problem;
        fill(this.element, problem && h(`p.hover-problem.is-${problem.severity}`, {}, problem.message), mark && card(mark, open));
        this.element.hidden = false;
        const at = this.editor.pointAt(this.editor.folds.toView(this.editor.area.value, this.shown.start));
        const { style } = this.element;
        style.left = `${Math.max(8, Math.min(at.left, innerWidth - this.element.offsetWidth - 8))}px`;
        const above = at.top - this.element.offsetHeight - 2;
        style.top = above > 8 ? `${above}px` : `${at.bottom + 2}px`;
        this.editor.area.setAttribute('aria-describedby', this.element.id ||= 'hover-card');
        return true;
    }

    /// The focus goes back to the text, if the card had it.
    dismiss() {
        const hadFocus = this.element.contains(document.activeElement);
        this.hide();
        if (hadFocus) this.editor.area.focus();
    }

    hide() {
        clearTimeout(this.timer);
        if (this.element.hidden) return;
        this.shown = null;
        this.element.hidden = true;
        this.editor.area.removeAttribute('aria-describedby');
    }
}

/// What the documentation opens for a name.
export function target(mark) {
    switch (mark.kind) {
        case 'field': return mark.parent && !mark.field.name.startsWith('__') ? `${mark.parent.name}.${mark.field.name}` : null;
        case 'type': case 'enumValue': return mark.type.name;
        case 'directive': return `@${mark.directive.name}`;
        case 'argument': return mark.owner;
        default: return null;
    }
}

function card(mark, open) {
    const parts = {
        field: () => [`${mark.parent?.name ?? ''}.${mark.field.name}`, typeText(mark.field.type), mark.field.description],
        argument: () => [mark.input.name, typeText(mark.input.type) + (mark.input.defaultValue == null ? '' : ` = ${mark.input.defaultValue}`), mark.input.description],
        type: () => [mark.type.name, mark.type.kind.toLowerCase().replace('_', ' '), mark.type.description],
        enumValue: () => [mark.value.name, mark.type.name, mark.value.description],
        directive: () => [`@${mark.directive.name}`, '', mark.directive.description],
        fragment: () => [mark.fragment.name.value, `on ${mark.fragment.on.value}`, mark.fragment.description],
        variable: () => [`$${mark.variable.name.value}`, mark.text, ''],
    }[mark.kind]();
    const name = target(mark);
    return h('div.hover-card', {}, h('div.hover-title', {}, h('strong', {}, parts[0]), parts[1] && h('span.hover-type', {}, parts[1])),
        prose(parts[2]), name && h('button.link', { type: 'button', onclick: () => open(name) }, 'Open the documentation'));
}
