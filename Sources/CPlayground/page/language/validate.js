// The rules that a document must obey, with the server's messages: https://spec.graphql.org/September2025/#sec-Validation
//
// The server has the last word; this says it while one types. Rules about values are in values.js.

import { isComposite, isInput, isRequired, namedType, typeText } from './schema.js';
import { didYouMean, suggest } from './suggest.js';
import { checkValue, variableFits } from './values.js';

/// `{ problems, marks }`: what is wrong, in the order of the text, and what the names in the document stand for.
export function validate(document, schema) {
    const walk = new Walk(document, schema);
    if (schema) walk.document();
    const problems = document.errors.length ? document.errors.slice(0, 1) : walk.problems;
    return { problems: problems.sort((a, b) => a.start - b.start), marks: walk.marks };
}

class Walk {
    constructor(document, schema) {
        this.schema = schema;
        this.definitions = document.definitions;
        this.problems = [];
        this.marks = [];
        this.fragments = new Map();
        for (const definition of this.definitions) {
            if (definition.kind === 'fragment' && !this.fragments.has(definition.name.value)) this.fragments.set(definition.name.value, definition);
        }
    }

    add(node, message, severity = 'error') {
        this.problems.push({ start: node.start, end: Math.max(node.end, node.start + 1), message, severity });
    }

    mark(name, kind, info) {
        this.marks.push({ start: name.start, end: name.end, kind, ...info });
    }

    document() {
        const operations = this.definitions.filter((definition) => definition.kind === 'operation');
        this.unique(operations.map((operation) => operation.name).filter(Boolean), (name) => `There can be only one operation named "${name}".`);
        this.unique(this.definitions.filter((d) => d.kind === 'fragment').map((d) => d.name), (name) => `There can be only one fragment named "${name}".`);
        for (const operation of operations) {
            if (!operation.name && operations.length > 1) this.add(head(operation), 'This anonymous operation must be the only defined operation.');
        }
        for (const definition of this.definitions) {
            if (definition.kind === 'operation') this.operation(definition);
            else if (definition.kind === 'fragment') this.fragment(definition);
            else this.add(definition, `The ${definition.keyword.text === 'schema' ? 'schema' : `"${definition.name?.value ?? ''}"`} definition is not executable.`);
        }
        this.useOfFragments(operations);
    }

    unique(names, message) {
        const seen = new Set();
        for (const name of names) {
            if (seen.has(name.value)) this.add(name, message(name.value));
            seen.add(name.value);
        }
    }

    operation(operation) {
        const root = this.schema.root(operation.operation);
        this.directives(operation.directives, operation.operation.toUpperCase());
        this.uses = [];
        if (!root) {
            this.add(head(operation), `The ${operation.operation} operation is not supported by the schema.`);
            return;
        }
        if (operation.operation === 'subscription') this.singleField(operation);
        this.unique(operation.variables.map((variable) => variable.name), (name) => `There can be only one variable named "$${name}".`);
        for (const variable of operation.variables) this.variable(variable);
        this.selections(operation.selections, root);
        this.useOfVariables(operation);
    }

    fragment(fragment) {
        this.uses = [];
        fragment.uses = this.uses;
        this.directives(fragment.directives, 'FRAGMENT_DEFINITION');
        const type = this.namedType(fragment.on);
        if (type && !isComposite(type)) {
            this.add(fragment.on, `Fragment "${fragment.name.value}" cannot condition on non composite type "${type.name}".`);
            return;
        }
        this.selections(fragment.selections, type);
    }

    namedType(name) {
        if (name.isMissing) return undefined;
        const type = this.schema.types.get(name.value);
        if (type) this.mark(name, 'type', { type });
        else this.add(name, `Unknown type "${name.value}".${didYouMean(suggest(name.value, this.schema.types.keys()))}`);
        return type;
    }

    variable(variable) {
        this.directives(variable.directives, 'VARIABLE_DEFINITION');
        if (!variable.type) return;
        let inner = variable.type;
        while (inner.of) inner = inner.of;
        const type = this.namedType(inner.name);
        if (type && !isInput(type)) {
            this.add(variable.type, `Variable "$${variable.name.value}" cannot be non-input type "${writtenType(variable.type)}".`);
        } else if (type && variable.default) {
            checkValue(this, variable.default, reference(variable.type, this.schema));
        }
    }

    singleField(operation) {
        const fields = operation.selections.items.filter((item) => item.kind === 'field');
        const keys = new Set(fields.map((field) => (field.alias ?? field.name).value));
        const name = operation.name ? `Subscription "${operation.name.value}"` : 'Anonymous Subscription';
        if (keys.size > 1) this.add(fields[1], `${name} must select only one top level field.`);
        for (const field of fields) {
            if (field.name.value.startsWith('__')) this.add(field, `${name} must not select an introspection top level field.`);
        }
    }

    selections(selections, type) {
        if (!selections) return;
        this.conflicts(selections, type);
        for (const item of selections.items) {
            if (item.kind === 'field') this.field(item, type);
            else if (item.kind === 'spread') this.spread(item, type);
            else this.inline(item, type);
        }
    }

