// Files for the variables that take some: https://github.com/jaydenseric/graphql-multipart-request-spec

import { nullable, namedType } from '../language/schema.js';
import { bytes } from '../shell/units.js';
import { fill, h, icon, iconButton } from '../shell/dom.js';

const uploadTypes = new Set(['Upload', 'File']);
const maximumDepth = 4;

export class FilesPanel {
    constructor(app) {
        this.app = app;
        this.byTab = new WeakMap();
        this.element = h('div.files');
        app.on('variables', () => this.show());
    }

    /// Each document has files of its own.
    get chosen() {
        const { tab } = this.app.tabs;
        if (!this.byTab.has(tab)) this.byTab.set(tab, new Map());
        return this.byTab.get(tab);
    }

    /// `{ path, file }` of everything that was chosen and that the operation has a place for.
    get files() {
        const found = [];
        for (const place of this.places) {
            const files = this.chosen.get(place.path) ?? [];
            files.forEach((file, number) => found.push({ path: place.isList ? `${place.path}.${number}` : place.path, file }));
        }
        return found;
    }

    get places() {
        const { schema, operationVariables } = this.app;
        const found = [];
        const visit = (ref, path, depth) => {
            const isList = nullable(ref)?.kind === 'LIST';
            const type = schema?.types.get(namedType(ref));
            if (type?.kind === 'SCALAR' && uploadTypes.has(type.name)) found.push({ path, isList });
            else if (type?.kind === 'INPUT_OBJECT' && !isList && depth < maximumDepth) {
                for (const input of type.inputs.values()) visit(input.type, `${path}.${input.name}`, depth + 1);
            }
        };
        for (const variable of operationVariables) visit(variable.ref, `variables.${variable.name}`, 0);
        return found;
    }

    show() {
        const { places } = this;
        const key = JSON.stringify([places, [...this.chosen].map(([path, files]) => [path, files.map((file) => file.name)])]);
        this.app.tell('files', places.length);
        if (key === this.shown) return;
        this.shown = key;
        fill(this.element, places.map((place) => this.row(place)));
    }

    row({ path, isList }) {
        const label = `$${path.slice('variables.'.length)}`;
        const input = h('input', { type: 'file', hidden: true, multiple: isList, 'aria-label': `Files for ${label}`, 'data-path': path, onchange: () => this.choose(path, [...input.files]) });
        const files = this.chosen.get(path) ?? [];
        const drop = h('button.file-drop', {
            type: 'button', 'aria-label': `Choose ${isList ? 'files' : 'a file'} for ${label}`, onclick: () => input.click(),
            ondragover: (event) => { event.preventDefault(); drop.classList.add('is-over'); }, ondragleave: () => drop.classList.remove('is-over'),
            ondrop: (event) => { event.preventDefault(); this.choose(path, [...event.dataTransfer.files].slice(0, isList ? undefined : 1)); },
        }, icon(files.length ? 'file' : 'upload'), h('span', {}, files.length ? files.map((file) => `${file.name}, ${bytes(file.size)}`).join(' · ') : `Choose ${isList ? 'files' : 'a file'}, or drop ${isList ? 'them' : 'it'} here`));
        return h('div.file-row', {}, h('code', {}, label), input, drop,
            files.length > 0 && iconButton('close', `Remove what was chosen for ${label}`, () => this.choose(path, []), { class: 'icon-button is-small' }));
    }

    choose(path, files) {
        if (files.length) this.chosen.set(path, files); else this.chosen.delete(path);
        this.show();
    }
}
