// The operation as a tree to click: every field of the schema is there, those of the document are ticked. What is
// clicked changes the text; what is typed changes the tree.

import { fill, h, icon } from '../shell/dom.js';
import { example } from '../language/example.js';
import { isComposite, isRequired, typeText } from '../language/schema.js';

export class BuilderPanel {
    constructor(app) {
        this.app = app;
        this.open = new Set();
        this.filter = h('input.field', { type: 'search', placeholder: 'Filter root fields', 'aria-label': 'Filter root fields', oninput: () => this.show() });
        this.kinds = h('div.segments', { role: 'radiogroup', 'aria-label': 'Kind of operation' });
        this.body = h('div.panel-body.builder', { tabindex: '-1', onfocusin: ({ target }) => this.stay(target) });
        this.element = h('div.panel', {}, h('div.panel-head', {}, h('h2', {}, 'Builder')), h('div.builder-kinds', {}, this.kinds),
            h('div.search', {}, icon('search'), this.filter), this.body);
        app.on('schema', () => this.show());
        app.on('analysed', () => this.refresh());
        app.on('caret', () => { if (this.operation !== app.operation) this.forget(); });
        app.on('tab', () => this.forget());
        this.show();
    }

    focus() { this.refresh(); this.filter.focus(); }

    /// Goes with the operation under the caret again.
    forget() {
        this.chosen = undefined;
        this.refresh();
    }

    refresh() {
        if (!this.element.isConnected) return;
        // The focus stays on what was clicked, though the tree is new.
        const focused = document.activeElement?.dataset?.path;
        const scroll = this.body.scrollTop;
        this.show();
        this.body.scrollTop = scroll;
        if (focused && this.element.contains(document.activeElement) === false) this.rowAt(focused)?.focus({ preventScroll: true });
    }

    get kind() { return this.chosen ?? this.app.operation?.operation ?? 'query'; }

    show() {
        const { schema } = this.app;
        if (!schema) return void fill(this.body, h('p.hint', {}, this.app.schemaProblem ?? 'The schema is on its way.'));
        this.operation = this.app.operation;
        if (this.operation?.operation === this.chosen) this.chosen = undefined;
        const kinds = Object.keys(schema.roots);
        fill(this.kinds, kinds.map((kind) => h('button.segment', {
            type: 'button', role: 'radio', 'aria-checked': String(kind === this.kind), 'aria-selected': null, class: kind === this.kind ? 'segment is-current' : 'segment', onclick: () => this.choose(kind),
        }, kind[0].toUpperCase() + kind.slice(1))));
        const root = schema.root(this.kind);
        const operation = this.operation?.operation === this.kind ? this.operation : null;
        const word = this.filter.value.trim().toLowerCase();
        const fields = [...root.fields.values()].filter((field) => !word || field.name.toLowerCase().includes(word));
        fill(this.body, h('div.tree', { role: 'tree', 'aria-label': 'Fields', onkeydown: (event) => this.key(event) }, this.level(root, operation?.selections, '', fields, 1)));
        const row = this.rowAt(this.last) ?? this.body.querySelector('.tree-row');
        if (row) row.tabIndex = 0;
    }

    /// Tab leaves the tree, and comes back to the row that was left.
    stay(target) {
        const row = target.closest('.tree-row');
        if (!row) return;
        for (const other of this.body.querySelectorAll('.tree-row[tabindex="0"]')) other.tabIndex = -1;
        row.tabIndex = 0;
        this.last = row.dataset.path;
    }

    rowAt(path) { return path === undefined ? null : this.body.querySelector(`[data-path="${CSS.escape(path)}"]`); }

    /// Another kind of operation: the next field that is ticked begins one.
    choose(kind) {
        const { app } = this;
        const other = app.operations.find((operation) => operation.operation === kind);
        this.chosen = kind;
        if (other) {
            app.editor.select(other.start);
            this.chosen = undefined;
        }
        this.show();
    }

