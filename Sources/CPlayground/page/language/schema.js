// The type system as the panels and the editor need it, made of the answer to an introspection query.

export const introspectionQuery = `query IntrospectionQuery {
  __schema {
    description
    queryType { name } mutationType { name } subscriptionType { name }
    types { ...FullType }
    directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } }
  }
}
fragment FullType on __Type {
  kind name description specifiedByURL isOneOf
  fields(includeDeprecated: true) {
    name description isDeprecated deprecationReason
    args(includeDeprecated: true) { ...InputValue }
    type { ...TypeRef }
  }
  inputFields(includeDeprecated: true) { ...InputValue }
  interfaces { name }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
  possibleTypes { name }
}
fragment InputValue on __InputValue { name description defaultValue isDeprecated deprecationReason type { ...TypeRef } }
fragment TypeRef on __Type {
  kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
    ofType { kind name ofType { kind name ofType { kind name } } } } } } }
}`;

/// What older servers understand.
export const plainIntrospectionQuery = introspectionQuery
    .replaceAll(/\s(specifiedByURL|isOneOf|isRepeatable)\b/g, ' ')
    .replace('__schema {\n    description', '__schema {')
    .replaceAll('args(includeDeprecated: true)', 'args')
    .replaceAll('inputFields(includeDeprecated: true)', 'inputFields')
    .replace('defaultValue isDeprecated deprecationReason', 'defaultValue');

export class Schema {
    constructor() {
        this.description = null;
        this.types = new Map();
        this.directives = new Map();
        /// Names of the root types by operation.
        this.roots = {};
    }

    static fromIntrospection({ __schema: data }) {
        const schema = new Schema();
        schema.description = data.description;
        for (const operation of ['query', 'mutation', 'subscription']) {
            if (data[`${operation}Type`]) schema.roots[operation] = data[`${operation}Type`].name;
        }
        for (const type of data.types) schema.types.set(type.name, readType(type));
        for (const directive of data.directives) {
            schema.directives.set(directive.name, { ...directive, args: inputs(directive.args) });
        }
        return schema;
    }

    root(operation) { return this.types.get(this.roots[operation]); }
    type(ref) { return this.types.get(namedType(ref)); }

    /// A field of a type, the fields that every type has among them.
    field(type, name) {
        if (!type) return undefined;
        if (name === '__typename' && isComposite(type)) return typename;
        if (type.name === this.roots.query) {
            if (name === '__schema') return schemaField;
            if (name === '__type') return typeField;
        }
        return type.fields.get(name);
    }

    /// Names of the object types that a value of the type may have.
    possible(type) { return type.kind === 'OBJECT' ? [type.name] : type.possible; }

    overlaps(one, other) {
        if (one === other) return true;
        const names = new Set(this.possible(one));
        return this.possible(other).some((name) => names.has(name));
    }
}

function readType(type) {
    return {
        kind: type.kind,
        name: type.name,
        description: type.description,
        specifiedBy: type.specifiedByURL,
        isOneOf: type.isOneOf ?? false,
        fields: new Map((type.fields ?? []).map((field) => [field.name, { ...field, args: inputs(field.args) }])),
        inputs: inputs(type.inputFields),
        values: new Map((type.enumValues ?? []).map((value) => [value.name, value])),
        interfaces: (type.interfaces ?? []).map((other) => other.name),
        possible: (type.possibleTypes ?? []).map((other) => other.name),
    };
}

const inputs = (list) => new Map((list ?? []).map((input) => [input.name, input]));

export const named = (name, kind) => ({ kind, name, ofType: null });
export const nonNull = (ofType) => ({ kind: 'NON_NULL', name: null, ofType });
export const listOf = (ofType) => ({ kind: 'LIST', name: null, ofType });

const typename = {
    name: '__typename', description: 'The name of the object\'s type.', args: new Map(), type: nonNull(named('String', 'SCALAR')),
};
const schemaField = {
    name: '__schema', description: 'What the server tells of its schema.', args: new Map(), type: nonNull(named('__Schema', 'OBJECT')),
};
const typeField = {
    name: '__type', description: 'What the server tells of one type.', type: named('__Type', 'OBJECT'),
    args: new Map([['name', { name: 'name', type: nonNull(named('String', 'SCALAR')), defaultValue: null }]]),
};

export function namedType(ref) {
    while (ref?.ofType) ref = ref.ofType;
    return ref?.name;
}

export function typeText(ref) {
    if (!ref) return '';
    if (ref.kind === 'NON_NULL') return `${typeText(ref.ofType)}!`;
    return ref.kind === 'LIST' ? `[${typeText(ref.ofType)}]` : ref.name;
}

export const isNonNull = (ref) => ref?.kind === 'NON_NULL';
export const nullable = (ref) => (ref?.kind === 'NON_NULL' ? ref.ofType : ref);
export const isRequired = (input) => isNonNull(input.type) && input.defaultValue == null;
export const isComposite = (type) => type?.kind === 'OBJECT' || type?.kind === 'INTERFACE' || type?.kind === 'UNION';
export const isInput = (type) => type?.kind === 'SCALAR' || type?.kind === 'ENUM' || type?.kind === 'INPUT_OBJECT';
