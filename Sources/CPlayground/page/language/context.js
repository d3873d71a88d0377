// What may stand at a place of a document: found by walking the tokens before it, which are all one has while typing.

import { nullable } from './schema.js';

/// `{ kind, … }` of the place behind the last of `tokens`. `kind` is one of: definition, selection, fragmentType,
/// fragmentSpread, argument, value, objectField, variableType, variableName, directive, none.
export function contextAt(schema, tokens) {
    const stack = [];
    let definition = { operation: 'query', variables: [], isOpen: false };
    let step = { kind: 'definition' };
    const top = () => stack[stack.length - 1];

    for (let i = 0; i < tokens.length; i++) {
        const { text, kind } = tokens[i];
        if (kind === 'comment') continue;
        const frame = top();
        if (text === '@') { step = { kind: 'directive', resume: step }; continue; }
        if (step.kind === 'directive' && kind === 'name') {
            const resume = step.resume;
            step = { ...resume, directive: schema?.directives.get(text) ?? null, isAfterDirective: true };
            continue;
        }
        if (!frame) {
            if (kind === 'name' && step.kind === 'definition') {
                if (text === 'fragment') { definition = { isFragment: true, variables: [] }; step = { kind: 'none' }; }
                else { definition = { operation: text, variables: [] }; step = { kind: 'none' }; }
            } else if (kind === 'name' && definition.isFragment && text === 'on') step = { kind: 'fragmentType' };
            else if (kind === 'name' && step.kind === 'fragmentType') { definition.type = schema?.types.get(text); step = { kind: 'none' }; }
            else if (text === '(' && step.isAfterDirective) { stack.push({ kind: 'args', of: step.directive, resume: { ...step, isAfterDirective: false } }); step = { kind: 'argument' }; }
            else if (text === '(') { stack.push({ kind: 'variables' }); step = { kind: 'none' }; }
            else if (text === '{') {
                const type = definition.isFragment ? definition.type : schema?.root(definition.operation ?? 'query');
                stack.push({ kind: 'selection', type });
                step = { kind: 'selection' };
            }
            continue;
        }
        if (frame.kind === 'variables') {
            if (text === ')') { stack.pop(); step = { kind: 'none' }; }
            else if (text === '$') step = { kind: 'variableName' };
            else if (kind === 'name' && step.kind === 'variableName') { frame.name = text; step = { kind: 'none' }; }
            else if (text === ':') step = { kind: 'variableType' };
            else if (kind === 'name' && step.kind === 'variableType') { definition.variables.push({ name: frame.name, type: text }); step = { kind: 'none' }; }
            else if (text === '=') step = { kind: 'value', type: schema?.types.get(definition.variables.at(-1)?.type) && { kind: 'NAMED', name: definition.variables.at(-1).type } };
            else if (text === '[' || text === '{') stack.push({ kind: 'skipped', close: text === '[' ? ']' : '}' });
            continue;
        }
        if (frame.kind === 'skipped') { if (text === frame.close) stack.pop(); continue; }
        if (frame.kind === 'selection') {
            if (text === '}') {
                stack.pop();
                step = top() ? { kind: 'selection' } : { kind: 'definition' };
            } else if (text === '{') {
                stack.push({ kind: 'selection', type: step.next ?? (step.field ? schema?.type(step.field.type) : frame.type) });
                step = { kind: 'selection' };
            } else if (text === '(') {
                stack.push({ kind: 'args', of: step.isAfterDirective ? step.directive : step.field, resume: { ...step, isAfterDirective: false } });
                step = { kind: 'argument' };
            } else if (text === '...') step = { kind: 'fragmentSpread' };
            else if (text === ':') step = { kind: 'selection' };
            else if (kind === 'name' && step.kind === 'fragmentSpread') step = text === 'on' ? { kind: 'fragmentType', isInline: true } : { kind: 'selection' };
            else if (kind === 'name' && step.kind === 'fragmentType') step = { kind: 'selection', next: schema?.types.get(text) };
            else if (kind === 'name') step = { kind: 'selection', field: schema?.field(frame.type, text) ?? null };
            continue;
        }
        if (frame.kind === 'args') {
            if (text === ')') { stack.pop(); step = { ...frame.resume }; }
            else if (text === ':') step = { kind: 'value', type: frame.input?.type, input: frame.input };
            else if (kind === 'name' && step.kind === 'argument') { frame.input = frame.of?.args.get(text); frame.given = [...(frame.given ?? []), text]; step = { kind: 'none' }; }
            else step = value(tokens[i], step, stack, schema, () => ({ kind: 'argument' }));
            continue;
        }
        if (frame.kind === 'object') {
            if (text === '}') { stack.pop(); step = frame.after(); }
            else if (text === ':') step = { kind: 'value', type: frame.input?.type, input: frame.input };
            else if (kind === 'name' && step.kind === 'objectField') { frame.input = frame.type?.inputs.get(text); frame.given.push(text); step = { kind: 'none' }; }
            else step = value(tokens[i], step, stack, schema, () => ({ kind: 'objectField' }));
            continue;
        }
        if (frame.kind === 'list') {
            if (text === ']') { stack.pop(); step = frame.after(); }
            else step = value(tokens[i], step, stack, schema, () => ({ kind: 'value', type: frame.type }));
        }
    }
    return finish(step, top(), definition, schema);
}

/// Steps over one token of a value; `after` says what follows the whole value.
function value(token, step, stack, schema, after) {
    const type = nullable(step.type);
    if (token.text === '$') return { kind: 'variable', type: step.type, after };
    if (step.kind === 'variable') return step.after();
    if (token.text === '[') {
        const element = type?.kind === 'LIST' ? type.ofType : step.type;
        stack.push({ kind: 'list', type: element, after });
        return { kind: 'value', type: element };
    }
    if (token.text === '{') {
        let element = type;
        while (element?.ofType) element = element.ofType;
        stack.push({ kind: 'object', type: schema?.types.get(element?.name), given: [], after });
        return { kind: 'objectField' };
    }
    return after();
}

function finish(step, frame, definition, schema) {
    const common = { definition };
    switch (step.kind) {
        case 'selection': return { ...common, kind: 'selection', type: frame?.type };
        case 'fragmentSpread': return { ...common, kind: 'fragmentSpread', type: frame?.type };
        case 'fragmentType': return { ...common, kind: 'fragmentType', type: step.isInline ? frame?.type : null };
        case 'argument': return { ...common, kind: 'argument', args: frame?.of?.args ?? new Map(), given: frame?.given ?? [] };
        case 'objectField': return { ...common, kind: 'objectField', type: frame?.type, given: frame?.given ?? [] };
        case 'value': return { ...common, kind: 'value', ref: step.type, input: step.input };
        case 'variable': return { ...common, kind: 'variable', ref: step.type };
        case 'directive': return { ...common, kind: 'directive', location: location(step.resume, frame, definition) };
        default: return { ...common, kind: step.kind };
    }
}

function location(step, frame, definition) {
    if (frame?.kind === 'variables') return 'VARIABLE_DEFINITION';
    if (!frame) return definition.isFragment ? 'FRAGMENT_DEFINITION' : (definition.operation ?? 'query').toUpperCase();
    if (step?.next || step?.kind === 'fragmentSpread') return 'INLINE_FRAGMENT';
    return step?.field ? 'FIELD' : 'FRAGMENT_SPREAD';
}
