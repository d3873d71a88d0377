// What the parts of the page share: the schema, the open document, and running it.

import { Editor } from '../editor/editor.js';
import { Hover } from '../editor/hover.js';
import { Finder } from '../editor/find.js';
import { Suggestions } from '../editor/suggestions.js';
import { colourGraphQL, colourJSON } from '../editor/colours.js';
import { complete, rank } from '../language/complete.js';
import { example } from '../language/example.js';
import { format } from '../language/format.js';
import { checkVariables, completeVariables, parseJSON, plainValue } from '../language/json.js';
import { parse } from '../language/parser.js';
import { Schema, introspectionQuery, isComposite, isRequired, plainIntrospectionQuery, typeText } from '../language/schema.js';
import { reference, validate } from '../language/validate.js';
import { readHeaders } from '../language/headers.js';
import { Unreachable, reach } from '../net/http.js';
import { Runner } from './runner.js';
import { h } from './dom.js';
import { buildLayout } from './layout.js';
import { notice } from './notice.js';
import { offers } from './offers.js';
import { Person } from './person.js';
import { readLink } from './share.js';
import { load, save } from './store.js';
import { Tabs, welcome } from './tabs.js';

const headerNames = ['authorization', 'accept-language', 'graphql-require-preflight', 'idempotency-key', 'traceparent', 'x-request-id'];

export class App {
    constructor() {
        this.endpoint = location.pathname;
        this.schema = null;
        this.listeners = {};
        this.document = { definitions: [], errors: [] };
        this.problems = [];
        const run = (event) => { if (!event.repeat) this.runner.run(); };
        const keys = { 'Ctrl+Enter': run, 'Alt+Shift+F': () => this.prettify() };
        this.editor = new Editor({ label: 'Operation', colour: colourGraphQL, comment: '#', keys, placeholder: 'query { … }' });
        this.variables = new Editor({ label: 'Variables, JSON', colour: colourJSON, comment: '//', keys: { 'Ctrl+Enter': run }, placeholder: '{ "name": "value" }' });
        this.headers = new Editor({ label: 'Headers, JSON', colour: colourJSON, comment: '//', keys: { 'Ctrl+Enter': run }, placeholder: '{ "authorization": "Bearer …" }' });
        this.tabs = new Tabs(welcome(), (tab) => this.showTab(tab));
        this.offers = {};
        this.runner = new Runner(this);
        this.person = new Person(this);
        this.hover = new Hover(this.editor, (offset) => this.describe(offset));
        this.suggestions = new Suggestions(this.editor, (text, offset) => complete(text, offset, this.schema, this.document.definitions));
        new Suggestions(this.variables, (text, offset) => {
            if (this.analysis) this.analyse();
            return ranked(completeVariables(text, offset, this.operationVariables, this.schema));
        });
        new Suggestions(this.headers, (text, offset) => ranked(completeVariables(text, offset, headerNames.map((name) => ({ name, ref: { kind: 'SCALAR', name: 'String' } })), null)));
        this.finder = new Finder(this.editor);
    }

    on(event, listener) { (this.listeners[event] ??= []).push(listener); }
    tell(event, detail) { for (const listener of this.listeners[event] ?? []) listener(detail); }

    start() {
        this.layout = buildLayout(this);
        this.showTab(this.tabs.tab);
        this.openLink();
        this.editor.on('input', () => this.changed());
        this.editor.on('move', () => this.tell('caret'));
        this.variables.on('input', () => { this.tabs.update({ variables: this.variables.text }); this.checkVariables(); });
        this.headers.on('input', () => { this.tabs.update({ headers: this.headers.text }); this.checkHeaders(); });
        addEventListener('beforeunload', () => this.tabs.keep());
        addEventListener('online', () => this.loadSchema());
        addEventListener('hashchange', () => this.openLink());
        this.editor.area.focus();
        this.loadSchema();
    }

