// Saved documents, in folders, kept in this browser and carried to others as JSON.

import { download, fill, h, icon, iconButton } from '../shell/dom.js';
import { notice } from '../shell/notice.js';
import { onSaved } from '../shell/store.js';
import { titleOf } from '../shell/tabs.js';
import { counted } from '../shell/units.js';

const format = 'atrium-collections';
const most = 1_000;

export class CollectionsPanel {
    constructor(app) {
        this.app = app;
        this.list = clean(app.get('collections', []));
        onSaved('collections', (list) => { this.list = clean(list); this.show(); });
        this.body = h('div.panel-body');
        this.name = h('input.field', { type: 'text', placeholder: 'Name', 'aria-label': 'Name to save under', onkeydown: (event) => { if (event.key === 'Enter') this.save(); } });
        this.folder = h('input.field', { type: 'text', placeholder: 'Folder', 'aria-label': 'Folder to save in', onkeydown: (event) => { if (event.key === 'Enter') this.save(); } });
        this.file = h('input', { type: 'file', accept: '.json,application/json', 'aria-label': 'File to import', hidden: true, onchange: () => this.import() });
        this.element = h('div.panel', {}, h('div.panel-head', {}, h('h2', {}, 'Saved'), this.file,
            iconButton('upload', 'Import from a file', () => this.file.click()), iconButton('download', 'Export to a file', () => this.export())),
        h('div.save-form', {}, this.name, this.folder, h('button.quiet', { type: 'button', onclick: () => this.save() }, 'Save the open document')), this.body);
        app.on('tab', () => this.suggest());
        this.suggest();
        this.show();
    }

    focus() { this.suggest(); this.name.focus(); this.name.select(); }

    commands() {
        return [
            { label: 'Save the open document', action: () => { this.suggest(); this.save(); } },
            { label: 'Import saved documents', action: () => this.file.click() },
            { label: 'Export saved documents', action: () => this.export() },
        ];
    }

    suggest() {
        const saved = this.list.find((entry) => entry.id === this.app.tabs.tab.savedAs);
        this.name.value = saved?.name ?? titleOf(this.app.tabs.tab);
        if (saved) this.folder.value = saved.folder;
    }

    save() {
        const { tab } = this.app.tabs;
        const name = this.name.value.trim() || titleOf(tab);
        const folder = this.folder.value.trim();
        const same = this.list.find((entry) => entry.name === name && entry.folder === folder);
        const entry = { id: same?.id ?? crypto.randomUUID?.() ?? String(Math.random()).slice(2), name, folder, query: tab.query, variables: tab.variables, at: Date.now() };
        if (same) Object.assign(same, entry); else this.list.push(entry);
        this.list = this.list.slice(-most);
        this.app.tabs.update({ savedAs: entry.id });
        this.keep(`Saved as ${name}`);
    }

    keep(text) {
        if (this.app.set('collections', this.list)) notice(text);
        this.show();
    }

    show() {
        const folders = [...new Set(this.list.map((entry) => entry.folder))].sort();
        fill(this.body, !this.list.length && h('p.hint', {}, 'Documents that you save are listed here. They stay in this browser.'),
            folders.map((folder) => [folder && h('h3.folder', {}, folder),
                this.list.filter((entry) => entry.folder === folder).sort((a, b) => (a.name < b.name ? -1 : 1)).map((entry) => h('div.saved', {},
                    h('button.saved-open', { type: 'button', onclick: () => this.open(entry) }, icon('collection'), h('span', {}, entry.name)),
                    iconButton('trash', `Delete ${entry.name}`, () => this.remove(entry), { class: 'icon-button is-small' })))]));
    }

    open(entry) {
        const { tabs } = this.app;
        const at = tabs.list.findIndex((tab) => tab.savedAs === entry.id);
        if (at >= 0) tabs.go(at);
        else tabs.add({ query: entry.query, variables: entry.variables, savedAs: entry.id, title: '' });
        this.app.layout.showEditor();
    }

    remove(entry) {
        this.list = this.list.filter((other) => other !== entry);
        this.keep(`${entry.name} deleted`);
    }

    export() {
        download('collections.json', JSON.stringify({ format, version: 1, documents: this.list }, null, 2), 'application/json');
    }

    async import() {
        const [file] = this.file.files;
        this.file.value = '';
        if (!file) return;
        try {
            const data = JSON.parse(await file.text());
            if (data.format !== format) throw new Error('no collections');
            const documents = clean(data.documents);
            const known = new Map(this.list.map((entry) => [entry.id, entry]));
            for (const entry of documents) known.set(entry.id, entry);
            this.list = [...known.values()].slice(-most);
            this.keep(`${counted(documents.length, 'document')} imported`);
        } catch {
            notice('This file holds no collections', 'error');
        }
    }
}

function clean(list) {
    const text = (value) => (typeof value === 'string' ? value : '');
    return (Array.isArray(list) ? list : []).filter((entry) => typeof entry?.query === 'string' && typeof entry.id === 'string').slice(0, most)
        .map((entry) => ({ id: entry.id, name: text(entry.name) || 'Untitled', folder: text(entry.folder), query: entry.query, variables: text(entry.variables), at: Number(entry.at) || 0 }));
}
