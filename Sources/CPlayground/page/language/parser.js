// Tokens to a syntax tree. What is missing is noted and stepped over, so that a document in the middle of being typed
// still has a tree: https://spec.graphql.org/September2025/#sec-Document-Syntax

import { describe, stringValue, tokenize } from './lexer.js';

const maximumDepth = 100;
const operations = new Set(['query', 'mutation', 'subscription']);
const typeSystem = new Set(['schema', 'scalar', 'type', 'interface', 'union', 'enum', 'input', 'directive', 'extend']);

/// `{ definitions, errors, tokens }`. The first error is the one that a server would answer with.
export function parse(text, tokens = tokenize(text)) {
    return new Parser(text, tokens).document();
}

export class Cursor {
    constructor(text, tokens) {
        this.text = text;
        this.tokens = tokens.filter((token) => token.kind !== 'comment');
        this.position = 0;
        this.errors = [];
    }

    get token() { return this.tokens[this.position]; }
    get lastEnd() { return this.position ? this.tokens[this.position - 1].end : 0; }

    is(text) { return this.token?.text === text && this.token.kind !== 'string'; }
    isName() { return this.token?.kind === 'name'; }
    take() { return this.tokens[this.position++]; }

    skip(text) {
        if (!this.is(text)) return false;
        this.position++;
        return true;
    }

    fail(message, token = this.token) {
        if (token?.kind === 'bad' || token?.kind === 'fold') message = `Unexpected character: ${JSON.stringify(token.text)}.`;
        const end = this.text.length;
        this.errors.push({
            message: `Syntax Error: ${message}`,
            start: token ? token.start : Math.max(0, end - 1),
            end: token ? token.end : end,
            severity: 'error',
        });
    }

    expect(text) {
        if (this.skip(text)) return true;
        this.fail(`Expected "${text}", found ${describe(this.token)}.`);
        return false;
    }

    name() {
        if (this.isName()) {
            const token = this.take();
            return { value: token.text, start: token.start, end: token.end };
        }
        this.fail(`Expected Name, found ${describe(this.token)}.`);
        return { value: '', start: this.lastEnd, end: this.lastEnd, isMissing: true };
    }

    /// Reads members up to `close`; one that makes no progress is stepped over.
    members(close, read, wanted = 'Expected Name, found') {
        const found = [];
        while (this.token && !this.is(close)) {
            const before = this.position;
            const member = read();
            if (member) found.push(member);
            if (this.position === before) this.position++;
        }
        if (this.token) this.expect(close);
        else this.fail(`${wanted} <EOF>.`);
        return found;
    }

    type(depth = 0) {
        const start = this.token?.start ?? this.text.length;
        let type;
        if (depth > maximumDepth) {
            this.fail('The document nests too deep.');
            this.position = this.tokens.length;
        }
        if (this.skip('[')) {
            type = { kind: 'list', of: this.type(depth + 1), start };
            this.expect(']');
        } else {
            type = { kind: 'named', name: this.name(), start };
        }
        type.end = this.lastEnd;
        return this.skip('!') ? { kind: 'nonnull', of: type, start, end: this.lastEnd } : type;
    }

    value(depth = 0) {
        const token = this.token;
        const start = token?.start ?? this.text.length;
        const ended = (value) => Object.assign(value, { start, end: this.lastEnd });
        if (!token || depth > maximumDepth) {
            this.fail(token ? 'The document nests too deep.' : 'Unexpected <EOF>.');
            return { kind: 'missing', start, end: start };
        }
        if (token.kind === 'number') {
            this.take();
            return ended({ kind: /[.eE]/.test(token.text) ? 'float' : 'int', text: token.text });
        }
        if (token.kind === 'string' || token.kind === 'block') {
            this.take();
            if (!/^("""[^]*"""|"(?:\\.|[^"\\])*")$/.test(token.text)) this.fail('Unterminated string.', token);
            return ended({ kind: 'string', value: stringValue(token), text: token.text });
        }
        if (this.skip('$')) return ended({ kind: 'variable', name: this.name() });
        if (this.skip('[')) return ended({ kind: 'list', items: this.members(']', () => this.value(depth + 1), 'Unexpected') });
        if (this.skip('{')) {
            return ended({
                kind: 'object',
                fields: this.members('}', () => {
                    const name = this.name();
                    if (name.isMissing) return null;
                    const value = this.expect(':') ? this.value(depth + 1) : { kind: 'missing', start: name.end, end: name.end };
                    return { name, value };
                }),
            });
        }
        if (token.kind === 'name') {
            this.take();
            if (token.text === 'true' || token.text === 'false') return ended({ kind: 'boolean', value: token.text === 'true', text: token.text });
            if (token.text === 'null') return ended({ kind: 'null', text: 'null' });
            return ended({ kind: 'enum', value: token.text, text: token.text });
        }
        this.fail(`Unexpected ${describe(token)}.`);
        return { kind: 'missing', start, end: start };
    }

