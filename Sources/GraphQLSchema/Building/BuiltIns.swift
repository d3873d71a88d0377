import GraphQLLanguage

/// What every schema has without saying so.
///
/// https://spec.graphql.org/September2025/#sec-Scalars.Built-in-Scalars and
/// https://spec.graphql.org/September2025/#sec-Schema-Introspection.Schema-Introspection-Schema
enum BuiltIns {
    static let scalarNames: Set<String> = ["String", "Int", "Float", "Boolean", "ID"]
    static let directiveNames: Set<String> = ["skip", "include", "deprecated", "specifiedBy", "oneOf"]
    static let typeNames: Set<String> = scalarNames.union([
        "__Schema", "__Type", "__TypeKind", "__Field", "__InputValue", "__EnumValue", "__Directive",
        "__DirectiveLocation",
    ])

    static let document: Document = {
        do throws(SyntaxError) { return try Document(parsing: sdl) } catch {
            preconditionFailure("the built-in definitions are GraphQL: \(error.message)")
        }
    }()

    private static let sdl = """
        "Text, as a sequence of Unicode characters."
        scalar String
        "A whole number of 32 bits, between -(2^31) and 2^31 - 1."
        scalar Int
        "A fractional number of double precision, as of IEEE 754."
        scalar Float
        "`true` or `false`."
        scalar Boolean
        "A unique identifier. It is answered as a string and not meant to be read; strings and whole numbers are accepted."
        scalar ID

        "Leaves a field or fragment out when the argument is true."
        directive @skip(
          "Left out when true."
          if: Boolean!
        ) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT

        "Includes a field or fragment only when the argument is true."
        directive @include(
          "Included when true."
          if: Boolean!
        ) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT

        "Marks what is no longer supported."
        directive @deprecated(
          "Why it was deprecated, and what to use in its place; Markdown as specified by CommonMark."
          reason: String = "No longer supported"
        ) on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE

        "Names the specification of a custom scalar."
        directive @specifiedBy(
          "Where the scalar's behaviour is specified."
          url: String!
        ) on SCALAR

        "Says that exactly one field of an input object has to be given, and not null."
        directive @oneOf on INPUT_OBJECT

        "A schema: its types and directives, and where operations begin."
        type __Schema {
          description: String
          "All types of the schema."
          types: [__Type!]!
          "The type that queries begin at."
          queryType: __Type!
          "The type that mutations begin at, if the schema has any."
          mutationType: __Type
          "The type that subscriptions begin at, if the schema has any."
          subscriptionType: __Type
          "All directives of the schema."
          directives: [__Directive!]!
        }

        "A type: one with a name, a list, or a type that is not null. Which fields have a value depends on its kind."
        type __Type {
          kind: __TypeKind!
          name: String
          description: String
          specifiedByURL: String
          fields(includeDeprecated: Boolean = false): [__Field!]
          interfaces: [__Type!]
          possibleTypes: [__Type!]
          enumValues(includeDeprecated: Boolean = false): [__EnumValue!]
          inputFields(includeDeprecated: Boolean = false): [__InputValue!]
          ofType: __Type
          isOneOf: Boolean
        }

        "What a type is."
        enum __TypeKind {
          SCALAR
          "Has fields and may have interfaces."
          OBJECT
          "Has fields, interfaces and possible types."
          INTERFACE
          "Has possible types."
          UNION
          "Has enum values."
          ENUM
          "Has input fields."
          INPUT_OBJECT
          "Has an inner type."
          LIST
          "Has an inner type."
          NON_NULL
        }

        "A field of an object or interface."
        type __Field {
          name: String!
          description: String
          args(includeDeprecated: Boolean = false): [__InputValue!]!
          type: __Type!
          isDeprecated: Boolean!
          deprecationReason: String
        }

        "An argument of a field or directive, or a field of an input object."
        type __InputValue {
          name: String!
          description: String
          type: __Type!
          "The default, as a GraphQL literal."
          defaultValue: String
          isDeprecated: Boolean!
          deprecationReason: String
        }

        "A value of an enum."
        type __EnumValue {
          name: String!
          description: String
          isDeprecated: Boolean!
          deprecationReason: String
        }

        "A directive: an annotation that changes how documents are executed, validated or read."
        type __Directive {
          name: String!
          description: String
          isRepeatable: Boolean!
          locations: [__DirectiveLocation!]!
          args(includeDeprecated: Boolean = false): [__InputValue!]!
        }

        "Where a directive may stand."
        enum __DirectiveLocation {
          \(DirectiveLocation.allCases.map(\.rawValue).joined(separator: "\n  "))
        }
        """
}
