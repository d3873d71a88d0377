public import GraphQLEngine
public import GraphQLLanguage
public import GraphQLSchema

/// The schema that audits of servers ask for.
public enum AuditBinding: SchemaBinding {
    public static var sdl: StaticString {
        """
        type Query {
          hello: String!
          echo(text: String!): String!
          add(a: Int!, b: Int!): Int!
          fail: String
          failNonNull: String!
          slow(ms: Int!): String!
          "Source streams open at this moment, over all connections."
          activeSubscriptions: Int!
        }
        type Mutation { setValue(value: String!): String! }
        type Subscription {
          greetings: String!
          count(to: Int!, everyMs: Int = 0): Int!
          forever(everyMs: Int = 20): Int!
          "So many events, then the source stream fails."
          failAfter(n: Int!): Int!
          failSubscribe: Int!
          "At the second event the field's resolver fails."
          failField(to: Int!): Int!
        }
        """
    }

    public static func root(_ operation: OperationType) -> ObjectColumn {
        switch operation {
        case .query: Objects<AuditQuery>([AuditRoot()])
        case .mutation: Objects<AuditMutation>([AuditRoot()])
        case .subscription: Objects<AuditSubscription>([AuditRoot()])
        }
    }

    public static func decodeArguments(
        type: Int,
        field: Int,
        _ arguments: [Value.Field],
        _ decoder: inout InputDecoder
    ) -> DecodedArguments? {
        DecodedArguments(AuditArguments(arguments))
    }

    public static func subscribe(_ field: Int, _ call: ResolverCall) async throws -> EventStream {
        let arguments = call.arguments?.get(AuditArguments.self)
        switch field {
        case 0:
            let words = ["Hi", "Bonjour", "Hola", "Ciao", "Zdravo"]
            let events = Counted(to: words.count).map { words[Int($0) - 1] }
            return EventStream(events, as: Leaf<String>.self)
        case 1:
            let (to, every) = (arguments?["to"] ?? 0, arguments?["everyMs"] ?? 0)
            return EventStream(Counted(to: to, everyMilliseconds: every), as: Leaf<Int32>.self)
        case 2:
            return EventStream(Counted(everyMilliseconds: arguments?["everyMs"] ?? 20), as: Leaf<Int32>.self)
        case 3:
            let failure = GraphQLError("stream failed")
            return EventStream(Counted(to: arguments?["n"] ?? 0, failure: failure), as: Leaf<Int32>.self)
        case 4: throw GraphQLError("no stream")
        default:
            let events = Counted(to: arguments?["to"] ?? 0).map { number in
                Result<Int32, any Error> {
                    if number == 2 { throw GraphQLError("field failed") }
                    return number
                }
            }
            return EventStream(results: events, as: Leaf<Int32>.self)
        }
    }
}

/// Arguments by their names.
struct AuditArguments: Sendable {
    private let fields: [Value.Field]

    init(_ fields: [Value.Field]) { self.fields = fields }

    subscript(name: String) -> Int? {
        guard case .int(let number)? = fields.first(where: { $0.name == name })?.value else { return nil }
        return number
    }

    func text(_ name: String) -> String {
        guard case .string(let text)? = fields.first(where: { $0.name == name })?.value else { return "" }
        return text
    }
}

public struct AuditRoot: Sendable {}
