// The schema as its language writes it: https://spec.graphql.org/September2025/#sec-Type-System

import { typeText } from './schema.js';

const builtInScalars = new Set(['Int', 'Float', 'String', 'Boolean', 'ID']);
const builtInDirectives = new Set(['skip', 'include', 'deprecated', 'specifiedBy', 'oneOf']);

export function printSchema(schema) {
    const parts = [];
    const isUsual = Object.entries(schema.roots).every(([operation, name]) => name.toLowerCase() === operation && name[0] === name[0].toUpperCase());
    if (!isUsual || schema.description) {
        parts.push(`${description(schema.description, '')}schema {\n${Object.entries(schema.roots).map(([operation, name]) => `  ${operation}: ${name}\n`).join('')}}`);
    }
    for (const directive of schema.directives.values()) {
        if (builtInDirectives.has(directive.name)) continue;
        parts.push(`${description(directive.description, '')}directive @${directive.name}${args(directive.args, '')}${directive.isRepeatable ? ' repeatable' : ''} on ${directive.locations.join(' | ')}`);
    }
    for (const type of schema.types.values()) {
        if (!type.name.startsWith('__') && !(type.kind === 'SCALAR' && builtInScalars.has(type.name))) parts.push(printType(type));
    }
    return parts.join('\n\n') + '\n';
}

export function printType(type) {
    const head = description(type.description, '');
    const implemented = type.interfaces.length ? ` implements ${type.interfaces.join(' & ')}` : '';
    switch (type.kind) {
        case 'SCALAR': return `${head}scalar ${type.name}${type.specifiedBy ? ` @specifiedBy(url: ${JSON.stringify(type.specifiedBy)})` : ''}`;
        case 'UNION': return `${head}union ${type.name}${type.possible.length ? ` = ${type.possible.join(' | ')}` : ''}`;
        case 'ENUM': return `${head}enum ${type.name}${block([...type.values.values()].map((value) => `${description(value.description, '  ')}  ${value.name}${deprecation(value)}`))}`;
        case 'INPUT_OBJECT': return `${head}input ${type.name}${type.isOneOf ? ' @oneOf' : ''}${block([...type.inputs.values()].map((input) => `${description(input.description, '  ')}  ${printInput(input)}`))}`;
        default: return `${head}${type.kind === 'INTERFACE' ? 'interface' : 'type'} ${type.name}${implemented}${block([...type.fields.values()].map((field) => `${description(field.description, '  ')}  ${field.name}${args(field.args, '  ')}: ${typeText(field.type)}${deprecation(field)}`))}`;
    }
}

const block = (lines) => (lines.length ? ` {\n${lines.join('\n')}\n}` : '');

const printInput = (input) => `${input.name}: ${typeText(input.type)}${input.defaultValue == null ? '' : ` = ${input.defaultValue}`}${deprecation(input)}`;

function args(known, indent) {
    const list = [...known.values()];
    if (!list.length) return '';
    if (list.every((input) => !input.description)) return `(${list.map(printInput).join(', ')})`;
    return `(\n${list.map((input) => `${description(input.description, `${indent}  `)}${indent}  ${printInput(input)}`).join('\n')}\n${indent})`;
}

function deprecation(item) {
    if (!item.isDeprecated) return '';
    return item.deprecationReason === 'No longer supported' || !item.deprecationReason ? ' @deprecated' : ` @deprecated(reason: ${JSON.stringify(item.deprecationReason)})`;
}

function description(text, indent) {
    if (!text) return '';
    const lines = text.replaceAll('"""', '\\"""').split('\n');
    if (lines.length === 1 && lines[0].length < 70 && !/["\\]$/.test(lines[0])) return `${indent}"""${lines[0]}"""\n`;
    return `${indent}"""\n${lines.map((line) => (line ? `${indent}${line}\n` : '\n')).join('')}${indent}"""\n`;
}