    field(node, parent) {
        this.directives(node.directives, 'FIELD');
        const field = parent && this.schema.field(parent, node.name.value);
        if (!parent) return this.untyped(node);
        if (!field) {
            this.add(node.name, `Cannot query field "${node.name.value}" on type "${parent.name}".${this.otherField(node.name.value, parent)}`);
            return this.untyped(node);
        }
        this.mark(node.name, 'field', { field, parent });
        if (field.isDeprecated) this.add(node.name, `The field ${parent.name}.${field.name} is deprecated. ${field.deprecationReason ?? ''}`, 'warning');
        this.args(node, field.args, `${parent.name}.${field.name}`, node.name, 'field', `Field "${field.name}"`);
        const type = this.schema.type(field.type);
        if (!isComposite(type)) {
            if (node.selections) this.add(node.selections, `Field "${field.name}" must not have a selection since type "${typeText(field.type)}" has no subfields.`);
        } else if (!node.selections) {
            this.add(node.name, `Field "${field.name}" of type "${typeText(field.type)}" must have a selection of subfields. Did you mean "${field.name} { ... }"?`);
        } else this.selections(node.selections, type);
    }

    /// Below what is not known, nothing can be said but of variables.
    untyped(node) {
        for (const argument of node.args ?? []) checkValue(this, argument.value, null);
        this.selections(node.selections, undefined);
    }

    otherField(name, parent) {
        const having = this.schema.possible(parent).map((other) => this.schema.types.get(other)).filter((type) => type?.fields.has(name));
        if (parent.kind !== 'OBJECT' && having.length) {
            return ` Did you mean to use an inline fragment on ${didYouMean(having.slice(0, 5).map((type) => type.name)).slice(14, -1)}?`;
        }
        return didYouMean(suggest(name, parent.fields.keys()));
    }

    args(node, known, owner, at, kind, words) {
        this.unique(node.args.map((argument) => argument.name), (name) => `There can be only one argument named "${name}".`);
        for (const argument of node.args) {
            const input = known.get(argument.name.value);
            if (input) {
                this.mark(argument.name, 'argument', { input, owner });
                if (input.isDeprecated) this.add(argument.name, `The argument ${owner}(${input.name}:) is deprecated. ${input.deprecationReason ?? ''}`, 'warning');
                checkValue(this, argument.value, input.type, input);
            } else {
                this.add(argument.name, `Unknown argument "${argument.name.value}" on ${kind} "${owner}".${didYouMean(suggest(argument.name.value, known.keys()))}`);
                checkValue(this, argument.value, null);
            }
        }
        const given = new Set(node.args.map((argument) => argument.name.value));
        for (const input of known.values()) {
            if (isRequired(input) && !given.has(input.name)) {
                this.add(at, `${words} argument "${input.name}" of type "${typeText(input.type)}" is required, but it was not provided.`);
            }
        }
    }

    directives(directives, location) {
        const seen = new Set();
        for (const node of directives) {
            const directive = this.schema.directives.get(node.name.value);
            if (!directive) {
                if (!node.name.isMissing) this.add(node.name, `Unknown directive "@${node.name.value}".`);
                for (const argument of node.args) checkValue(this, argument.value, null);
                continue;
            }
            this.mark(node.name, 'directive', { directive });
            if (!directive.locations.includes(location)) this.add(node, `Directive "@${directive.name}" may not be used on ${location}.`);
            if (seen.has(directive.name) && !directive.isRepeatable) this.add(node, `The directive "@${directive.name}" can only be used once at this location.`);
            seen.add(directive.name);
            this.args(node, directive.args, `@${directive.name}`, node.name, 'directive', `Directive "@${directive.name}"`);
        }
    }

    spread(node, parent) {
        this.directives(node.directives, 'FRAGMENT_SPREAD');
        const fragment = this.fragments.get(node.name.value);
        if (!fragment) return void this.add(node.name, `Unknown fragment "${node.name.value}".`);
        this.mark(node.name, 'fragment', { fragment });
        const type = this.schema.types.get(fragment.on.value);
        if (isComposite(type) && isComposite(parent) && !this.schema.overlaps(parent, type)) {
            this.add(node, `Fragment "${node.name.value}" cannot be spread here as objects of type "${parent.name}" can never be of type "${type.name}".`);
        }
    }

    inline(node, parent) {
        this.directives(node.directives, 'INLINE_FRAGMENT');
        const type = node.on ? this.namedType(node.on) : parent;
        if (node.on && type && !isComposite(type)) {
            return void this.add(node.on, `Fragment cannot condition on non composite type "${type.name}".`);
        }
        if (type && parent && isComposite(parent) && !this.schema.overlaps(parent, type)) {
            this.add(node, `Fragment cannot be spread here as objects of type "${parent.name}" can never be of type "${type.name}".`);
        }
        this.selections(node.selections, type);
    }

