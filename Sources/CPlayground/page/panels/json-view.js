// An answer as a tree of lines that fold. Parts that nobody opened do not exist, so that large answers stay quick.

import { isExact } from '../language/exact.js';
import { fill, h } from '../shell/dom.js';

const piece = 200;
const budgetOfLines = 1_500;

/// By keyboard it is one stop, within which arrows move: https://www.w3.org/WAI/ARIA/apg/patterns/treeview/
/// - marks: paths (joined by dots) that errors point to, with what they say.
/// - folded: paths that are closed at first.
export function jsonView(value, { marks = new Map(), folded = [], label = 'Response', lines = budgetOfLines } = {}) {
    const budget = { left: lines, folded: new Set(folded) };
    const view = h('div.json', { role: 'tree', 'aria-label': label, onkeydown: (event) => key(event, view), onfocusin: ({ target }) => enter(view, target) },
        node(null, value, '', 0, budget, marks, true));
    view.querySelector('[role=treeitem]').tabIndex = 0;
    return view;
}

function node(key, value, path, depth, budget, marks, isLast) {
    budget.left--;
    const mark = marks.get(path);
    const label = [key === null ? null : [h('span.j-key', {}, typeof key === 'number' ? String(key) : JSON.stringify(key)), h('span.j-mark', {}, ': ')]];
    const note = mark && h('span.j-error', { title: mark }, mark);
    const comma = isLast ? null : h('span.j-mark', {}, ',');
    if (value === null || typeof value !== 'object' || isExact(value)) {
        return h('div.j-line', { role: 'treeitem', tabindex: '-1' }, label, leaf(value), comma, note);
    }
    const isList = Array.isArray(value);
    const keys = isList ? null : Object.keys(value);
    const count = isList ? value.length : keys.length;
    const [open, close] = isList ? '[]' : '{}';
    if (!count) return h('div.j-line', { role: 'treeitem', tabindex: '-1' }, label, h('span.j-mark', {}, open + close), comma, note);
    const children = h('div.j-children', { role: 'group' });
    const end = h('div.j-line.j-end', { role: 'presentation' }, h('span.j-mark', {}, close), comma);
    const counted = isList ? `${count} ${count === 1 ? 'item' : 'items'}` : `${count} ${count === 1 ? 'field' : 'fields'}`;
    const summary = h('span.j-summary', {}, counted);
    const name = key ?? (isList ? 'list' : 'object');
    const item = h('div.j-node', { role: 'treeitem', tabindex: '-1', 'aria-expanded': 'false', 'aria-label': `${name}, ${counted}${mark ? `, ${mark}` : ''}` });
    let shown = 0;
    const more = () => {
        const to = Math.min(count, shown + piece);
        for (; shown < to; shown++) {
            const name = isList ? shown : keys[shown];
            children.append(node(isList ? null : name, value[name], path ? `${path}.${name}` : String(name), depth + 1, budget, marks, shown === count - 1));
        }
        if (shown < count) {
            const button = h('button.j-more', { type: 'button', role: 'treeitem', tabindex: '-1', onclick: () => {
                const before = button.previousElementSibling;
                button.remove();
                budget.left = budgetOfLines;
                more();
                before.nextElementSibling.focus();
            } }, `Show ${Math.min(piece, count - shown)} more of ${count}`);
            children.append(button);
        }
    };
    const set = (isOpen) => {
        if (isOpen && !shown) more();
        item.setAttribute('aria-expanded', String(isOpen));
        children.hidden = !isOpen;
        end.hidden = !isOpen;
        summary.hidden = isOpen;
        toggle.setAttribute('aria-label', `${isOpen ? 'Fold' : 'Unfold'} ${name}`);
    };
    const toggle = h('button.j-toggle', { type: 'button', tabindex: '-1', onclick: () => item.toggle() });
    const tail = h('span.j-mark.j-tail', {}, close, isLast ? '' : ',');
    fill(item, h('div.j-line', {}, toggle, label, h('span.j-mark', {}, open), summary, tail, note), children, end);
    item.setOpen = set;
    item.toggle = () => { budget.left = Math.max(budget.left, 400); set(item.getAttribute('aria-expanded') !== 'true'); };
    set(budget.left > 0 && !budget.folded.has(path));
    return item;
}

function leaf(value) {
    if (typeof value === 'string') {
        const text = JSON.stringify(value);
        if (/^https?:\/\/\S+$/.test(value)) return h('a.j-string', { href: value, target: '_blank', rel: 'noreferrer noopener', tabindex: '-1' }, text);
        return h('span.j-string', {}, text);
    }
    if (isExact(value)) return h('span.j-number', {}, value.rawJSON);
    return h(`span.j-${value === null ? 'null' : typeof value}`, {}, String(value));
}

/// Tab leaves the tree, and comes back to where it was left.
function enter(view, target) {
    const item = target.closest('[role=treeitem]');
    if (!item) return;
    for (const other of view.querySelectorAll('[role=treeitem][tabindex="0"]')) other.tabIndex = -1;
    item.tabIndex = 0;
}

function key(event, view) {
    const item = event.target.closest('[role=treeitem]');
    if (!item || event.ctrlKey || event.metaKey || event.altKey) return;
    const state = item.getAttribute('aria-expanded');
    const go = (other) => other?.focus();
    const step = (by) => {
        const all = [...view.querySelectorAll('[role=treeitem]')].filter((one) => !one.closest('.j-children[hidden]'));
        go(all[all.indexOf(item) + by]);
    };
    switch (event.key) {
        case 'ArrowDown': step(1); break;
        case 'ArrowUp': step(-1); break;
        case 'Home': go(view.querySelector('[role=treeitem]')); break;
        case 'End': go([...view.querySelectorAll('[role=treeitem]')].findLast((one) => !one.closest('.j-children[hidden]'))); break;
        case 'ArrowRight': if (state === 'false') item.toggle(); else if (state) step(1); break;
        case 'ArrowLeft': if (state === 'true') item.toggle(); else go(item.parentElement.closest('[role=treeitem]')); break;
        case 'Enter': case ' ':
            if (state) item.toggle();
            else if (item.matches('button')) item.click();
            else item.querySelector('a')?.click();
            break;
        default: return;
    }
    event.preventDefault();
    event.stopPropagation();
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
