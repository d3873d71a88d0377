// Where everything is: rail and panel at the left, the editor with its drawer, the answer, the line at the bottom.

import { BuilderPanel } from '../panels/builder.js';
import { CollectionsPanel } from '../panels/collections.js';
import { DocsPanel } from '../panels/docs.js';
import { FilesPanel } from '../panels/files.js';
import { HistoryPanel } from '../panels/history.js';
import { MailsPanel } from '../panels/mails.js';
import { ResponsePanel } from '../panels/response.js';
import { SchemaPanel } from '../panels/schema-view.js';
import { curl } from '../net/curl.js';
import { Palette } from './palette.js';
import { append, fill, h, icon, iconButton } from './dom.js';
import { Estimate } from './estimate.js';
import { explain } from './offers.js';
import { menuButton } from './menu.js';
import { copy, notice } from './notice.js';
import { linkTo } from './share.js';
import { splitter } from './splitter.js';
import { buildStatusLine } from './status-line.js';
import { Theme } from './theme.js';

const panels = [
    ['docs', 'Docs', DocsPanel],
    ['builder', 'Builder', BuilderPanel],
    ['schema', 'Schema', SchemaPanel],
    ['saved', 'Saved', CollectionsPanel, 'collection'],
    ['history', 'History', HistoryPanel],
    ['mails', 'Mails', MailsPanel],
];

export function buildLayout(app) { return new Layout(app); }

class Layout {
    constructor(app) {
        this.app = app;
        this.theme = new Theme(app);
        this.response = new ResponsePanel({
            onstop: () => app.runner.stop(), onreconnect: () => app.runner.reconnect(), onjump: (line, column) => this.jump(line, column),
            explain: (name) => explain(app.endpoint, name),
        });
        this.panels = Object.fromEntries(panels.map(([name, , Panel]) => [name, new Panel(app)]));
        this.palette = new Palette(() => this.commands());
        this.main = h('main', { 'data-view': 'editor' }, this.rail(), this.side(), this.editorColumn(),
            splitter({ name: 'answer-width', label: 'Width of the answer', sign: -1, standard: Math.round(innerWidth * 0.38), least: 240, most: () => innerWidth - 420 }), this.response.element);
        document.body.prepend(this.topBar(), this.main, buildStatusLine(app, this));
        this.openPanel(app.get('panel', innerWidth > 900 ? 'docs' : null), false);
        app.on('offers', () => this.showOffered());
        this.showOffered();
        app.on('run', () => this.showRun());
        app.on('analysed', () => this.showRun());
        app.on('caret', () => this.showRun());
        document.addEventListener('keydown', (event) => this.key(event));
        this.showRun();
    }

    topBar() {
        const { app } = this;
        const logo = h('span.brand-mark', { 'aria-hidden': 'true' });
        const share = iconButton('link', 'Copy a link to this document', () => copy(linkTo(app.tabs.tab), 'Link'));
        const palette = iconButton('command', 'All commands (Ctrl+K)', () => this.palette.open());
        return h('header.top', {}, h('h1.brand', {}, logo, h('span.brand-name', {}, 'Atrium')), app.tabs.element,
            h('div.top-tools', {}, app.person.button, share, palette, this.theme.button));
    }

    rail() {
        this.railButtons = new Map();
        const item = (name, label, glyph, action) => {
            const button = h('button.rail-item', { type: 'button', 'aria-pressed': 'false', onclick: action }, icon(glyph), h('span', {}, label));
            this.railButtons.set(name, button);
            return button;
        };
        return h('nav.rail', { 'aria-label': 'Panels' },
            item('editor', 'Editor', 'editor', () => this.show('editor')), item('answer', 'Answer', 'play', () => this.show('answer')),
            panels.map(([name, label, , glyph]) => item(name, label, glyph ?? name, () => this.openPanel(this.isShown(name) ? null : name))));
    }

    /// Where there is room for one part only, a panel may be open behind another part.
    isShown(name) { return this.panel === name && (innerWidth > 900 || this.main.dataset.view === 'panel'); }

    /// Of the panels, one is for what only some servers have.
    showOffered() {
        const { mails } = this.app.offers;
        this.railButtons.get('mails').hidden = !mails;
        if (mails && this.panel === 'mails') this.panels.mails.load();
        else if (!mails && this.hasOffers && this.panel === 'mails') this.openPanel(null);
        this.hasOffers = true;
    }

    side() {
        this.sideBody = h('aside.side', { 'aria-label': 'Panel' });
        this.sideSplitter = splitter({ name: 'side-width', label: 'Width of the panel', standard: 300, least: 200, most: () => Math.max(220, innerWidth * 0.45) });
        return [this.sideBody, this.sideSplitter];
    }

    openPanel(name, isFocused = true) {
        if (!Object.hasOwn(this.panels, name ?? '')) name = null;
        this.panel = name;
        this.app.set('panel', name);
        this.sideBody.hidden = this.sideSplitter.hidden = !name;
        if (name) fill(this.sideBody, this.panels[name].element);
        this.show(name ? 'panel' : 'editor');
        if (name && isFocused) this.panels[name].focus?.();
    }

