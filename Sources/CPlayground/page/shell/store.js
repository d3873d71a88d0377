// What outlives the page: in the browser's own storage, under one name for each thing and server.

const prefix = `atrium:${location.pathname}:`;

export const load = (name, standard) => read(() => localStorage, name) ?? standard;

/// False when the browser has no room, or keeps nothing for this page.
export const save = (name, value) => write(() => localStorage, name, value);

/// The same for what each window has for itself, as long as it is there; a new one begins with what the last one had.
export const loadOwn = (name) => read(() => sessionStorage, name) ?? load(name, null);

export function saveOwn(name, value) {
    write(() => sessionStorage, name, value);
    return save(name, value);
}

/// Tells of what another window has saved.
export function onSaved(name, listener) {
    addEventListener('storage', (event) => { if (event.key === prefix + name) listener(load(name, null)); });
}

function read(storage, name) {
    try {
        return JSON.parse(storage().getItem(prefix + name));
    } catch {
        return null;
    }
}

function write(storage, name, value) {
    try {
        storage().setItem(prefix + name, JSON.stringify(value));
        return true;
    } catch {
        return false;
    }
}
