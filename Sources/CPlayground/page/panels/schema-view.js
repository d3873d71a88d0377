// The schema as text, to read, to keep, and to hold against another one.

import { Editor } from '../editor/editor.js';
import { Finder } from '../editor/find.js';
import { colourSchema } from '../editor/colours.js';
import { compareSchemas } from '../language/schema-diff.js';
import { printSchema } from '../language/sdl.js';
import { readSchema } from '../language/sdl-reader.js';
import { copy } from '../shell/notice.js';
import { download, fill, h, iconButton } from '../shell/dom.js';
import { counted } from '../shell/units.js';

export class SchemaPanel {
    constructor(app) {
        this.app = app;
        this.text = '';
        this.viewer = new Editor({ label: 'Schema', colour: colourSchema });
        this.viewer.area.readOnly = true;
        this.finder = new Finder(this.viewer);
        this.pasted = new Editor({ label: 'The other schema', colour: colourSchema, comment: '#', placeholder: 'Paste the older schema here' });
        this.changes = h('div.changes', { role: 'status', tabindex: '0', 'aria-label': 'Changes' });
        this.pasted.on('input', () => { clearTimeout(this.timer); this.timer = setTimeout(() => this.compare(), 300); });
        this.toggle = h('button.quiet', { type: 'button', 'aria-pressed': 'false', onclick: () => this.show(!this.isComparing) }, 'Compare');
        this.place = h('div.schema-place');
        this.element = h('div.panel', {}, h('div.panel-head', {}, h('h2', {}, 'Schema'), this.toggle,
            iconButton('search', 'Find in the schema', () => this.finder.open()),
            iconButton('copy', 'Copy the schema', () => copy(this.text, 'Schema')),
            iconButton('download', 'Download the schema', () => this.download())), this.place);
        app.on('schema', () => this.load());
        this.show(false);
        this.load();
    }

    commands() {
        const open = (action) => () => { this.app.layout.openPanel('schema'); action(); };
        return [
            { label: 'Compare the schema with another one', action: open(() => { this.show(true); this.pasted.area.focus(); }) },
            { label: 'Find in the schema', action: open(() => { this.show(false); this.finder.open(); }) },
            { label: 'Copy the schema', action: () => { this.print(); copy(this.text, 'Schema'); } },
            { label: 'Download the schema', action: () => { this.print(); this.download(); } },
        ];
    }

    load() {
        this.isLoaded = false;
        if (this.element.isConnected) this.print();
    }

    download() { download('schema.graphql', this.text); }

    focus() { this.print(); }

    /// When it is wanted: a large schema takes a moment.
    print() {
        if (this.isLoaded) return;
        this.isLoaded = true;
        this.text = this.app.schema ? printSchema(this.app.schema) : '';
        this.viewer.load(this.text);
        this.compare();
    }

    show(isComparing) {
        this.isComparing = isComparing;
        this.toggle.setAttribute('aria-pressed', String(isComparing));
        this.finder.element.hidden = true;
        fill(this.place, isComparing ? [this.pasted.element, this.changes] : this.viewer.element);
        if (isComparing) this.compare();
    }

    compare() {
        const text = this.pasted.text;
        if (!this.app.schema || !text.trim()) return void fill(this.changes, h('p.hint', {}, 'What changed since the pasted schema is listed here.'));
        const { schema, errors } = readSchema(text);
        this.pasted.setProblems(errors.slice(0, 1));
        if (errors.length) return void fill(this.changes, h('p.hint.is-error-text', {}, errors[0].message));
        const found = compareSchemas(schema, this.app.schema);
        const count = (severity) => found.filter((change) => change.severity === severity).length;
        fill(this.changes, h('p.change-summary', {}, found.length ? `${count('breaking')} breaking, ${count('dangerous')} dangerous, ${count('safe')} safe` : `No change in ${counted(schema.types.size - 5, 'type')}.`),
            h('ul.change-list', {}, found.slice(0, 500).map((change) => h('li', {}, h(`span.change-kind.is-${change.severity}`, {}, change.severity), h('code', {}, change.place), ' ', change.text))));
    }
}