    level(type, selections, path, fields, depth) {
        const chosen = new Map();
        for (const item of selections?.items ?? []) if (item.kind === 'field' && !chosen.has(item.name.value)) chosen.set(item.name.value, item);
        const rows = fields.slice(0, 300).map((field) => this.field(type, field, chosen.get(field.name), path, depth));
        if (type.kind !== 'OBJECT' && type.possible.length) {
            for (const name of type.possible) rows.push(this.fragment(name, selections, path, depth));
        }
        if (fields.length > 300) rows.push(h('p.hint', {}, `${fields.length - 300} more: filter them.`));
        return rows;
    }

    field(parent, field, node, path, depth) {
        const { schema } = this.app;
        const here = `${path}/${field.name}`;
        const result = schema.type(field.type);
        const hasChildren = isComposite(result) || field.args.size > 0;
        const isOpen = hasChildren && (node !== undefined ? !this.open.has(`!${here}`) : this.open.has(here)) && depth < 12;
        const row = this.row({
            path: here, depth, label: field.name, isChecked: node !== undefined, isOpen: hasChildren ? isOpen : undefined,
            detail: typeText(field.type), doc: field.description, isDeprecated: field.isDeprecated,
            ontick: () => (node ? this.remove(node) : this.add(path, field, parent)),
            onopen: () => this.toggle(here, node, isOpen),
        });
        if (!isOpen) return row;
        return [row, h('div', { role: 'group' },
            [...field.args.values()].map((input) => this.argument(field, input, node, here, depth + 1, () => this.add(path, field, parent, input))),
            isComposite(result) && this.level(result, node?.selections, here, [...result.fields.values()], depth + 1))];
    }

    argument(field, input, node, path, depth, addBoth) {
        const given = node?.args.find((argument) => argument.name.value === input.name);
        return this.row({
            path: `${path}(${input.name}`, depth, label: `${input.name}:`, isArgument: true, isChecked: given !== undefined, isRequired: isRequired(input),
            detail: given ? this.app.editor.text.slice(given.value.start, given.value.end).slice(0, 40) : typeText(input.type), doc: input.description,
            ontick: () => (given ? this.removeArgument(node, given) : node ? this.addArgument(node, input) : addBoth()),
        });
    }

    fragment(name, selections, path, depth) {
        const { schema } = this.app;
        const here = `${path}/...${name}`;
        const node = selections?.items.find((item) => item.kind === 'inline' && item.on?.value === name);
        const type = schema.types.get(name);
        const isOpen = (node ? !this.open.has(`!${here}`) : this.open.has(here)) && depth < 12;
        const row = this.row({
            path: here, depth, label: `... on ${name}`, isChecked: node !== undefined, isOpen, detail: '',
            ontick: () => (node ? this.remove(node) : this.insert(path, `... on ${name} {\n  __typename\n}`)),
            onopen: () => this.toggle(here, node, isOpen),
        });
        return isOpen ? [row, h('div', { role: 'group' }, this.level(type, node?.selections, here, [...type.fields.values()], depth + 1))] : row;
    }

    row({ path, depth, label, isChecked, isOpen, detail, doc, isDeprecated, isArgument, isRequired: isNeeded, ontick, onopen }) {
        const row = h(`div.tree-row${isArgument ? '.is-argument' : ''}`, {
            role: 'treeitem', tabindex: '-1', 'data-path': path, 'aria-level': depth, 'aria-checked': String(isChecked), 'aria-expanded': isOpen === undefined ? null : String(isOpen),
            title: doc ?? '', 'aria-label': `${label} ${detail}${isDeprecated ? ', deprecated' : ''}`,
            onclick: () => { row.focus({ preventScroll: true }); ontick(); },
        }, h('span.tree-arrow', { 'aria-hidden': 'true', onclick: (event) => { event.stopPropagation(); onopen?.(); } }, isOpen === undefined ? '' : icon(isOpen ? 'down' : 'right')),
        h('span.tree-box', { 'aria-hidden': 'true' }, isChecked && icon('check')), h(isDeprecated ? 'span.tree-label.is-deprecated' : 'span.tree-label', {}, label, isNeeded && h('span.tree-needed', {}, '*')),
        h('span.tree-detail', {}, detail));
        row.style.setProperty('--depth', depth - 1);
        row.tick = ontick;
        row.unfold = onopen;
        return row;
    }

