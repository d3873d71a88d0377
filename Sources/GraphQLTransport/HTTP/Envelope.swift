import GraphQLEngine
import GraphQLSchema

/// A request as it comes, whatever brought it: https://graphql.github.io/graphql-over-http/draft/#sec-Request-Parameters
struct Envelope: Sendable, Equatable {
    var query: String?
    var documentID: String?
    var operationName: String?
    var variables = Value.null
    var extensions = Value.null
    var onError = ErrorBehavior.propagate

    init() {}

    /// Checks each member's type; members we do not know are for others.
    init(_ value: Value) throws(BadEnvelope) {
        guard case .object(let members) = value else {
            throw BadEnvelope("The request must be a JSON object, not \(value.kind).")
        }
        for member in members { try set(member.name, member.value) }
        try check()
    }

    mutating func set(_ name: String, _ value: Value) throws(BadEnvelope) {
        if case .null = value { return }
        switch name {
        case "query": query = try Self.string(name, value)
        case "operationName": operationName = try Self.string(name, value)
        case "documentId": documentID = try Self.string(name, value)
        case "variables": variables = try Self.object(name, value)
        case "extensions": extensions = try Self.object(name, value)
        case "onError":
            let text = try Self.string(name, value)
            guard let behavior = ErrorBehavior(rawValue: text) else {
                throw BadEnvelope("Parameter \"onError\" must be \"PROPAGATE\", \"NULL\" or \"HALT\".")
            }
            onError = behavior
        default: return
        }
    }

    /// Something has to say what to run.
    func check() throws(BadEnvelope) {
        if query == nil, documentID == nil, extensions["persistedQuery"] == nil {
            throw BadEnvelope("Parameter \"query\" is missing.")
        }
    }

    private static func string(_ name: String, _ value: Value) throws(BadEnvelope) -> String {
        guard case .string(let text) = value else {
            throw BadEnvelope("Parameter \"\(name)\" must be a string, not \(value.kind).")
        }
        return text
    }

    private static func object(_ name: String, _ value: Value) throws(BadEnvelope) -> Value {
        guard case .object = value else {
            throw BadEnvelope("Parameter \"\(name)\" must be an object, not \(value.kind).")
        }
        return value
    }
}

/// No request, be it JSON or not.
struct BadEnvelope: Error {
    let message: String
    let isJSON: Bool

    init(_ message: String, isJSON: Bool = true) {
        self.message = message
        self.isJSON = isJSON
    }
}

extension Value {
    /// What the value is, for messages.
    var kind: String {
        switch self {
        case .null: "null"
        case .int, .float: "a number"
        case .string, .enum: "a string"
        case .boolean: "a Boolean"
        case .list: "an array"
        case .object: "an object"
        }
    }
}
