// The schema to read: types, fields and directives, each with links to the others.

import { fill, h, icon, iconButton } from '../shell/dom.js';
import { prose } from '../shell/prose.js';
import { counted } from '../shell/units.js';
import { namedType, typeText } from '../language/schema.js';
import { match } from '../language/complete.js';

export class DocsPanel {
    constructor(app) {
        this.app = app;
        this.trail = [];
        this.search = h('input.field', {
            type: 'search', placeholder: 'Search the schema', 'aria-label': 'Search the schema',
            oninput: () => this.show(),
            onkeydown: (event) => {
                if (event.key === 'Enter') this.body.querySelector('.result')?.click();
                if (event.key === 'Escape' && this.search.value) { this.search.value = ''; this.show(); }
            },
        });
        this.crumbs = h('nav.crumbs', { 'aria-label': 'Where you are' });
        this.body = h('div.panel-body', { tabindex: '0', 'aria-label': 'Documentation' });
        this.element = h('div.panel.docs', {}, h('div.panel-head', {}, h('h2', {}, 'Documentation'),
            iconButton('reload', 'Read the schema again', () => app.loadSchema())), h('div.search', {}, icon('search'), this.search), this.crumbs, this.body);
        app.on('schema', () => this.show());
        this.show();
    }

    focus() { this.search.focus(); }

    /// `Type` or `Type.field`, or `@directive`.
    open(name) {
        this.search.value = '';
        if (this.trail.at(-1) !== name) this.trail.push(name);
        this.show();
        this.body.scrollTop = 0;
    }

    /// Where one reads on, when what one had followed is not there any more.
    focusTitle() { (this.body.querySelector('h3') ?? this.body).focus({ preventScroll: true }); }

    show() {
        const isFollowed = this.body.contains(document.activeElement) || this.crumbs.contains(document.activeElement);
        this.fill();
        if (isFollowed) this.focusTitle();
    }

    fill() {
        const { schema } = this.app;
        if (!schema) return void fill(this.body, h('p.hint', {}, this.app.schemaProblem ?? 'The schema is on its way.'));
        const word = this.search.value.trim();
        this.crumbs.hidden = word !== '' || !this.trail.length;
        fill(this.crumbs, h('button.link', { type: 'button', onclick: () => { this.trail = []; this.show(); } }, 'Schema'),
            this.trail.slice(-3).map((name, number, shown) => ['›', number === shown.length - 1 ? h('span', { 'aria-current': 'page' }, name)
                : h('button.link', { type: 'button', onclick: () => { this.trail.length = this.trail.length - shown.length + number + 1; this.show(); } }, name)]));
        if (word) return this.results(word);
        const name = this.trail.at(-1);
        if (!name) return this.overview(schema);
        if (name.startsWith('@')) return this.directive(schema.directives.get(name.slice(1)));
        const [type, field] = name.split('.');
        const found = schema.types.get(type);
        if (!found) return void fill(this.body, h('p.hint', {}, `The schema has no type ${type} any more.`));
        if (field) this.field(found, schema.field(found, field) ?? found.inputs.get(field));
        else this.type(found);
    }

    results(word) {
        const found = [];
        const add = (label, name, kind, target) => {
            const hit = match(label, word.replace(/^@/, ''));
            if (hit && hit.score < 30) found.push({ name, kind, target, score: hit.score + 4 });
        };
        for (const type of this.app.schema.types.values()) {
            if (type.name.startsWith('__')) continue;
            const hit = match(type.name, word);
            if (hit) found.push({ name: type.name, kind: type.kind.toLowerCase(), score: hit.score });
            for (const field of [...type.fields.values(), ...type.inputs.values()]) {
                const own = word.includes('.') ? match(`${type.name}.${field.name}`, word) : match(field.name, word);
                if (own && own.score < 30) found.push({ name: `${type.name}.${field.name}`, kind: typeText(field.type), score: own.score + 2 });
                for (const input of field.args?.values() ?? []) add(input.name, `${type.name}.${field.name}(${input.name}:)`, typeText(input.type), `${type.name}.${field.name}`);
            }
            for (const value of type.values.keys()) add(value, `${type.name}.${value}`, 'value', type.name);
        }
        for (const name of this.app.schema.directives.keys()) add(name, `@${name}`, 'directive', `@${name}`);
        found.sort((a, b) => a.score - b.score || a.name.length - b.name.length);
        const most = 80;
        fill(this.body, h('p.hint', { role: 'status' }, found.length ? `${found.length} found` : `Nothing is called ${word}.`),
            found.slice(0, most).map((item) => h('button.result', { type: 'button', onclick: () => this.open(item.target ?? item.name) },
                h('span.result-name', {}, item.name), h('span.result-kind', {}, item.kind))));
    }

    overview(schema) {
        const groups = { OBJECT: 'Objects', INTERFACE: 'Interfaces', UNION: 'Unions', INPUT_OBJECT: 'Inputs', ENUM: 'Enums', SCALAR: 'Scalars' };
        const roots = new Set(Object.values(schema.roots));
        const types = [...schema.types.values()].filter((type) => !type.name.startsWith('__') && !roots.has(type.name));
        fill(this.body, prose(schema.description), title('Operations'),
            Object.entries(schema.roots).map(([operation, name]) => this.row(operation, this.link(name), counted(schema.types.get(name).fields.size, 'field'))),
            Object.entries(groups).map(([kind, title]) => {
                const list = types.filter((type) => type.kind === kind);
                if (!list.length) return null;
                return h('details.group', { open: list.length <= 40 }, h('summary', {}, `${title} `, h('span.count', {}, String(list.length))),
                    h('div.names', {}, list.map((type) => this.link(type.name))));
            }),
            h('details.group', {}, h('summary', {}, 'Directives ', h('span.count', {}, String(schema.directives.size))),
                h('div.names', {}, [...schema.directives.keys()].map((name) => this.link(`@${name}`)))));
    }

