// JSON with comments and trailing commas, as people write variables; and what is wrong with it, where.

import { colourJSON } from '../editor/colours.js';
import { exact } from './exact.js';
import { isNonNull, isRequired, nullable, typeText } from './schema.js';
import { didYouMean, suggest } from './suggest.js';

/// `{ node, problems }`. Nodes are `{ kind, start, end, value | items | members }`.
export function parseJSON(text) {
    const tokens = colourJSON(text).filter((token) => token.type !== 'comment');
    const problems = [];
    let position = 0;
    const fail = (message, token = tokens[position]) => {
        problems.push({ start: token?.start ?? Math.max(0, text.length - 1), end: token?.end ?? text.length, message, severity: 'error' });
    };
    const is = (mark) => tokens[position]?.text === mark;

    function value(depth) {
        const token = tokens[position];
        if (!token) return fail('A value is missing.'), null;
        if (depth > 100) return fail('The text nests too deep.'), null;
        position++;
        if (token.text === '{') return object(token, depth);
        if (token.text === '[') return list(token, depth);
        try {
            const parsed = JSON.parse(token.text);
            return { kind: parsed === null ? 'null' : typeof parsed, value: parsed, text: token.text, start: token.start, end: token.end };
        } catch {
            fail(`This is no JSON value: ${token.text}`, token);
            return null;
        }
    }

    function object(open, depth) {
        const members = [];
        while (tokens[position] && !is('}')) {
            const key = tokens[position];
            if (key.type !== 'key' && key.type !== 'string') { fail('A name in quotes is missing.'); break; }
            position++;
            let name;
            try { name = JSON.parse(key.text); } catch { fail('The name is no string.', key); name = ''; }
            if (!is(':')) { fail('A colon is missing.', tokens[position] ?? key); break; }
            position++;
            members.push({ name, key, value: value(depth + 1) });
            if (is(',')) position++;
            else if (!is('}')) { fail('A comma or a closing brace is missing.'); break; }
        }
        const close = tokens[position];
        if (is('}')) position++;
        return { kind: 'object', members, start: open.start, end: close?.end ?? text.length };
    }

    function list(open, depth) {
        const items = [];
        while (tokens[position] && !is(']')) {
            items.push(value(depth + 1));
            if (is(',')) position++;
            else if (!is(']')) { fail('A comma or a closing bracket is missing.'); break; }
        }
        const close = tokens[position];
        if (is(']')) position++;
        return { kind: 'list', items, start: open.start, end: close?.end ?? text.length };
    }

    if (!tokens.length) return { node: null, problems };
    const node = value(0);
    if (!problems.length && position < tokens.length) fail('There is something behind the value.');
    return { node, problems };
}

/// The value of a node, for requests.
export function plainValue(node) {
    if (!node) return null;
    if (node.kind === 'object') return Object.fromEntries(node.members.map(({ name, value }) => [name, plainValue(value)]));
    return node.kind === 'list' ? node.items.map(plainValue) : exact(node.text, node.value);
}

/// Holds variables against the types that the operation gives them.
export function checkVariables(node, variables, schema) {
    const problems = [];
    const add = (at, message, severity = 'error') => problems.push({ start: at.start, end: at.end, message, severity });
    if (node && node.kind !== 'object') add(node, 'Variables are an object.');
    if (node?.kind !== 'object') return problems;
    for (const { name, key, value } of node.members) {
        const variable = variables.find((other) => other.name === name);
        if (!variable) add(key, `The operation has no variable "$${name}".${didYouMean(suggest(name, variables.map((other) => `${other.name}`)))}`, 'warning');
        else if (value) check(value, variable.ref, schema, add);
    }
    for (const variable of variables) {
        const isGiven = node.members.some((member) => member.name === variable.name);
        if (isNonNull(variable.ref) && !variable.hasDefault && !isGiven) {
            add({ start: node.start, end: node.start + 1 }, `Variable "$${variable.name}" of required type "${typeText(variable.ref)}" was not provided.`);
        }
    }
    return problems;
}

