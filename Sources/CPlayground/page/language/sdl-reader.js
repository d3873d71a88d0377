// A schema from its text, so that two can be compared. Types may be extended.

import { Cursor } from './parser.js';
import { stringValue, tokenize } from './lexer.js';
import { Schema, listOf, named, nonNull } from './schema.js';

const kinds = { scalar: 'SCALAR', type: 'OBJECT', interface: 'INTERFACE', union: 'UNION', enum: 'ENUM', input: 'INPUT_OBJECT' };

/// `{ schema, errors }`.
export function readSchema(text) {
    const reader = new Reader(text, tokenize(text));
    return { schema: reader.schema(), errors: reader.errors };
}

class Reader extends Cursor {
    schema() {
        const schema = new Schema();
        for (const name of ['Int', 'Float', 'String', 'Boolean', 'ID']) schema.types.set(name, empty('SCALAR', name));
        while (this.token) {
            const before = this.position;
            this.one(schema);
            if (this.position === before) this.position++;
        }
        for (const [operation, name] of [['query', 'Query'], ['mutation', 'Mutation'], ['subscription', 'Subscription']]) {
            if (!this.hasSchemaDefinition && schema.types.has(name)) schema.roots[operation] = name;
        }
        for (const type of schema.types.values()) {
            for (const name of type.interfaces) {
                const other = schema.types.get(name);
                if (other && type.kind === 'OBJECT') other.possible.push(type.name);
            }
        }
        return schema;
    }

    description() {
        return this.token?.kind === 'string' || this.token?.kind === 'block' ? stringValue(this.take()) : null;
    }

    one(schema) {
        const description = this.description();
        const isExtension = this.skip('extend');
        if (this.skip('schema')) {
            this.hasSchemaDefinition = true;
            schema.description = description;
            this.directives();
            if (!this.skip('{')) return;
            this.members('}', () => {
                const operation = this.name();
                this.expect(':');
                schema.roots[operation.value] = this.name().value;
            });
            return;
        }
        if (this.skip('directive')) {
            this.expect('@');
            const name = this.name().value;
            const args = this.inputs('(', ')');
            const isRepeatable = this.skip('repeatable');
            if (!this.skip('on')) this.fail('Expected "on".');
            schema.directives.set(name, { name, description, args, isRepeatable, locations: this.names('|') });
            return;
        }
        const kind = this.isName() ? kinds[this.token.text] : undefined;
        if (!kind) return this.fail(`Unexpected "${this.token?.text ?? ''}".`);
        this.take();
        const name = this.name().value;
        const type = (isExtension && schema.types.get(name)) || empty(kind, name);
        if (!isExtension) type.description = description;
        schema.types.set(name, type);
        if (this.skip('implements')) type.interfaces.push(...this.names('&'));
        for (const directive of this.directives()) {
            if (directive.name.value === 'oneOf') type.isOneOf = true;
            if (directive.name.value === 'specifiedBy') type.specifiedBy = directive.args[0]?.value.value;
        }
        if (kind === 'UNION') { if (this.skip('=')) type.possible.push(...this.names('|')); }
        else if (kind === 'ENUM') this.values(type);
        else if (kind === 'INPUT_OBJECT') for (const [key, input] of this.inputs('{', '}')) type.inputs.set(key, input);
        else if (kind !== 'SCALAR') this.fields(type);
    }

    names(separator) {
        const found = [];
        this.skip(separator);
        do { found.push(this.name().value); } while (this.skip(separator));
        return found;
    }

    values(type) {
        if (!this.skip('{')) return;
        this.members('}', () => {
            const description = this.description();
            const { value: name } = this.name();
            if (name) type.values.set(name, { name, description, ...this.deprecated() });
        });
    }

    fields(type) {
        if (!this.skip('{')) return;
        this.members('}', () => {
            const description = this.description();
            const { value: name } = this.name();
            const args = this.inputs('(', ')');
            this.expect(':');
            const ref = reference(this.type());
            if (name) type.fields.set(name, { name, description, args, type: ref, ...this.deprecated() });
        });
    }

    inputs(open, close) {
        const found = new Map();
        if (!this.skip(open)) return found;
        this.members(close, () => {
            const description = this.description();
            const { value: name } = this.name();
            this.expect(':');
            const ref = reference(this.type());
            let defaultValue = null;
            if (this.skip('=')) {
                const value = this.value();
                defaultValue = this.text.slice(value.start, value.end).replace(/\s+/g, ' ');
            }
            if (name) found.set(name, { name, description, type: ref, defaultValue, ...this.deprecated() });
        });
        return found;
    }

    deprecated() {
        const directive = this.directives().find((other) => other.name.value === 'deprecated');
        return { isDeprecated: Boolean(directive), deprecationReason: directive ? directive.args[0]?.value.value ?? 'No longer supported' : null };
    }
}

function empty(kind, name) {
    return { kind, name, description: null, fields: new Map(), inputs: new Map(), values: new Map(), interfaces: [], possible: [], isOneOf: false };
}

function reference(type) {
    if (type.kind === 'nonnull') return nonNull(reference(type.of));
    return type.kind === 'list' ? listOf(reference(type.of)) : named(type.name.value, 'NAMED');
}
