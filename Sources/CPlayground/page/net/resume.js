// How a subscription goes on after a cut: its field takes the cursor of the last event as the argument `after`, or one for
// each of the things it listens to, if the document asks for cursors and the schema has such an argument.

/// Null where the field cannot go on; else `{ keep(data, number), apply(operation), number, isPartial }`, where `number` is
/// that of the last event with a cursor, and some of the things listened to may have had none; or `{ hint }` where it could if
/// the document asked for cursors.
export function resumption(definition, document, schema) {
    const fragments = new Map(document.definitions.filter((other) => other.kind === 'fragment').map((other) => [other.name.value, other]));
    const field = fields(definition.selections, fragments)[0];
    const known = field && schema?.root('subscription')?.fields.get(field.name.value);
    if (!known || !field.selections) return null;
    const many = known.args.has('after') ? null : listened(known, schema);
    if (!known.args.has('after') && !many) return null;
    const asked = fields(field.selections, fragments);
    const answered = (name) => asked.find((inner) => inner.name.value === name);
    const cursor = answered('cursor'), thing = many && answered(many.key);
    if (!cursor) return { hint: 'ask for the cursor of the events to go on behind the last one' };
    if (many && !thing) return { hint: `ask for ${many.key} of the events to go on behind the last ones` };
    const responseKey = (node) => (node.alias ?? node.name).value;
    const cursors = new Map();
    const way = {
        number: null,
        isPartial: false,
        keep(data, number) {
            const event = data?.[responseKey(field)];
            const at = event?.[responseKey(cursor)];
            if (typeof at !== 'string') return;
            cursors.set(thing ? event[responseKey(thing)] : null, at);
            way.number = number;
        },
        apply: (operation) => {
            if (!cursors.size) return operation;
            way.isPartial = many && things(operation, field, many.name).length > cursors.size;
            return many ? applyEach(operation, field, many, cursors) : apply(operation, field, cursors.get(null));
        },
    };
    return way;
}

/// The argument that lists what a field listens to, each with a place to go on from, and what names each: such as
/// `rooms: [{ roomId, after }]`.
function listened(field, schema) {
    for (const argument of field.args.values()) {
        const input = schema.type(argument.type);
        const keys = [...input?.inputs?.keys() ?? []].filter((name) => name !== 'after');
        if (input?.inputs?.has('after') && keys.length === 1) return { name: argument.name, key: keys[0] };
    }
    return null;
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

const valueOf = (field, name) => field.args.find((argument) => argument.name.value === name)?.value;

/// What a list argument holds: values of its variable, or nodes of the text. One thing is a list of one.
function things(operation, field, name) {
    const list = valueOf(field, name);
    if (list?.kind === 'variable') return [operation.variables?.[list.name.value] ?? []].flat();
    return list?.kind === 'list' ? list.items : [list ?? []].flat();
}

/// The operation with a place to go on from for each of the things in a list.
function applyEach(operation, field, { name, key }, cursors) {
    const list = valueOf(field, name);
    const given = things(operation, field, name);
    if (list?.kind === 'variable') {
        const placed = given.map((thing) => (cursors.has(thing?.[key]) ? { ...thing, after: cursors.get(thing[key]) } : thing));
        return { ...operation, variables: { ...operation.variables, [list.name.value]: placed } };
    }
    // From the end, so that what is before stays where it is.
    return given.reduceRight((changed, node) => {
        const member = (wanted) => node.fields?.find((other) => other.name.value === wanted);
        const named = member(key)?.value;
        const cursor = cursors.get(named?.kind === 'variable' ? operation.variables?.[named.name.value] : named?.value);
        if (!cursor) return changed;
        const given = member('after')?.value;
        const [start, end, text] = given ? [given.start, given.end, JSON.stringify(cursor)] : [named.end, named.end, `, after: ${JSON.stringify(cursor)}`];
        return { ...changed, query: changed.query.slice(0, start) + text + changed.query.slice(end) };
    }, operation);
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