function check(node, ref, schema, add) {
    if (!node) return;
    if (node.kind === 'null') return void (isNonNull(ref) && add(node, `Expected value of non-null type "${typeText(ref)}" not to be null.`));
    const type = nullable(ref);
    if (type.kind === 'LIST') {
        if (node.kind === 'list') node.items.forEach((item) => check(item, type.ofType, schema, add));
        else check(node, type.ofType, schema, add);
        return;
    }
    const named = schema.types.get(type.name);
    if (named?.kind === 'INPUT_OBJECT') {
        if (node.kind !== 'object') return add(node, `Expected value of type "${named.name}" to be an object.`);
        for (const { name, key, value } of node.members) {
            const input = named.inputs.get(name);
            if (input) check(value, input.type, schema, add);
            else add(key, `Expected value of type "${named.name}" not to include unknown field "${name}".${didYouMean(suggest(name, named.inputs.keys()))}`);
        }
        for (const input of named.inputs.values()) {
            if (isRequired(input) && !node.members.some((member) => member.name === input.name)) {
                add({ start: node.start, end: node.start + 1 }, `Field "${named.name}.${input.name}" of required type "${typeText(input.type)}" was not provided.`);
            }
        }
        if (named.isOneOf && node.members.length !== 1) add(node, `OneOf Input Object "${named.name}" must specify exactly one key.`);
    } else if (named?.kind === 'ENUM') {
        if (!named.values.has(node.value)) add(node, `Value ${JSON.stringify(node.value)} does not exist in "${named.name}" enum.${didYouMean(suggest(String(node.value), named.values.keys()))}`);
    } else if (!fitsScalar(node, named?.name)) {
        add(node, `${named.name} cannot represent this value.`);
    }
}

function fitsScalar(node, name) {
    switch (name) {
        case 'Int': return Number.isInteger(node.value) && Math.abs(node.value) <= 2147483648;
        case 'Float': return node.kind === 'number';
        case 'String': return node.kind === 'string';
        case 'Boolean': return node.kind === 'boolean';
        case 'ID': return node.kind === 'string' || Number.isInteger(node.value);
        default: return true;
    }
}

/// Names and values that fit at a place of the variables: `{ from, to, items }`.
export function completeVariables(text, offset, variables, schema) {
    const tokens = colourJSON(text.slice(0, offset)).filter((token) => token.type !== 'comment');
    const last = tokens.at(-1);
    let from = offset;
    if (last && last.end === offset && (last.type === 'string' || last.type === 'constant' || last.type === 'bad' || last.type === 'key')) {
        let begin = tokens.length - 1;
        while (begin > 0 && tokens[begin].type === 'bad' && tokens[begin - 1].type === 'bad' && tokens[begin - 1].end === tokens[begin].start) begin--;
        from = tokens[begin].start;
        tokens.length = begin;
    }
    const stack = [];
    let key = null;
    for (const token of tokens) {
        if (token.text === '{' || token.text === '[') { stack.push({ open: token.text, given: [], ref: expected(stack, key, variables, schema) }); key = null; }
        else if (token.text === '}' || token.text === ']') { stack.pop(); key = null; }
        else if (token.type === 'key') { key = safeName(token.text); stack.at(-1)?.given?.push(key); }
        else if (token.text === ',') key = null;
    }
    const frame = stack.at(-1);
    const end = text.slice(offset).match(/^[^\s,:{}[\]]*/)[0];
    const to = offset + (from < offset || /^\w*"/.test(end) && text[from] === '"' ? end.length : 0);
    const word = text.slice(from, offset).replaceAll('"', '');
    if (!frame) return { from, to, word, items: text.trim() ? [] : [{ label: '{', kind: 'keyword', detail: 'variables', insert: '{\n  \n}', caret: 4 }] };
    if (frame.open === '{' && key === null) {
        const known = stack.length === 1 ? variables : [...(schema?.type(frame.ref)?.inputs.values() ?? [])].map((input) => ({ name: input.name, ref: input.type, doc: input.description }));
        const isFollowed = /^\s*:/.test(text.slice(to));
        return { from, to, word, items: known.filter(({ name }) => !frame.given.includes(name)).map(({ name, ref, doc }) => ({
            label: name, kind: 'key', detail: typeText(ref), doc, insert: isFollowed ? `"${name}"` : `"${name}": `,
        })) };
    }
    return { from, to, word, items: valueItems(schema?.type(expected(stack, key, variables, schema))) };
}

function expected(stack, key, variables, schema) {
    const frame = stack.at(-1);
    if (!frame) return null;
    if (frame.open === '[') return nullable(frame.ref)?.kind === 'LIST' ? nullable(frame.ref).ofType : frame.ref;
    if (stack.length === 1) return variables.find((variable) => variable.name === key)?.ref ?? null;
    return schema?.type(frame.ref)?.inputs.get(key)?.type ?? null;
}

function valueItems(type) {
    if (!type) return [];
    if (type.kind === 'ENUM') return [...type.values.values()].map((value) => ({ label: value.name, kind: 'enum', detail: type.name, doc: value.description, insert: `"${value.name}"` }));
    if (type.name === 'Boolean') return ['true', 'false'].map((label) => ({ label, kind: 'keyword', detail: '' }));
    return type.kind === 'INPUT_OBJECT' ? [{ label: '{', kind: 'keyword', detail: type.name, insert: '{  }', caret: 2 }] : [];
}

function safeName(text) {
    try { return JSON.parse(text); } catch { return ''; }
}
