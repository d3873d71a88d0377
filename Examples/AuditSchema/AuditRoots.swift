import EventLoop
import GraphQLEngine
import GraphQLSchema

enum AuditQuery: ObjectBinding {
    typealias Value = AuditRoot
    static let typeName = "Query"

    static func write(_ field: Int, of value: AuditRoot, to buffer: inout ResponseBuffer) {
        preconditionFailure("Query has no stored fields")
    }

    static func resolve(_ field: Int, of parents: Batch<AuditRoot>, _ call: ResolverCall) async throws -> FieldColumn {
        let arguments = call.arguments?.get(AuditArguments.self)
        switch field {
        case 0: return FieldColumn("world", as: Leaf<String>.self)
        case 1: return FieldColumn(arguments?.text("text") ?? "", as: Leaf<String>.self)
        case 2:
            guard let sum = Int32(exactly: (arguments?["a"] ?? 0) + (arguments?["b"] ?? 0)) else {
                throw GraphQLError("The sum is larger than an Int.")
            }
            return FieldColumn(sum, as: Leaf<Int32>.self)
        case 3, 4: throw GraphQLError("fail")
        case 5:
            let wait = Duration.milliseconds(max(0, arguments?["ms"] ?? 0))
            if let loop = EventLoop.current { try await loop.sleep(for: wait) }
            return FieldColumn("slow", as: Leaf<String>.self)
        default: return FieldColumn(Int32(OpenStreams.count), as: Leaf<Int32>.self)
        }
    }
}

enum AuditMutation: ObjectBinding {
    typealias Value = AuditRoot
    static let typeName = "Mutation"

    static func write(_ field: Int, of value: AuditRoot, to buffer: inout ResponseBuffer) {
        preconditionFailure("Mutation has no stored fields")
    }

    static func resolve(_ field: Int, of parents: Batch<AuditRoot>, _ call: ResolverCall) async throws -> FieldColumn {
        FieldColumn(call.arguments?.get(AuditArguments.self).text("value") ?? "", as: Leaf<String>.self)
    }
}

enum AuditSubscription: ObjectBinding {
    typealias Value = AuditRoot
    static let typeName = "Subscription"

    static func write(_ field: Int, of value: AuditRoot, to buffer: inout ResponseBuffer) {
        preconditionFailure("Subscription has no stored fields")
    }

    static func resolve(_ field: Int, of parents: Batch<AuditRoot>, _ call: ResolverCall) async throws -> FieldColumn {
        preconditionFailure("the fields of Subscription are answered by their events")
    }
}
