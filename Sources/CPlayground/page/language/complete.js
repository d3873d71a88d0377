// What can be written at a place: names of the schema and of the document, the likeliest first.

import { contextAt } from './context.js';
import { tokenize } from './lexer.js';
import { isComposite, isInput, isRequired, namedType, nullable, typeText } from './schema.js';

/// `{ from, to, items }`: the word to replace, and items `{ label, detail, doc, insert, kind, caret, isDeprecated }`.
/// - definitions: of the whole document, as far as they could be read.
export function complete(text, offset, schema, definitions) {
    const tokens = tokenize(text.slice(0, offset));
    let from = offset;
    const last = tokens.at(-1);
    if (last && (last.kind === 'comment' || last.kind === 'string' || last.kind === 'block')) {
        const isOpen = last.kind === 'comment' ? last.end === offset : !/^("""[^]+"""|"(?:\\.|[^"\\])*")$/.test(last.text);
        if (isOpen) return { from, to: offset, items: [] };
    }
    if (last?.kind === 'name' && last.end === offset) {
        from = last.start;
        tokens.pop();
    }
    const to = offset + text.slice(offset).match(/^[_0-9A-Za-z]*/)[0].length;
    const word = text.slice(from, offset);
    const items = rank(candidates(contextAt(schema, tokens), schema, definitions, text, to), word);
    return { from, to, items };
}

