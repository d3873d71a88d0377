// A button that opens a list of actions.

import { fill, h } from './dom.js';

/// `items` is called each time: `{ label, detail, action, isChecked, isSeparator }`.
export function menuButton(button, items) {
    const list = h('div.menu', { role: 'menu', hidden: true });
    button.setAttribute('aria-haspopup', 'menu');
    button.setAttribute('aria-expanded', 'false');
    const close = (isFocused) => {
        if (list.hidden) return;
        list.hidden = true;
        button.setAttribute('aria-expanded', 'false');
        if (isFocused) button.focus();
    };
    const open = () => {
        button.after(list);
        fill(list, items().map((item) => (item.isSeparator ? h('div.menu-line', { role: 'separator' }) : h('button.menu-item', {
            type: 'button', tabindex: '-1',
            role: item.isChecked === undefined ? 'menuitem' : 'menuitemradio',
            'aria-checked': item.isChecked === undefined ? null : String(item.isChecked),
            onclick: () => { close(true); item.action(); },
        }, h('span', {}, item.label), item.detail && h('span.menu-detail', {}, item.detail)))));
        list.hidden = false;
        button.setAttribute('aria-expanded', 'true');
        const box = button.getBoundingClientRect();
        list.style.left = `${Math.max(8, Math.min(box.left, innerWidth - list.offsetWidth - 8))}px`;
        list.style.top = box.bottom + list.offsetHeight + 8 > innerHeight ? `${Math.max(8, box.top - list.offsetHeight - 4)}px` : `${box.bottom + 4}px`;
        list.querySelector('.menu-item')?.focus();
    };
    button.addEventListener('click', () => (list.hidden ? open() : close(true)));
    list.addEventListener('keydown', (event) => {
        const all = [...list.querySelectorAll('.menu-item')];
        const at = all.indexOf(document.activeElement);
        const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
        if (next !== undefined) all[(next + all.length) % all.length]?.focus();
        else if (event.key === 'Escape' || event.key === 'Tab') close(true);
        else return;
        event.preventDefault();
        event.stopPropagation();
    });
    document.addEventListener('pointerdown', (event) => { if (!list.contains(event.target) && !button.contains(event.target)) close(false); });
    return button;
}