    /// Fields with one key, as far as a single selection goes.
    conflicts(selections, type) {
        const seen = new Map();
        for (const item of selections.items) {
            if (item.kind !== 'field') continue;
            const key = (item.alias ?? item.name).value;
            const other = seen.get(key);
            if (!other) { seen.set(key, item); continue; }
            const both = `Fields "${key}" conflict because`;
            const advice = 'Use different aliases on the fields to fetch both if this was intentional.';
            if (other.name.value !== item.name.value) {
                this.add(item.name, `${both} "${other.name.value}" and "${item.name.value}" are different fields. ${advice}`);
            } else if (written(other.args) !== written(item.args)) {
                this.add(item.name, `${both} they have differing arguments. ${advice}`);
            }
        }
    }

    useOfVariables(operation) {
        const label = operation.name ? ` by operation "${operation.name.value}"` : '';
        const within = operation.name ? ` in operation "${operation.name.value}"` : '';
        const known = new Map(operation.variables.map((variable) => [variable.name.value, variable]));
        const used = new Set();
        const visit = (uses) => {
            for (const use of uses) {
                const name = use.node.name.value;
                used.add(name);
                const variable = known.get(name);
                if (!variable) this.add(use.node, `Variable "$${name}" is not defined${label}.`);
                else if (variable.type) {
                    if (!use.isMarked) this.mark(use.node, 'variable', { variable, text: writtenType(variable.type) });
                    use.isMarked = true;
                    const problem = variableFits(variable, use, this.schema);
                    if (problem) this.add(use.node, problem);
                }
            }
        };
        operation.pending = () => {
            visit(operation.uses);
            for (const fragment of this.reached(operation)) visit(fragment.uses ?? []);
            for (const [name, variable] of known) {
                if (name && !used.has(name)) this.add(variable, `Variable "$${name}" is never used${within}.`);
            }
        };
        operation.uses = this.uses;
    }

    /// The fragments that a definition spreads, and those that they spread.
    reached(definition) {
        const found = new Set();
        const open = [definition.selections];
        while (open.length) {
            for (const item of open.pop()?.items ?? []) {
                if (item.kind !== 'spread') { open.push(item.selections); continue; }
                const fragment = this.fragments.get(item.name.value);
                if (fragment && !found.has(fragment)) {
                    found.add(fragment);
                    open.push(fragment.selections);
                }
            }
        }
        return found;
    }

    /// Each circle of fragments once, at the spread that closes it.
    cycles() {
        const seen = new Set();
        const path = [], depths = new Map();
        const visit = (fragment) => {
            const name = fragment.name.value;
            if (seen.has(name)) return;
            seen.add(name);
            depths.set(name, path.length);
            for (const spread of spreads(fragment.selections)) {
                const depth = depths.get(spread.name.value);
                path.push(spread);
                if (depth === undefined) {
                    const next = this.fragments.get(spread.name.value);
                    if (next) visit(next);
                } else {
                    const via = path.slice(depth, -1).map((other) => `"${other.name.value}"`).join(', ');
                    this.add(path[depth], `Cannot spread fragment "${spread.name.value}" within itself${via ? ` via ${via}` : ''}.`);
                }
                path.pop();
            }
            depths.delete(name);
        };
        for (const fragment of this.fragments.values()) visit(fragment);
    }

    useOfFragments(operations) {
        const used = new Set();
        for (const operation of operations) {
            operation.pending?.();
            for (const fragment of this.reached(operation)) used.add(fragment);
        }
        this.cycles();
        for (const fragment of this.fragments.values()) {
            if (!used.has(fragment) && !fragment.name.isMissing) this.add(fragment.name, `Fragment "${fragment.name.value}" is never used.`);
        }
    }
}

function* spreads(selections) {
    for (const item of selections?.items ?? []) {
        if (item.kind === 'spread') yield item;
        else yield* spreads(item.selections);
    }
}

/// The words an operation begins with.
function head(operation) {
    return { start: operation.start, end: operation.name?.end ?? operation.keyword?.end ?? operation.start + 1 };
}

export function writtenType(type) {
    if (type.kind === 'nonnull') return `${writtenType(type.of)}!`;
    return type.kind === 'list' ? `[${writtenType(type.of)}]` : type.name.value;
}

/// A type as the document writes it, as one of the schema.
export function reference(type, schema) {
    if (type.kind === 'nonnull') return { kind: 'NON_NULL', ofType: reference(type.of, schema) };
    if (type.kind === 'list') return { kind: 'LIST', ofType: reference(type.of, schema) };
    return { kind: schema.types.get(type.name.value)?.kind ?? 'SCALAR', name: type.name.value, ofType: null };
}

const written = (args) => args.map((argument) => `${argument.name.value}:${plain(argument.value)}`).sort().join();

function plain(value) {
    if (value.kind === 'list') return `[${value.items.map(plain)}]`;
    if (value.kind === 'object') return `{${value.fields.map((field) => `${field.name.value}:${plain(field.value)}`).sort()}}`;
    return value.kind === 'variable' ? `$${value.name.value}` : `${value.text}`;
}