    key(event) {
        const rows = [...this.body.querySelectorAll('.tree-row')];
        const at = rows.indexOf(document.activeElement);
        const row = rows[at];
        if (!row) return;
        const isOpen = row.getAttribute('aria-expanded');
        const go = (next) => rows[Math.max(0, Math.min(rows.length - 1, next))].focus();
        switch (event.key) {
            case 'ArrowDown': go(at + 1); break;
            case 'ArrowUp': go(at - 1); break;
            case 'Home': go(0); break;
            case 'End': go(rows.length - 1); break;
            case 'Enter': case ' ': row.tick(); this.again(row.dataset.path); break;
            case 'ArrowRight': if (isOpen === 'false') { row.unfold(); this.again(row.dataset.path); } else go(at + 1); break;
            case 'ArrowLeft': if (isOpen === 'true') { row.unfold(); this.again(row.dataset.path); } else go(at - 1); break;
            default: return;
        }
        event.preventDefault();
    }

    again(path) { this.rowAt(path)?.focus({ preventScroll: true }); }

    toggle(path, node, isOpen) {
        const key = node ? `!${path}` : path;
        if (node ? isOpen : !isOpen) this.open.add(key); else this.open.delete(key);
        this.show();
    }

    // MARK: changing the text

    change(from, to, text) {
        const { editor } = this.app;
        editor.replace(from, to, text);
        this.app.analyse();
        this.show();
    }

    remove(node) {
        const text = this.app.editor.text;
        let { start, end } = node;
        const parent = this.parentOf(node);
        // A selection of nothing is no selection: with its last field the parent goes, and the operation with the last of all.
        if (parent && parent.selections.items.length === 1) return this.remove(parent);
        const lineStart = text.lastIndexOf('\n', start - 1) + 1;
        const lineEnd = text.indexOf('\n', end);
        if (!text.slice(lineStart, start).trim() && !text.slice(end, lineEnd < 0 ? undefined : lineEnd).trim()) {
            start = lineStart;
            end = lineEnd < 0 ? text.length : lineEnd + 1;
        }
        this.change(start, end, '');
    }

    parentOf(node) {
        const visit = (owner) => {
            for (const item of owner.selections?.items ?? []) {
                if (item === node) return owner;
                const found = visit(item);
                if (found) return found;
            }
            return null;
        };
        return this.operation && visit(this.operation);
    }

    /// The arguments that a field must have, and one more.
    args(field, argument) {
        const { schema } = this.app;
        const needed = [...field.args.values()].filter((input) => isRequired(input) || input === argument);
        return needed.length ? `(${needed.map((input) => `${input.name}: ${literal(example(input.type, schema), input.type, schema)}`).join(', ')})` : '';
    }

    add(path, field, parent, argument) {
        const { schema } = this.app;
        const result = schema.type(field.type);
        let body = '';
        if (isComposite(result)) {
            const first = ['id', 'name', 'title'].find((name) => result.fields.has(name) && !isComposite(schema.type(result.fields.get(name).type)))
                ?? [...result.fields.values()].find((inner) => !isComposite(schema.type(inner.type)) && ![...inner.args.values()].some(isRequired))?.name ?? '__typename';
            body = ` {\n  ${first}\n}`;
        }
        this.insert(path, `${field.name}${this.args(field, argument)}${body}`);
    }

