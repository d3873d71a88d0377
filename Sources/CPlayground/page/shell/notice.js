// Short messages that come and go, said to screen readers too.

import { h } from './dom.js';

const place = h('div.notices', { role: 'status', 'aria-live': 'polite' });
document.body.append(place);

export function notice(text, kind = 'info') {
    const element = h(`div.notice.is-${kind}`, {}, text);
    place.append(element);
    setTimeout(() => element.remove(), 3_500);
}

export async function copy(text, what) {
    try {
        await navigator.clipboard.writeText(text);
        notice(`${what} copied`);
    } catch {
        // Without permission, or over plain HTTP: the older way.
        const area = h('textarea', { value: text, 'aria-hidden': 'true' });
        document.body.append(area);
        area.select();
        const isDone = document.execCommand('copy');
        area.remove();
        notice(isDone ? `${what} copied` : 'The browser does not let this page copy', isDone ? 'info' : 'error');
    }
}