    openDocs(name) {
        this.openPanel('docs', false);
        this.panels.docs.open(name);
        this.panels.docs.focusTitle();
    }

    /// Which part is shown where there is room for one only.
    show(view) {
        this.main.dataset.view = view;
        for (const [name, button] of this.railButtons) {
            const isPressed = name === this.panel && view === 'panel' || name === view;
            button.setAttribute('aria-pressed', String(innerWidth > 900 ? name === this.panel : isPressed));
        }
    }

    showEditor() { this.show('editor'); this.app.editor.area.focus(); }
    showAnswer() { if (innerWidth <= 900) this.show('answer'); }

    editorColumn() {
        const { app } = this;
        this.runLabel = h('span.run-label', {}, 'Run');
        this.runButton = h('button.run', { type: 'button', 'aria-keyshortcuts': 'Control+Enter', title: 'Run (Ctrl+Enter)', onclick: () => (app.runner.isRunning ? app.runner.stop() : app.runner.run()) });
        this.pickButton = menuButton(h('button.run-pick', { type: 'button', 'aria-label': 'Pick the operation to run' }, icon('down')),
            () => app.operations.map((operation) => ({ label: operation.name?.value ?? `(${operation.operation})`, detail: operation.operation, action: () => this.pick(operation) })));
        const more = menuButton(h('button.icon-button', { type: 'button', 'aria-label': 'Copy as…', title: 'Copy as…' }, icon('copy')), () => [
            { label: 'Copy as cURL', action: () => this.copyCurl() },
            { label: 'Copy as a request body', action: () => this.copyBody() },
            { label: 'Copy a link to this document', action: () => copy(linkTo(app.tabs.tab), 'Link') },
        ]);
        const toolbar = h('div.toolbar', { role: 'toolbar', 'aria-label': 'Operation' }, h('div.run-group', {}, this.runButton, this.pickButton), new Estimate(app).element, h('span.spring'),
            iconButton('wand', 'Format (Shift+Alt+F)', () => app.prettify()), more);
        this.toolbar = toolbar;
        return h('section.work', { 'aria-label': 'Operation' }, toolbar, h('div.editor-place', {}, app.editor.element), this.drawer());
    }

    drawer() {
        const { app } = this;
        const bar = splitter({ name: 'drawer-height', label: 'Height of variables and headers', isHorizontal: true, sign: -1, standard: 180, least: 60, most: () => innerHeight * 0.6 });
        this.files = new FilesPanel(app);
        const bodies = { variables: app.variables.element, headers: app.headers.element, files: this.files.element };
        const place = h('div.drawer-body');
        const tabs = h('div.segments', { role: 'tablist', 'aria-label': 'Beside the operation' });
        const toggle = iconButton('down', 'Hide variables and headers', () => set(!drawer.classList.contains('is-closed')));
        const drawer = h('div.drawer', {}, h('div.drawer-bar', {}, tabs, h('span.spring'), toggle), place);
        let current = 'variables';
        const set = (isClosed) => {
            drawer.classList.toggle('is-closed', isClosed);
            bar.hidden = isClosed;
            toggle.setAttribute('aria-label', isClosed ? 'Show variables and headers' : 'Hide variables and headers');
            toggle.setAttribute('aria-expanded', String(!isClosed));
            app.set('drawerClosed', isClosed);
        };
        const go = (name) => {
            current = name;
            for (const button of tabs.children) {
                button.setAttribute('aria-selected', String(button.dataset.name === name));
                button.tabIndex = button.dataset.name === name ? 0 : -1;
            }
            fill(place, bodies[name]);
            set(false);
        };
        const names = { variables: 'Variables', headers: 'Headers', files: 'Files' };
        append(tabs, Object.entries(names).map(([name, label]) => h('button.segment', {
            type: 'button', role: 'tab', 'data-name': name, onclick: () => go(name),
            onkeydown: (event) => {
                if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return;
                const all = Object.keys(bodies).filter((other) => !tabs.querySelector(`[data-name=${other}]`).hidden);
                go(all[(all.indexOf(current) + (event.key === 'ArrowRight' ? 1 : -1) + all.length) % all.length]);
                tabs.querySelector('[aria-selected=true]').focus();
            },
        }, label, h('span.dot', { hidden: true }))));
        const filesTab = tabs.querySelector('[data-name=files]');
        filesTab.hidden = true;
        app.on('files', (count) => {
            app.fileCount = count;
            filesTab.hidden = count === 0;
            if (count === 0 && current === 'files') go('variables');
        });
        const isClosed = app.get('drawerClosed', false);
        go('variables');
        set(isClosed);
        this.goDrawer = go;
        app.on('variables', () => {
            tabs.querySelector('[data-name=variables] .dot').hidden = !app.variableProblems?.length;
        });
        app.on('headers', () => { tabs.querySelector('[data-name=headers] .dot').hidden = !app.headerProblems.length; });
        return [bar, drawer];
    }