    /// What the address of the page says, in a document of its own; it is not run.
    openLink() {
        try {
            const linked = readLink();
            if (!linked) return;
            this.tabs.open(linked);
            notice('Opened from the link');
        } catch (error) { notice(error.message, 'error'); }
    }

    /// Goes on with what was known while the server is away.
    async loadOffers() {
        const known = await offers(this.endpoint);
        if (!known) return;
        this.offers = known;
        this.tell('offers');
    }

    showTab(tab) {
        this.isLoading = true;
        this.editor.load(tab.query);
        this.variables.load(tab.variables);
        this.headers.load(tab.headers);
        this.isLoading = false;
        this.analyse();
        this.tell('tab', tab);
    }

    changed() {
        if (!this.isLoading) this.tabs.update({ query: this.editor.text });
        clearTimeout(this.analysis);
        // After the letter is on the screen.
        this.analysis = setTimeout(() => this.analyse(), Math.min(400, 30 + this.editor.text.length / 300));
    }

    analyse() {
        clearTimeout(this.analysis);
        this.analysis = null;
        this.document = parse(this.editor.text);
        const { problems, marks } = validate(this.document, this.schema);
        this.problems = problems;
        this.marks = marks;
        this.editor.setProblems(problems);
        this.checkVariables();
        this.tell('analysed');
    }

    get operations() { return this.document.definitions.filter((definition) => definition.kind === 'operation'); }
    get fragments() { return this.document.definitions.filter((definition) => definition.kind === 'fragment'); }

    /// The operation under the caret, or the one that was picked, or the only one.
    get operation() {
        const { operations, editor } = this;
        const caret = editor.caret;
        return operations.find((operation) => operation.start <= caret && caret <= operation.end)
            ?? operations.find((operation) => operation.name?.value === this.tabs.tab.operationName) ?? operations[0];
    }

    get operationVariables() {
        return (this.operation?.variables ?? []).filter((variable) => variable.type && this.schema)
            .map((variable) => ({ name: variable.name.value, ref: reference(variable.type, this.schema), hasDefault: variable.default !== undefined }));
    }

    checkVariables() {
        const { node, problems } = parseJSON(this.variables.text);
        this.variables.setProblems(problems.length || !this.schema ? problems.slice(0, 1) : checkVariables(node, this.operationVariables, this.schema));
        this.variableProblems = this.variables.problems;
        this.tell('variables');
    }

    checkHeaders() {
        this.headerProblems = readHeaders(this.headers.text).problems.slice(0, 1);
        this.headers.setProblems(this.headerProblems);
        this.tell('headers');
    }

    /// The variables as an object; throws an error that says what is wrong.
    readVariables() {
        const { node, problems } = parseJSON(this.variables.text);
        if (problems.length) throw new Error(`The variables are not JSON: ${problems[0].message}`);
        if (node && node.kind !== 'object') throw new Error('The variables must be an object.');
        return node ? plainValue(node) : {};
    }

    /// The headers that were written; throws an error that says what is wrong.
    readHeaders() {
        const { headers, problems } = readHeaders(this.headers.text);
        if (problems.length) throw new Error(problems[0].message);
        return headers;
    }

    prettify() {
        const text = this.editor.text;
        const pretty = format(text);
        if (pretty !== text) {
            this.editor.unfoldAll();
            const { caret } = this.editor;
            this.editor.replace(0, this.editor.text.length, pretty, Math.min(caret, pretty.length));
        }
        try {
            const variables = this.variables.text;
            if (variables.trim() && !/\/\/|\/\*/.test(variables)) {
                const laidOut = JSON.stringify(this.readVariables(), null, 2);
                if (laidOut !== variables) this.variables.replace(0, variables.length, laidOut);
            }
        } catch { /* what is no JSON stays as it is */ }
        this.editor.area.focus();
    }