    row(name, type, note) { return h('div.doc-row', {}, h('span.doc-name', {}, name), ' ', type, note && h('span.doc-note', {}, note)); }

    link(name) { return h('button.type-link', { type: 'button', onclick: () => this.open(name) }, name); }

    /// A type with its wrappers, of which the name leads on.
    typeRef(ref) {
        const text = typeText(ref);
        const name = namedType(ref);
        const at = text.indexOf(name);
        return h('span.type-ref', {}, text.slice(0, at), this.link(name), text.slice(at + name.length));
    }

    type(type) {
        const { schema } = this.app;
        const users = this.users(type.name);
        const canBeAsked = Object.values(schema.roots).includes(type.name);
        fill(this.body,
            h('div.doc-title', {}, h('span.badge', {}, type.kind.toLowerCase().replace('_', ' ')), type.isOneOf && h('span.badge', {}, 'one of'), title(type.name)),
            prose(type.description),
            type.specifiedBy && h('p', {}, 'Specification: ', address(type.specifiedBy)),
            type.interfaces.length > 0 && h('p.doc-line', {}, 'Implements ', type.interfaces.map((name) => [this.link(name), ' '])),
            type.fields.size > 0 && [h('h4', {}, 'Fields'), [...type.fields.values()].map((field) => this.member(type, field, canBeAsked))],
            type.inputs.size > 0 && [h('h4', {}, 'Fields'), [...type.inputs.values()].map((input) => this.input(input))],
            type.values.size > 0 && [h('h4', {}, 'Values'), [...type.values.values()].map((value) => h('div.doc-member', {},
                h('code.doc-name', {}, value.name), this.deprecation(value), prose(value.description)))],
            type.possible.length > 0 && [h('h4', {}, type.kind === 'UNION' ? 'One of' : 'Implemented by'), h('div.names', {}, type.possible.map((name) => this.link(name)))],
            users.length > 0 && h('details.group', {}, h('summary', {}, 'Used by ', h('span.count', {}, String(users.length))),
                h('div.names', {}, users.slice(0, 200).map((name) => this.link(name)))));
    }

    member(type, field, canBeAsked) {
        return h('div.doc-member', {}, h('div.doc-signature', {},
            h('button.field-link', { type: 'button', onclick: () => this.open(`${type.name}.${field.name}`) }, field.name),
            field.args.size > 0 && h('span.doc-args', {}, `(${[...field.args.keys()].join(', ')})`), ': ', this.typeRef(field.type),
            canBeAsked && iconButton('plus', `Ask for ${field.name}`, () => this.app.insertField(type, field), { class: 'icon-button is-small' })),
        this.deprecation(field), prose(field.description));
    }

    input(input) {
        return h('div.doc-member', {}, h('div.doc-signature', {}, h('span.doc-name', {}, input.name), ': ', this.typeRef(input.type),
            input.defaultValue != null && h('code.doc-default', {}, ` = ${input.defaultValue}`)), this.deprecation(input), prose(input.description));
    }

    field(type, field) {
        if (!field) return void fill(this.body, h('p.hint', {}, 'The schema has no such field any more.'));
        fill(this.body, h('div.doc-title', {}, h('span.badge', {}, 'field'), title(`${type.name}.${field.name}`)),
            h('p.doc-line', {}, this.typeRef(field.type)), this.deprecation(field), prose(field.description),
            field.args?.size > 0 && [h('h4', {}, 'Arguments'), [...field.args.values()].map((input) => this.input(input))]);
    }

    directive(directive) {
        if (!directive) return void fill(this.body, h('p.hint', {}, 'The schema has no such directive any more.'));
        fill(this.body, h('div.doc-title', {}, h('span.badge', {}, 'directive'), title(`@${directive.name}`)), prose(directive.description),
            directive.args.size > 0 && [h('h4', {}, 'Arguments'), [...directive.args.values()].map((input) => this.input(input))],
            h('h4', {}, 'Locations'), h('p.doc-line', {}, directive.locations.map((name) => [h('code', {}, name), ' '])));
    }

    deprecation(item) { return item.isDeprecated && h('div.deprecation', {}, 'Deprecated. ', item.deprecationReason ?? ''); }

    users(name) {
        const found = [];
        for (const type of this.app.schema.types.values()) {
            for (const field of [...type.fields.values(), ...type.inputs.values()]) {
                if (namedType(field.type) === name || [...(field.args?.values() ?? [])].some((input) => namedType(input.type) === name)) found.push(`${type.name}.${field.name}`);
            }
        }
        return found.filter((user) => !user.startsWith('__'));
    }
}

const title = (text) => h('h3', { tabindex: '-1' }, text);

/// A link where it leads to the web: schemas may say anything.
const address = (text) => (/^https?:\/\//i.test(text) ? h('a', { href: text, target: '_blank', rel: 'noreferrer noopener' }, text) : h('code', {}, text));