function candidates(context, schema, definitions, text, to) {
    const follows = text.slice(to).match(/^\s*([({:])/)?.[1];
    switch (context.kind) {
        case 'definition': return keywords(schema);
        case 'selection': return fields(context.type, schema, follows);
        case 'fragmentSpread': return spreads(context.type, schema, definitions.filter((definition) => definition.kind === 'fragment'));
        case 'fragmentType': return types(schema, (type) => isComposite(type) && (!context.type || schema.overlaps(context.type, type)));
        case 'variableType': return types(schema, isInput);
        case 'argument': return inputs(context.args, context.given, follows);
        case 'objectField': return inputs(context.type?.inputs ?? new Map(), context.given, follows);
        case 'value': return values(context, schema, definitions);
        case 'variable': return variables(context, definitions).map((item) => ({ ...item, insert: item.label.slice(1), label: item.label.slice(1) }));
        case 'directive': return directives(schema, context.location);
        default: return [];
    }
}

function keywords(schema) {
    const words = ['query', 'mutation', 'subscription'].filter((word) => !schema || schema.root(word));
    return [...words, 'fragment'].map((label) => ({
        label, kind: 'keyword', detail: '', insert: label === 'fragment' ? 'fragment ' : `${label} `,
    }));
}

function fields(type, schema, follows) {
    if (!type) return [];
    const own = [...type.fields.values()];
    const meta = ['__typename', '__schema', '__type'].map((name) => schema.field(type, name)).filter(Boolean);
    const found = [...own, ...meta].map((field) => ({
        label: field.name,
        kind: 'field',
        detail: typeText(field.type),
        doc: field.description,
        isDeprecated: field.isDeprecated,
        reason: field.deprecationReason,
        ...inserted(field, schema, follows),
    }));
    found.push({ label: '...', kind: 'keyword', detail: 'fragment', insert: '... ' });
    return found;
}

/// A field with the arguments that it needs and braces, and where the caret goes: `‸`.
function inserted(field, schema, follows) {
    if (follows === '(' || follows === '{' || follows === ':') return { insert: field.name };
    const needed = [...field.args.values()].filter(isRequired);
    let text = field.name;
    let hasCaret = false;
    if (needed.length) {
        text += `(${needed.map((input, number) => `${input.name}: ${number === 0 ? '‸' : ''}`).join(', ')})`;
        hasCaret = true;
    }
    if (isComposite(schema.type(field.type))) text += hasCaret ? ' {\n  \n}' : ' {\n  ‸\n}';
    const caret = text.indexOf('‸');
    return { insert: text.replace('‸', ''), caret: caret < 0 ? undefined : caret };
}

function spreads(type, schema, fragments) {
    const found = [{ label: 'on', kind: 'keyword', detail: 'inline fragment', insert: 'on ' }];
    for (const fragment of fragments) {
        const on = schema?.types.get(fragment.on.value);
        if (fragment.name.value && (!type || !isComposite(on) || schema.overlaps(type, on))) {
            found.push({ label: fragment.name.value, kind: 'fragment', detail: `on ${fragment.on.value}` });
        }
    }
    return found;
}

function types(schema, isWanted) {
    return [...(schema?.types.values() ?? [])].filter((type) => isWanted(type) && !type.name.startsWith('__')).map((type) => ({
        label: type.name, kind: 'type', detail: type.kind.toLowerCase().replace('_', ' '), doc: type.description,
    }));
}

function inputs(known, given, follows) {
    return [...known.values()].filter((input) => !given.includes(input.name)).map((input) => ({
        label: input.name,
        kind: 'argument',
        detail: typeText(input.type) + (input.defaultValue == null ? '' : ` = ${input.defaultValue}`),
        doc: input.description,
        isDeprecated: input.isDeprecated,
        boost: isRequired(input) ? 1 : 0,
        insert: follows === ':' ? input.name : `${input.name}: `,
    }));
}

function values(context, schema, definitions) {
    const type = schema?.types.get(namedType(context.ref));
    const found = [];
    if (type?.kind === 'ENUM') {
        for (const value of type.values.values()) {
            found.push({ label: value.name, kind: 'enum', detail: type.name, doc: value.description, isDeprecated: value.isDeprecated });
        }
    }
    if (type?.name === 'Boolean') found.push({ label: 'true', kind: 'keyword', detail: '' }, { label: 'false', kind: 'keyword', detail: '' });
    if (type?.kind === 'INPUT_OBJECT' && nullable(context.ref).kind !== 'LIST') {
        found.push({ label: '{', kind: 'keyword', detail: type.name, insert: '{  }', caret: 2 });
    }
    return [...found, ...variables(context, definitions)];
}

/// Variables of the operation; those of all operations in a fragment, which may be spread anywhere.
function variables(context, definitions) {
    const wanted = namedType(context.ref);
    const own = context.definition.isFragment ? [...new Map(definitions.flatMap(declared).map((variable) => [`${variable.name} ${variable.type}`, variable])).values()] : context.definition.variables;
    return own
        .filter((variable) => !wanted || variable.type === wanted)
        .map((variable) => ({ label: `$${variable.name}`, kind: 'variable', detail: variable.type }));
}

function declared(definition) {
    return (definition.variables ?? []).filter((variable) => variable.type && variable.name.value).map((variable) => {
        let { type } = variable;
        while (type.of) type = type.of;
        return { name: variable.name.value, type: type.name.value };
    });
}

function directives(schema, location) {
    return [...(schema?.directives.values() ?? [])].filter((directive) => directive.locations.includes(location)).map((directive) => {
        const needed = [...directive.args.values()].filter(isRequired);
        const insert = needed.length ? `${directive.name}(${needed[0].name}: )` : directive.name;
        return { label: directive.name, kind: 'directive', detail: '', doc: directive.description, insert, caret: needed.length ? insert.length - 1 : undefined };
    });
}

/// Those that hold the letters of the word in order: from the start first, then at the begin of a word, then anywhere.
export function rank(items, word) {
    if (!word) return items.map((item) => ({ ...item, hits: [] }));
    const scored = [];
    for (const item of items) {
        const found = match(item.label, word);
        if (found) scored.push({ ...item, hits: found.hits, score: found.score + (item.isDeprecated ? 50 : 0) - (item.boost ?? 0) });
    }
    return scored.sort((a, b) => a.score - b.score || a.label.length - b.label.length);
}

export function match(label, word) {
    const low = label.toLowerCase(), wanted = word.toLowerCase();
    const at = low.indexOf(wanted);
    const run = (from) => Array.from(wanted, (_, i) => from + i);
    if (at === 0) return { score: label.startsWith(word) ? 0 : 1, hits: run(0) };
    if (at > 0) return { score: /[A-Z]/.test(label[at]) || label[at - 1] === '_' ? 10 : 20 + at / 100, hits: run(at) };
    const hits = [];
    let from = 0;
    for (const letter of wanted) {
        const next = low.indexOf(letter, from);
        if (next < 0) return null;
        hits.push(next);
        from = next + 1;
    }
    return { score: 30 + (hits.at(-1) - hits[0]), hits };
}