    /// What the name at a place is, for the hover card: `{ start, end, title, type, doc, open }` or problems.
    describe(offset) {
        const problem = this.problems.find((other) => other.start <= offset && offset < other.end);
        const mark = this.marks?.find((other) => other.start <= offset && offset < other.end);
        return { problem, mark, open: (name) => this.layout.openDocs(name) };
    }

    /// Adds a field to the operation of its kind, or a new operation.
    insertField(type, field) {
        const operation = Object.entries(this.schema.roots).find(([, name]) => name === type.name)?.[0] ?? 'query';
        const needed = [...field.args.values()].filter(isRequired);
        const args = needed.length ? `(${needed.map((input) => `${input.name}: $${input.name}`).join(', ')})` : '';
        const declared = needed.length ? `(${needed.map((input) => `$${input.name}: ${typeText(input.type)}`).join(', ')})` : '';
        const result = this.schema.type(field.type);
        const leaves = [...(result?.fields.values() ?? [])].filter((inner) => !isComposite(this.schema.type(inner.type)) && ![...inner.args.values()].some(isRequired)).slice(0, 6);
        const body = isComposite(result) ? ` {\n${(leaves.length ? leaves.map((leaf) => leaf.name) : ['__typename']).map((name) => `    ${name}`).join('\n')}\n  }` : '';
        const name = field.name[0].toUpperCase() + field.name.slice(1);
        const text = `${operation} ${name}${declared} {\n  ${field.name}${args}${body}\n}\n`;
        const isEmpty = !this.editor.text.trim();
        if (isEmpty) this.editor.replace(0, this.editor.text.length, text, text.length - 2);
        else if (!this.tabs.add({ query: text })) return;
        if (needed.length) {
            const variables = Object.fromEntries(needed.map((input) => [input.name, example(input.type, this.schema)]));
            this.variables.replace(0, this.variables.text.length, JSON.stringify(variables, null, 2));
        }
        this.layout.showEditor();
    }

    /// With what else the server offers: one that came back may be another one. While it is away it is asked again, later
    /// every time.
    async loadSchema() {
        clearTimeout(this.retry);
        this.loadOffers();
        this.schemaProblem = null;
        this.tell('schemaLoading');
        try {
            let answer = await this.introspect(introspectionQuery);
            if (!answer.data?.__schema) answer = await this.introspect(plainIntrospectionQuery);
            if (!answer.data?.__schema) throw new Error(answer.errors?.[0]?.message ?? 'The server does not tell its schema.');
            this.introspection = answer.data;
            this.schema = Schema.fromIntrospection(answer.data);
            this.wait = undefined;
            this.isAway = false;
            if (this.editor.text === welcome()) this.editor.load(welcome(this.schema));
        } catch (error) {
            this.schemaProblem = error.message;
            this.isAway = error instanceof Unreachable;
            if (this.isAway) this.retry = setTimeout(() => this.loadSchema(), this.wait = Math.min(15_000, (this.wait ?? 1_000) * 2));
            // What was known of the schema is shown on.
            if (this.schema) return this.tell('schemaLoading');
        }
        this.analyse();
        this.tell('schema');
        performance.mark('schema');
    }

    async introspect(query) {
        const headers = this.person.with(this.safeHeaders());
        const response = await reach(this.endpoint, {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'accept': 'application/graphql-response+json, application/json;q=0.9', 'graphql-require-preflight': '1', ...headers },
            body: JSON.stringify({ query, operationName: 'IntrospectionQuery' }),
        });
        return response.json();
    }

    safeHeaders() {
        try { return this.readHeaders(); } catch { return {}; }
    }

    /// False, and said, when the browser does not keep it.
    set(name, value) {
        const isKept = save(name, value);
        if (!isKept) notice('The browser has no room for this page', 'error');
        return isKept;
    }

    get(name, standard) { return load(name, standard); }
}

function ranked(found) { return { ...found, items: rank(found.items, found.word) }; }
