// Elements without markup: no text ever becomes HTML.

/// `h('button.primary', { onclick, 'aria-label': … }, child, 'text')`. Properties that begin with `on` are listeners;
/// `null`, `undefined` and `false` are left out, in properties and among children.
export function h(selector, properties = {}, ...children) {
    const [tag, ...classes] = selector.split('.');
    const element = document.createElement(tag || 'div');
    if (classes.length) element.className = classes.join(' ');
    for (const [name, value] of Object.entries(properties ?? {})) {
        if (value === null || value === undefined || value === false) continue;
        if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
        else if (name === 'value' || name === 'checked' || name === 'disabled' || name === 'hidden') element[name] = value;
        else element.setAttribute(name, value === true ? '' : value);
    }
    append(element, children);
    return element;
}

export function append(element, children) {
    for (const child of children.flat(Infinity)) {
        if (child === null || child === undefined || child === false) continue;
        element.append(child);
    }
}

export function fill(element, ...children) {
    element.replaceChildren();
    append(element, children);
    return element;
}

const paths = {
    play: 'M7 4.5v15l12-7.5z', stop: 'M7 7h10v10H7z', pause: 'M8 5v14M16 5v14',
    docs: 'M5 4h9a3 3 0 0 1 3 3v13H8a3 3 0 0 1-3-3zM5 17a3 3 0 0 1 3-3h9M9 8h4',
    builder: 'M4 6h3M10 6h10M4 12h3M10 12h7M4 18h3M10 18h4M5.5 4.5v3M4 12h3',
    history: 'M4 12a8 8 0 1 0 2.6-5.9M4 4v4h4M12 8v4.5l3 2', collection: 'M6 4h12v16l-6-4.5L6 20z',
    schema: 'M12 3v5M12 8h-6v5M12 8h6v5M4 13h4v4H4zM16 13h4v4h-4zM10 3h4',
    fold: 'M7 4l5 5 5-5M7 20l5-5 5 5', unfold: 'M7 9l5-5 5 5M7 15l5 5 5-5',
    plus: 'M12 5v14M5 12h14', close: 'M6 6l12 12M18 6L6 18', down: 'M6 9l6 6 6-6', right: 'M9 6l6 6-6 6', left: 'M15 6l-6 6 6 6',
    copy: 'M9 9h11v11H9zM5 15H4V4h11v1', wand: 'M5 19L16 8M14 4v3M19 9h-3M19 4l-2 2M8 5v2M7 6h2',
    link: 'M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-5.7-5.7L12 7M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 5.7 5.7L12 17',
    save: 'M5 4h11l3 3v13H5zM8 4v5h7V4M8 20v-6h8v6', search: 'M11 5a6 6 0 1 1 0 12 6 6 0 0 1 0-12M15.5 15.5L20 20',
    sun: 'M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6L7 7M17 17l1.4 1.4M5.6 18.4L7 17M17 7l1.4-1.4',
    moon: 'M20 14.5A8 8 0 0 1 9.5 4a8 8 0 1 0 10.5 10.5z', system: 'M4 5h16v11H4zM9 20h6M12 16v4',
    download: 'M12 4v11M7 11l5 5 5-5M5 20h14', upload: 'M12 16V5M7 9l5-5 5 5M5 20h14', trash: 'M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13',
    reload: 'M19 8a8 8 0 1 0 1 6M20 4v5h-5', keyboard: 'M3 7h18v10H3zM7 10.5h.01M11 10.5h.01M15 10.5h.01M8 14h8', file: 'M6 3h8l4 4v14H6zM14 3v4h4',
    person: 'M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8M4.5 20a7.5 7.5 0 0 1 15 0',
    mails: 'M4 6h16v12H4zM4 7l8 6 8-6',
    pencil: 'M5 19l1-4L16 5l3 3L9 18zM14 7l3 3', command: 'M5 8l4 4-4 4M12 17h7', more: 'M6 12h.01M12 12h.01M18 12h.01', check: 'M5 13l4 4L19 7',
    wave: 'M3 12h4l3-7 4 14 3-7h4', terminal: 'M4 5h16v14H4zM7 9l3 3-3 3M12 15h4', diff: 'M8 4v10M4 9h8M14 17h6M8 20h.01', editor: 'M8 6l-5 6 5 6M16 6l5 6-5 6',
};

export function icon(name) {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('class', `icon icon-${name}`);
    svg.setAttribute('aria-hidden', 'true');
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    path.setAttribute('d', paths[name]);
    svg.append(path);
    return svg;
}

/// A button that shows an icon and says its name.
export function iconButton(name, label, onclick, properties = {}) {
    return h('button.icon-button', { type: 'button', 'aria-label': label, title: label, onclick, ...properties }, icon(name));
}

/// A file for the user to keep.
export function download(name, text, type = 'text/plain') {
    const address = URL.createObjectURL(new Blob([text], { type }));
    h('a', { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

let identifiers = 0;
export const unique = (prefix) => `${prefix}-${++identifiers}`;
