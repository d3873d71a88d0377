// Puts the parts of an answer with @defer and @stream together, in the form of the specification's drafts (`pending`,
// `completed`) and in the one before (`path` in every part).

import { isExact } from '../language/exact.js';

export class Merged {
    constructor() {
        this.value = {};
        this.pending = new Map();
    }

    add(part) {
        if ('data' in part && !this.value.data) this.value = { ...this.value, data: part.data };
        if (part.errors) this.errors(part.errors);
        for (const { id, path, label } of part.pending ?? []) this.pending.set(id, { path, label });
        for (const piece of part.incremental ?? []) this.patch(piece);
        for (const done of part.completed ?? []) {
            if (done.errors) this.errors(done.errors);
            this.pending.delete(done.id);
        }
        if (part.extensions) this.value.extensions = { ...this.value.extensions, ...part.extensions };
        // The top is a new object each time, so that who shows it sees a change.
        this.value = { ...this.value };
    }

    errors(errors) { this.value.errors = [...(this.value.errors ?? []), ...errors]; }

    patch(piece) {
        if (piece.errors) this.errors(piece.errors);
        const base = piece.id === undefined ? piece.path ?? [] : [...(this.pending.get(piece.id)?.path ?? []), ...(piece.subPath ?? [])];
        if (piece.items) {
            // The older form names the place of the first item.
            const isIndexed = piece.id === undefined && typeof base.at(-1) === 'number';
            const list = this.at(isIndexed ? base.slice(0, -1) : base);
            if (Array.isArray(list)) list.push(...piece.items);
        } else if (piece.data) {
            const target = this.at(base);
            if (target && typeof target === 'object') merge(target, piece.data);
        }
    }

    at(path) { return path.reduce((value, key) => value?.[key], this.value.data); }
}

const isTree = (value) => value !== null && typeof value === 'object' && !isExact(value);

function merge(target, data) {
    for (const [key, value] of Object.entries(data)) {
        // Names come from the server's answer: `__proto__` must stay a name.
        const own = Object.hasOwn(target, key) ? target[key] : undefined;
        if (isTree(own) && isTree(value)) merge(own, value);
        else Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
    }
}
