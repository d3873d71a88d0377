// Values to begin with, for what a type requires.

import { isRequired } from './schema.js';

/// A value to begin with.
export function example(ref, schema, depth = 0) {
    if (ref.kind === 'NON_NULL') return example(ref.ofType, schema, depth);
    if (ref.kind === 'LIST') return [];
    const type = schema.types.get(ref.name);
    if (type?.kind === 'ENUM') return type.values.keys().next().value;
    if (type?.kind === 'INPUT_OBJECT') {
        if (depth > 4) return {};
        return Object.fromEntries([...type.inputs.values()].filter(isRequired).map((input) => [input.name, example(input.type, schema, depth + 1)]));
    }
    return { Int: 0, Float: 0, Boolean: false, ID: '' }[ref.name] ?? '';
}
