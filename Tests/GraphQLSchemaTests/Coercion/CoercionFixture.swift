import GraphQLLanguage
import GraphQLSchema

/// A schema with a type of each kind, and short ways to coerce to them.
enum CoercionFixture {
    static let sdl = """
        type Query { field(required: Int!, optional: [Int!], withDefault: Color! = RED, in: Filter, one: Choice, any: Any): Int }
        enum Color { RED GREEN BLUE }
        scalar Any
        input Filter { limit: Int! = 10  name: String  tags: [String!]  color: Color  next: Filter  id: ID  ratio: Float }
        input Choice @oneOf { number: Int  text: String }
        input Loop { self: Loop = {other: 1}  other: Int }
        input Chain { link: Link = {}  }
        input Link { color: Color = GREEN  numbers: [Int] = 7 }
        """

    static func schema() throws -> Schema { try Schema(unchecked: sdl) }

    static func type(_ text: String, in schema: Schema) throws -> TypeReference {
        guard let type = schema.typeReference(0, in: try Document(parsingType: text)) else { throw Unknown(name: text) }
        return type
    }

    struct Unknown: Error {
        let name: String
    }

    /// A literal as the value it coerces to, as JSON; nil where it does not fit.
    static func literal(_ text: String, to type: String, _ variables: String = "{}") throws -> String? {
        let schema = try schema()
        guard case .object(let given) = try Value(json: variables) else { throw Unknown(name: variables) }
        return schema.coerceLiteral(
            0,
            in: try Document(parsingValue: text),
            to: try Self.type(type, in: schema),
            variables: VariableValues(given)
        )?.json
    }

    /// The coerced variables as JSON, or the errors' messages.
    static func variables(_ definitions: String, _ given: String) throws -> Outcome {
        let document = try Document(parsing: "query (\(definitions)) { __typename }")
        do {
            return .value(
                Value.object(try schema().coerceVariables(try Value(json: given), of: 1, in: document).fields).json
            )
        } catch let error as VariableErrors {
            return .errors(error.errors.map(\.message))
        }
    }

    enum Outcome: Equatable {
        case value(String)
        case errors([String])
    }
}
