// Literals and variables held against the types of the schema.

import { isNonNull, isRequired, namedType, nullable, typeText } from './schema.js';
import { didYouMean, suggest } from './suggest.js';
import { reference, writtenType } from './validate.js';

/// Reports what is wrong with a value for a type; without a type only its variables are noted.
export function checkValue(walk, value, ref, input) {
    if (value.kind === 'missing') return;
    if (value.kind === 'variable') {
        walk.uses.push({ node: { name: value.name, start: value.start, end: value.end }, ref, hasDefault: input?.defaultValue != null });
        return;
    }
    if (!ref) return inner(value).forEach((child) => checkValue(walk, child, null));
    if (value.kind === 'null') {
        if (isNonNull(ref)) walk.add(value, `Expected value of type "${typeText(ref)}", found null.`);
        return;
    }
    const type = nullable(ref);
    if (type.kind === 'LIST') {
        if (value.kind === 'list') for (const item of value.items) checkValue(walk, item, type.ofType);
        else checkValue(walk, value, type.ofType);
        return;
    }
    const named = walk.schema.types.get(type.name);
    if (named?.kind === 'INPUT_OBJECT') return checkObject(walk, value, named, ref);
    if (named?.kind === 'ENUM') return checkEnum(walk, value, named);
    const problem = named && scalarProblem(named.name, value, printed(value));
    if (problem) walk.add(value, problem);
    inner(value).forEach((child) => checkValue(walk, child, null));
}

function checkObject(walk, value, type, ref) {
    if (value.kind !== 'object') return void walk.add(value, `Expected value of type "${typeText(ref)}", found ${printed(value)}.`);
    walk.unique(value.fields.map((field) => field.name), (name) => `There can be only one input field named "${name}".`);
    for (const field of value.fields) {
        const input = type.inputs.get(field.name.value);
        if (input) walk.mark(field.name, 'argument', { input, owner: type.name });
        else walk.add(field.name, `Field "${field.name.value}" is not defined by type "${type.name}".${didYouMean(suggest(field.name.value, type.inputs.keys()))}`);
        checkValue(walk, field.value, input?.type ?? null, input);
    }
    const given = new Set(value.fields.map((field) => field.name.value));
    for (const input of type.inputs.values()) {
        if (isRequired(input) && !given.has(input.name)) walk.add(value, `Field "${type.name}.${input.name}" of required type "${typeText(input.type)}" was not provided.`);
    }
    if (type.isOneOf && value.fields.length !== 1) walk.add(value, `OneOf Input Object "${type.name}" must specify exactly one key.`);
    else if (type.isOneOf && value.fields[0].value.kind === 'null') walk.add(value, `Field "${type.name}.${value.fields[0].name.value}" must be non-null.`);
}

function checkEnum(walk, value, type) {
    if (value.kind === 'enum' && type.values.has(value.value)) {
        const known = type.values.get(value.value);
        walk.mark(value, 'enumValue', { value: known, type });
        if (known.isDeprecated) walk.add(value, `The enum value "${type.name}.${known.name}" is deprecated. ${known.deprecationReason ?? ''}`, 'warning');
        return;
    }
    const found = printed(value);
    const word = value.kind === 'string' ? value.value : found;
    const known = suggest(word, type.values.keys());
    const hint = known.length ? didYouMean(known).replace('Did you mean', 'Did you mean the enum value') : '';
    walk.add(value, value.kind === 'enum'
        ? `Value "${found}" does not exist in "${type.name}" enum.${hint}`
        : `Enum "${type.name}" cannot represent non-enum value: ${found}.${hint}`);
}

function scalarProblem(name, value, found) {
    switch (name) {
        case 'Int':
            if (value.kind !== 'int') return `Int cannot represent non-integer value: ${found}`;
            return Math.abs(Number(value.text)) > 2147483647 && Number(value.text) !== -2147483648
                ? `Int cannot represent non 32-bit signed integer value: ${found}` : null;
        case 'Float': return value.kind === 'int' || value.kind === 'float' ? null : `Float cannot represent non numeric value: ${found}`;
        case 'String': return value.kind === 'string' ? null : `String cannot represent a non string value: ${found}`;
        case 'Boolean': return value.kind === 'boolean' ? null : `Boolean cannot represent a non boolean value: ${found}`;
        case 'ID': return value.kind === 'string' || value.kind === 'int' ? null : `ID cannot represent a non-string and non-integer value: ${found}`;
        default: return null;
    }
}

function inner(value) {
    if (value.kind === 'list') return value.items;
    return value.kind === 'object' ? value.fields.map((field) => field.value) : [];
}

function printed(value) {
    switch (value.kind) {
        case 'list': return `[${value.items.map(printed).join(', ')}]`;
        case 'object': return `{ ${value.fields.map((field) => `${field.name.value}: ${printed(field.value)}`).join(', ')} }`;
        case 'variable': return `$${value.name.value}`;
        default: return value.text;
    }
}

/// Why a variable may not be used at a place; null when it may.
export function variableFits(variable, use, schema) {
    if (!use.ref) return null;
    const given = reference(variable.type, schema);
    if (!schema.types.has(namedType(given))) return null;
    let wanted = use.ref;
    if (isNonNull(wanted) && !isNonNull(given)) {
        const hasDefault = variable.default && variable.default.kind !== 'null';
        if (hasDefault || use.hasDefault) wanted = wanted.ofType;
    }
    if (isSubtype(given, wanted)) return null;
    return `Variable "$${variable.name.value}" of type "${writtenType(variable.type)}" used in position expecting type "${typeText(use.ref)}".`;
}

function isSubtype(given, wanted) {
    if (isNonNull(wanted)) return isNonNull(given) && isSubtype(given.ofType, wanted.ofType);
    if (isNonNull(given)) return isSubtype(given.ofType, wanted);
    if (wanted.kind === 'LIST' || given.kind === 'LIST') {
        return wanted.kind === given.kind && isSubtype(given.ofType, wanted.ofType);
    }
    return given.name === wanted.name;
}
