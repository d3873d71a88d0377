// What became of a schema, and whether clients mind: `{ severity: 'breaking' | 'dangerous' | 'safe', place, text }`.

import { isNonNull, isRequired, typeText } from './schema.js';

const order = { breaking: 0, dangerous: 1, safe: 2 };

export function compareSchemas(before, after) {
    const changes = [];
    const add = (severity, place, text) => changes.push({ severity, place, text });
    const own = (schema) => new Map([...schema.types].filter(([name]) => !name.startsWith('__') && !builtInScalars.has(name)));
    each(own(before), own(after), {
        gone: (type) => add('breaking', type.name, `${word(type)} was removed`),
        came: (type) => add('safe', type.name, `${word(type)} was added`),
        both: (one, other) => compareTypes(one, other, add),
    });
    each(before.directives, after.directives, {
        gone: (directive) => { if (!isBuiltIn(directive.name)) add('breaking', `@${directive.name}`, 'directive was removed'); },
        came: (directive) => { if (!isBuiltIn(directive.name)) add('safe', `@${directive.name}`, 'directive was added'); },
        both: (one, other) => {
            for (const place of one.locations) if (!other.locations.includes(place)) add('breaking', `@${one.name}`, `may no longer be used on ${place}`);
            compareInputs(one.args, other.args, `@${one.name}`, add, (input) => `(${input.name}:)`);
        },
    });
    for (const operation of ['query', 'mutation', 'subscription']) {
        const [one, other] = [before.roots[operation], after.roots[operation]];
        if (one && one !== other) add('breaking', 'schema', other ? `the ${operation} type is ${other} in place of ${one}` : `there is no ${operation} type any more`);
    }
    return changes.sort((a, b) => order[a.severity] - order[b.severity] || (a.place < b.place ? -1 : a.place > b.place ? 1 : 0));
}

const builtInScalars = new Set(['Int', 'Float', 'String', 'Boolean', 'ID']);
const isBuiltIn = (name) => ['skip', 'include', 'deprecated', 'specifiedBy', 'oneOf'].includes(name);
const word = (type) => ({ OBJECT: 'type', INPUT_OBJECT: 'input' })[type.kind] ?? type.kind.toLowerCase();

function each(before, after, { gone, came, both }) {
    for (const [name, one] of before) {
        if (after.has(name)) both(one, after.get(name)); else gone(one);
    }
    for (const [name, other] of after) if (!before.has(name)) came(other);
}

function compareTypes(one, other, add) {
    const place = one.name;
    if (one.kind !== other.kind) return add('breaking', place, `was ${word(one)} and is ${word(other)}`);
    each(one.fields, other.fields, {
        gone: (field) => add('breaking', `${place}.${field.name}`, 'field was removed'),
        came: (field) => add('safe', `${place}.${field.name}`, 'field was added'),
        both: (a, b) => {
            const at = `${place}.${a.name}`;
            if (typeText(a.type) !== typeText(b.type)) add(isNarrower(b.type, a.type) ? 'safe' : 'breaking', at, `is ${typeText(b.type)} in place of ${typeText(a.type)}`);
            deprecation(a, b, at, add);
            compareInputs(a.args, b.args, at, add, (input) => `(${input.name}:)`);
        },
    });
    compareInputs(one.inputs, other.inputs, place, add, (input) => `.${input.name}`);
    each(one.values, other.values, {
        gone: (value) => add('breaking', `${place}.${value.name}`, 'value was removed'),
        came: (value) => add('dangerous', `${place}.${value.name}`, 'value was added: clients may not know it'),
        both: (a, b) => deprecation(a, b, `${place}.${a.name}`, add),
    });
    if (one.kind === 'UNION') {
        for (const name of one.possible) if (!other.possible.includes(name)) add('breaking', place, `${name} is no longer a member`);
        for (const name of other.possible) if (!one.possible.includes(name)) add('dangerous', place, `${name} is a new member: clients may not know it`);
    }
    for (const name of one.interfaces) if (!other.interfaces.includes(name)) add('breaking', place, `no longer implements ${name}`);
    for (const name of other.interfaces) if (!one.interfaces.includes(name)) add('dangerous', place, `implements ${name} now`);
    if (one.isOneOf !== other.isOneOf) add(other.isOneOf ? 'breaking' : 'safe', place, other.isOneOf ? 'takes exactly one field now' : 'takes several fields now');
}

function compareInputs(before, after, place, add, name) {
    each(before, after, {
        gone: (input) => add('breaking', place + name(input), 'was removed'),
        came: (input) => add(isRequired(input) ? 'breaking' : 'dangerous', place + name(input), isRequired(input) ? 'was added and is required' : 'was added'),
        both: (a, b) => {
            const at = place + name(a);
            if (typeText(a.type) !== typeText(b.type)) add(isNarrower(a.type, b.type) ? 'safe' : 'breaking', at, `is ${typeText(b.type)} in place of ${typeText(a.type)}`);
            if (plain(a.defaultValue) !== plain(b.defaultValue)) add('dangerous', at, `its default is ${b.defaultValue ?? 'gone'} in place of ${a.defaultValue ?? 'none'}`);
            deprecation(a, b, at, add);
        },
    });
}

const plain = (value) => (value ?? '').replace(/[\s,]+/g, '');

function deprecation(one, other, place, add) {
    if (one.isDeprecated !== other.isDeprecated) add('safe', place, other.isDeprecated ? 'is deprecated' : 'is no longer deprecated');
}

/// Whether every value of the one type is a value of the other.
function isNarrower(one, other) {
    if (isNonNull(other)) return isNonNull(one) && isNarrower(one.ofType, other.ofType);
    if (isNonNull(one)) return isNarrower(one.ofType, other);
    if (one.ofType || other.ofType) return Boolean(one.ofType && other.ofType) && isNarrower(one.ofType, other.ofType);
    return one.name === other.name;
}