    /// Adds a selection at a path of field names, with the fields above it that are not there yet.
    insert(path, text) {
        const names = path.split('/').filter(Boolean);
        const operation = this.operation?.operation === this.kind ? this.operation : null;
        let at = operation;
        let taken = 0;
        while (at && taken < names.length) {
            const name = names[taken];
            const next = at.selections?.items.find((item) => (name.startsWith('...') ? item.kind === 'inline' && item.on?.value === name.slice(3) : item.kind === 'field' && item.name.value === name));
            if (!next) break;
            at = next;
            taken++;
        }
        const heads = this.heads(names);
        for (const head of heads.slice(taken).reverse()) text = `${head} {\n${indented(text)}\n}`;
        if (!operation) return this.begin(text);
        const source = this.app.editor.text;
        const line = source.lastIndexOf('\n', at.start - 1) + 1;
        const indent = source.slice(line).match(/^[ \t]*/)[0];
        const lines = text.split('\n').map((piece) => `${indent}  ${piece}`).join('\n');
        if (!at.selections || at.selections.isMissing) return this.change(at.end, at.end, ` {\n${lines}\n${indent}}`);
        const close = at.selections.end - 1;
        const before = source.slice(0, close).trimEnd();
        this.change(before.length, close, `\n${lines}\n${indent}`);
    }

    /// What the selections of a path begin with: names, with the arguments they cannot be without.
    heads(names) {
        const { schema } = this.app;
        let type = schema.root(this.kind);
        return names.map((name) => {
            if (name.startsWith('...')) {
                type = schema.types.get(name.slice(3));
                return `... on ${name.slice(3)}`;
            }
            const field = schema.field(type, name);
            type = schema.type(field?.type);
            return name + (field ? this.args(field) : '');
        });
    }

    begin(text) {
        const { kind } = this;
        const taken = new Set(this.app.operations.map((operation) => operation.name?.value));
        const nameFor = (operation) => {
            const name = `My${operation[0].toUpperCase()}${operation.slice(1)}`;
            for (let number = 1; ; number++) {
                const found = number === 1 ? name : `${name}${number}`;
                if (!taken.has(found)) { taken.add(found); return found; }
            }
        };
        let source = this.app.editor.text;
        // Of several operations, each must have a name.
        for (const operation of this.app.operations.filter((other) => !other.name).reverse()) {
            const at = operation.isShort ? operation.start : operation.keyword.end;
            const named = operation.isShort ? `query ${nameFor('query')} ` : ` ${nameFor(operation.operation)}`;
            source = source.slice(0, at) + named + source.slice(at);
        }
        source = source.trimEnd();
        const name = nameFor(kind);
        const begin = source ? `${source}\n\n` : '';
        const added = `${kind} ${name} {\n${indented(text)}\n}\n`;
        this.chosen = undefined;
        this.app.editor.replace(0, this.app.editor.text.length, begin + added, begin.length + added.length - 2);
        this.app.analyse();
        this.show();
    }

    addArgument(node, input) {
        const value = literal(example(input.type, this.app.schema), input.type, this.app.schema);
        if (node.args.length) return this.change(node.args.at(-1).value.end, node.args.at(-1).value.end, `, ${input.name}: ${value}`);
        this.change(node.name.end, node.name.end, `(${input.name}: ${value})`);
    }

    removeArgument(node, argument) {
        const text = this.app.editor.text;
        if (node.args.length === 1) {
            const open = text.indexOf('(', node.name.end);
            return this.change(open, text.indexOf(')', argument.value.end) + 1, '');
        }
        const number = node.args.indexOf(argument);
        if (number > 0) this.change(node.args[number - 1].value.end, argument.value.end, '');
        else this.change(argument.name.start, node.args[1].name.start, '');
    }
}

const indented = (text) => text.split('\n').map((line) => `  ${line}`).join('\n');

/// An example as the language writes it.
function literal(value, ref, schema) {
    if (ref.kind === 'NON_NULL') return literal(value, ref.ofType, schema);
    if (Array.isArray(value)) return '[]';
    const type = schema.types.get(ref.name);
    if (type?.kind === 'ENUM') return value;
    if (type?.kind === 'INPUT_OBJECT') return `{ ${Object.entries(value).map(([name, inner]) => `${name}: ${literal(inner, type.inputs.get(name).type, schema)}`).join(', ')} }`;
    return JSON.stringify(value);
}
