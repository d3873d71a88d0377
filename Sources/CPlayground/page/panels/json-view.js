// An answer as a tree of lines that fold. Parts that nobody opened do not exist, so that large answers stay quick.

import { fill, h } from '../shell/dom.js';

const piece = 200;
const budgetOfLines = 1_500;

/// - marks: paths (joined by dots) that errors point to, with what they say.
/// - folded: paths that are closed at first.
export function jsonView(value, marks = new Map(), folded = []) {
    const budget = { left: budgetOfLines, folded: new Set(folded) };
    return h('div.json', { role: 'tree', 'aria-label': 'Response' }, node(null, value, '', 0, budget, marks, true));
}

function node(key, value, path, depth, budget, marks, isLast) {
    budget.left--;
    const mark = marks.get(path);
    const label = [key === null ? null : [h('span.j-key', {}, typeof key === 'number' ? String(key) : JSON.stringify(key)), h('span.j-mark', {}, ': ')]];
    const note = mark && h('span.j-error', { title: mark }, mark);
    const comma = isLast ? null : h('span.j-mark', {}, ',');
    if (value === null || typeof value !== 'object') {
        return h('div.j-line', { role: 'treeitem' }, label, leaf(value), comma, note);
    }
    const isList = Array.isArray(value);
    const keys = isList ? null : Object.keys(value);
    const count = isList ? value.length : keys.length;
    const [open, close] = isList ? '[]' : '{}';
    if (!count) return h('div.j-line', { role: 'treeitem' }, label, h('span.j-mark', {}, open + close), comma, note);
    const children = h('div.j-children', { role: 'group' });
    const end = h('div.j-line.j-end', { role: 'presentation' }, h('span.j-mark', {}, close), comma);
    const summary = h('span.j-summary', {}, isList ? `${count} ${count === 1 ? 'item' : 'items'}` : `${count} ${count === 1 ? 'field' : 'fields'}`);
    const item = h('div.j-node', { role: 'treeitem', 'aria-expanded': 'false' });
    let shown = 0;
    const more = () => {
        const to = Math.min(count, shown + piece);
        for (; shown < to; shown++) {
            const name = isList ? shown : keys[shown];
            children.append(node(isList ? null : name, value[name], path ? `${path}.${name}` : String(name), depth + 1, budget, marks, shown === count - 1));
        }
        if (shown < count) {
            const button = h('button.j-more', { type: 'button', onclick: () => { button.remove(); budget.left = budgetOfLines; more(); } },
                `Show ${Math.min(piece, count - shown)} more of ${count}`);
            children.append(button);
        }
    };
    const set = (isOpen) => {
        if (isOpen && !shown) more();
        item.setAttribute('aria-expanded', String(isOpen));
        children.hidden = !isOpen;
        end.hidden = !isOpen;
        summary.hidden = isOpen;
        toggle.setAttribute('aria-label', `${isOpen ? 'Fold' : 'Unfold'} ${key ?? (isList ? 'list' : 'object')}`);
    };
    const toggle = h('button.j-toggle', { type: 'button', tabindex: depth < 3 ? '0' : '-1', onclick: () => { budget.left = Math.max(budget.left, 400); set(item.getAttribute('aria-expanded') !== 'true'); } });
    const tail = h('span.j-mark.j-tail', {}, close, isLast ? '' : ',');
    fill(item, h('div.j-line', {}, toggle, label, h('span.j-mark', {}, open), summary, tail, note), children, end);
    item.setOpen = set;
    set(budget.left > 0 && !budget.folded.has(path));
    return item;
}

function leaf(value) {
    if (typeof value === 'string') {
        const text = JSON.stringify(value);
        if (/^https?:\/\/\S+$/.test(value)) return h('a.j-string', { href: value, target: '_blank', rel: 'noreferrer noopener' }, text);
        return h('span.j-string', {}, text);
    }
    return h(`span.j-${value === null ? 'null' : typeof value}`, {}, String(value));
}

/// Opens or closes everything below the first two levels.
export function foldAll(view, isOpen) {
    const items = [...view.querySelectorAll('.j-node')];
    for (const item of items) {
        const depth = depthOf(item, view);
        if (isOpen || depth >= 2) item.setOpen(isOpen);
    }
}

function depthOf(item, view) {
    let depth = 0;
    for (let at = item.parentElement; at && at !== view; at = at.parentElement) if (at.classList.contains('j-node')) depth++;
    return depth;
}