    args() {
        if (!this.skip('(')) return [];
        if (this.is(')')) this.fail(`Expected Name, found ")".`);
        return this.members(')', () => {
            const name = this.name();
            if (name.isMissing) return null;
            return { name, value: this.expect(':') ? this.value() : { kind: 'missing', start: name.end, end: name.end } };
        });
    }

    directives() {
        const found = [];
        while (this.is('@')) {
            const start = this.take().start;
            found.push({ name: this.name(), args: this.args(), start, end: this.lastEnd });
        }
        return found;
    }
}

class Parser extends Cursor {
    document() {
        const definitions = [];
        while (this.token) {
            const definition = this.definition();
            if (definition) definitions.push(definition);
        }
        if (!this.tokens.length) this.fail('Unexpected <EOF>.');
        return { definitions, errors: this.errors };
    }

    definition() {
        const start = this.token.start;
        let description;
        if (this.token.kind === 'string' || this.token.kind === 'block') description = stringValue(this.take());
        if (!this.token) return void this.fail('Unexpected <EOF>.');
        let definition;
        if (this.is('{')) {
            definition = { kind: 'operation', operation: 'query', name: null, variables: [], directives: [], isShort: true };
            definition.selections = this.selections(0);
        } else if (this.isName() && operations.has(this.token.text)) {
            const keyword = this.take();
            definition = { kind: 'operation', operation: keyword.text, keyword, name: this.isName() ? this.name() : null };
            definition.variables = this.variables();
            definition.directives = this.directives();
            definition.selections = this.selections(0);
        } else if (this.is('fragment')) {
            const keyword = this.take();
            if (this.is('on')) this.fail('Unexpected Name "on".');
            definition = { kind: 'fragment', keyword, name: this.name() };
            if (!this.skip('on')) this.fail(`Expected "on", found ${describe(this.token)}.`);
            definition.on = this.name();
            definition.directives = this.directives();
            definition.selections = this.selections(0);
        } else if (this.isName() && typeSystem.has(this.token.text)) {
            definition = { kind: 'typeSystem', keyword: this.take() };
            if (this.isName()) definition.name = this.name();
            this.skipToDefinition();
        } else {
            this.fail(`Unexpected ${describe(this.token)}.`);
            this.take();
            this.skipToDefinition();
            return null;
        }
        return Object.assign(definition, { description, start, end: this.lastEnd });
    }

    /// On to where something begins that stands at the outermost level.
    skipToDefinition() {
        let depth = 0;
        while (this.token) {
            if (this.is('{')) depth++;
            if (this.is('}')) depth = Math.max(0, depth - 1);
            const begins = depth === 0 && this.isName() && (operations.has(this.token.text) || typeSystem.has(this.token.text) || this.token.text === 'fragment');
            if (begins && this.text.lastIndexOf('\n', this.token.start) >= this.token.start - 1) return;
            this.take();
        }
    }

    variables() {
        if (!this.skip('(')) return [];
        return this.members(')', () => {
            const start = this.token.start;
            if (this.token.kind === 'string' || this.token.kind === 'block') this.take();
            if (!this.expect('$')) return null;
            const variable = { name: this.name(), start };
            if (this.expect(':')) variable.type = this.type();
            if (this.skip('=')) variable.default = this.value();
            variable.directives = this.directives();
            return Object.assign(variable, { end: this.lastEnd });
        }, 'Expected "$", found');
    }

    selections(depth) {
        const start = this.token?.start ?? this.text.length;
        if (depth > maximumDepth) {
            this.fail('The document nests too deep.');
            this.position = this.tokens.length;
            return { start, end: start, items: [] };
        }
        if (!this.expect('{')) return { start: this.lastEnd, end: this.lastEnd, items: [], isMissing: true };
        if (this.is('}')) this.fail('Expected Name, found "}".');
        const items = this.members('}', () => this.selection(depth));
        return { start, end: this.lastEnd, items };
    }

    selection(depth) {
        const start = this.token.start;
        const ended = (node) => Object.assign(node, { start, end: this.lastEnd });
        if (this.skip('...')) {
            if (this.isName() && !this.is('on')) return ended({ kind: 'spread', name: this.name(), directives: this.directives() });
            const on = this.skip('on') ? this.name() : null;
            const directives = this.directives();
            return ended({ kind: 'inline', on, directives, selections: this.selections(depth + 1) });
        }
        const first = this.name();
        if (first.isMissing) return null;
        const field = { kind: 'field', alias: null, name: first };
        if (this.skip(':')) Object.assign(field, { alias: first, name: this.name() });
        field.args = this.args();
        field.directives = this.directives();
        field.head = this.lastEnd;
        field.selections = this.is('{') ? this.selections(depth + 1) : null;
        return ended(field);
    }
}
