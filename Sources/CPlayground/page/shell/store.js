// What outlives the page: in the browser's own storage, under one name for each thing and server.

const prefix = `atrium:${location.pathname}:`;

export function load(name, standard) {
    try {
        const text = localStorage.getItem(prefix + name);
        return text === null ? standard : JSON.parse(text) ?? standard;
    } catch {
        return standard;
    }
}

/// False when the browser has no room, or keeps nothing for this page.
export function save(name, value) {
    try {
        localStorage.setItem(prefix + name, JSON.stringify(value));
        return true;
    } catch {
        return false;
    }
}
