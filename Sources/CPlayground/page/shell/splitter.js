// The bar between two parts of the page: dragged, or moved by the arrow keys.

import { h } from './dom.js';
import { load, save } from './store.js';

/// Sets the custom property `name` of the page to a size in pixels. `sign` is -1 where a larger value is further left.
export function splitter({ name, label, isHorizontal = false, sign = 1, standard, least, most }) {
    let size = Number(load(`size.${name}`, standard)) || standard;
    const bar = h(`div.splitter${isHorizontal ? '.is-horizontal' : ''}.splitter-${name}`, {
        role: 'separator', tabindex: '0', 'aria-label': label, 'aria-orientation': isHorizontal ? 'horizontal' : 'vertical',
    });
    const set = (value) => {
        const bound = typeof most === 'function' ? most() : most;
        size = Math.round(Math.max(least, Math.min(bound, value)));
        document.documentElement.style.setProperty(`--${name}`, `${size}px`);
        bar.setAttribute('aria-valuenow', size);
        bar.setAttribute('aria-valuemin', least);
        bar.setAttribute('aria-valuemax', Math.round(bound));
    };
    bar.addEventListener('pointerdown', (event) => {
        const begin = isHorizontal ? event.clientY : event.clientX;
        const before = size;
        bar.setPointerCapture(event.pointerId);
        const move = (next) => set(before + sign * ((isHorizontal ? next.clientY : next.clientX) - begin));
        bar.addEventListener('pointermove', move);
        bar.addEventListener('pointerup', () => { bar.removeEventListener('pointermove', move); save(`size.${name}`, size); }, { once: true });
    });
    bar.addEventListener('keydown', (event) => {
        const step = { ArrowLeft: -24, ArrowUp: -24, ArrowRight: 24, ArrowDown: 24 }[event.key];
        if (!step) return;
        event.preventDefault();
        set(size + sign * step);
        save(`size.${name}`, size);
    });
    bar.addEventListener('dblclick', () => { set(standard); save(`size.${name}`, size); });
    set(size);
    return bar;
}