    pick(operation) {
        if (operation.name) this.app.tabs.update({ operationName: operation.name.value });
        this.app.editor.select(operation.start);
        this.app.runner.run(operation);
    }

    nextProblem() {
        const { problems, editor, hover } = this.app;
        const next = problems.find((problem) => problem.start > editor.caret) ?? problems[0];
        if (!next) return;
        this.show('editor');
        editor.select(next.start);
        hover.show(next.start);
    }

    showRun() {
        const { app } = this;
        const isRunning = app.runner?.isRunning;
        const operation = app.operation;
        const name = operation?.name?.value;
        const key = `${isRunning} ${name} ${operation?.operation} ${app.operations.length}`;
        if (key === this.runKey) return;
        this.runKey = key;
        const label = isRunning ? 'Stop' : operation?.operation === 'subscription' ? 'Subscribe' : 'Run';
        fill(this.runButton, icon(isRunning ? 'stop' : 'play'), h('span', {}, label), !isRunning && name && h('span.run-name', {}, name));
        this.runButton.classList.toggle('is-running', Boolean(isRunning));
        this.pickButton.hidden = app.operations.length < 2;
    }

    jump(line, column) {
        const lines = this.app.editor.text.split('\n');
        const offset = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
        this.show('editor');
        this.app.editor.select(offset);
    }

    copyCurl() {
        try {
            copy(curl(this.app.endpoint, this.app.runner.compose()), 'Command');
        } catch (error) { notice(error.message, 'error'); }
    }

    copyBody() {
        try { copy(JSON.stringify(this.app.runner.compose().operation, null, 2), 'Request body'); } catch (error) { notice(error.message, 'error'); }
    }

    key(event) {
        const isCommand = event.ctrlKey || event.metaKey;
        if (isCommand && event.key.toLowerCase() === 'k' || event.key === 'F1') this.palette.open();
        else if (isCommand && event.key === 'Enter' && !event.defaultPrevented) { if (!event.repeat) this.app.runner.run(); }
        else if (event.altKey && !isCommand && event.code === 'KeyT') this.app.tabs.add({ query: '' });
        else return;
        event.preventDefault();
    }

    commands() {
        const { app } = this;
        return [
            { label: 'Run the operation', keys: 'Ctrl+Enter', action: () => app.runner.run() },
            ...(app.runner.isRunning ? [{ label: 'Stop', action: () => app.runner.stop() }] : []),
            ...(app.operations.length > 1 ? app.operations : []).map((operation) => ({ label: `Run ${operation.name?.value ?? `(${operation.operation})`}`, action: () => this.pick(operation) })),
            { label: 'Format the document', keys: 'Shift+Alt+F', action: () => app.prettify() },
            { label: 'Explain the name under the caret', action: () => { app.editor.area.focus(); app.hover.showAtCaret(); } },
            { label: 'Find in the document', keys: 'Ctrl+F', action: () => app.finder.open() },
            { label: 'Fold at the caret', keys: 'Ctrl+Shift+[', action: () => app.editor.foldAtCaret() },
            { label: 'Unfold at the caret', keys: 'Ctrl+Shift+]', action: () => app.editor.unfoldAtCaret() },
            { label: 'Unfold everything', action: () => app.editor.unfoldAll() },
            ...(app.problems.length ? [{ label: 'Go to the next problem', action: () => this.nextProblem() }] : []),
            { label: 'New tab', keys: 'Alt+T', action: () => app.tabs.add({ query: '' }) },
            { label: 'Close this tab', action: () => app.tabs.close(app.tabs.current) },
            { label: 'Go to the operation', action: () => this.showEditor() },
            { label: 'Go to the variables', action: () => { this.show('editor'); this.goDrawer('variables'); app.variables.area.focus(); } },
            { label: 'Go to the headers', action: () => { this.show('editor'); this.goDrawer('headers'); app.headers.area.focus(); } },
            ...(app.fileCount ? [{ label: 'Go to the files', action: () => { this.show('editor'); this.goDrawer('files'); this.files.element.querySelector('.file-drop').focus(); } }] : []),
            { label: 'Go to the answer', action: () => { this.show('answer'); this.response.body.focus(); } },
            ...this.response.commands(),
            ...panels.filter(([name]) => !this.railButtons.get(name).hidden)
                .map(([name, label]) => ({ label: `Open ${label}`, action: () => this.openPanel(name) })),
            ...Object.values(this.panels).flatMap((panel) => panel.commands?.() ?? []),
            { label: 'Copy as cURL', action: () => this.copyCurl() },
            { label: 'Copy as a request body', action: () => this.copyBody() },
            { label: 'Copy a link to this document', action: () => copy(linkTo(app.tabs.tab), 'Link') },
            ...app.person.commands(),
            { label: 'Read the schema again', action: () => app.loadSchema() },
            { label: 'Subscriptions by WebSocket', action: () => app.runner.setProtocol('socket') },
            { label: 'Subscriptions by event stream', action: () => app.runner.setProtocol('stream') },
            ...['light', 'dark', 'system'].map((name) => ({ label: `Colours: ${name}`, action: () => this.theme.set(name) })),
        ];
    }
}
