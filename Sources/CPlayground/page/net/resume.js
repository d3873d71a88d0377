// How a subscription goes on after a cut: its field takes the cursor of the last event as the argument `after`, if the
// document asks for cursors and the schema has such an argument.

/// Null where the field cannot go on; else `{ cursor(data), apply(operation, cursor) }`, or `{ hint }` where it could if the
/// document asked for the cursor.
export function resumption(definition, document, schema) {
    const fragments = new Map(document.definitions.filter((other) => other.kind === 'fragment').map((other) => [other.name.value, other]));
    const field = fields(definition.selections, fragments)[0];
    const known = field && schema?.root('subscription')?.fields.get(field.name.value);
    if (!known?.args.has('after') || !field.selections) return null;
    const asked = fields(field.selections, fragments).find((inner) => inner.name.value === 'cursor');
    if (!asked) return { hint: 'ask for the cursor of the events to go on behind the last one' };
    const [outer, inner] = [field, asked].map((node) => (node.alias ?? node.name).value);
    return {
        cursor: (data) => {
            const value = data?.[outer]?.[inner];
            return typeof value === 'string' ? value : null;
        },
        apply: (operation, cursor) => apply(operation, field, cursor),
    };
}

/// The fields of a selection, those of its fragments among them.
function fields(selections, fragments, seen = new Set()) {
    return (selections?.items ?? []).flatMap((item) => {
        if (item.kind === 'field') return [item];
        if (item.kind === 'inline') return fields(item.selections, fragments, seen);
        const name = item.name.value;
        if (seen.has(name)) return [];
        seen.add(name);
        return fields(fragments.get(name)?.selections, fragments, seen);
    });
}

/// The operation with `after` as the cursor says: in its variable, if it has one, else in its text.
function apply(operation, field, cursor) {
    const given = field.args.find((argument) => argument.name.value === 'after');
    if (given?.value.kind === 'variable') {
        return { ...operation, variables: { ...operation.variables, [given.value.name.value]: cursor } };
    }
    const { query } = operation;
    const put = (start, end, text) => ({ ...operation, query: query.slice(0, start) + text + query.slice(end) });
    const value = JSON.stringify(cursor);
    if (given) return put(given.value.start, given.value.end, value);
    const argument = `after: ${value}`;
    if (!field.args.length) return put(field.name.end, field.name.end, `(${argument})`);
    return put(field.args[0].name.start, field.args[0].name.start, `${argument}, `);
}
