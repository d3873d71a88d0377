import EventLoop
package import GraphQLEngine
import GraphQLSchema

extension Engine {
    /// An engine for the schema that audits of servers ask for.
    package static func audit(_ options: EngineOptions = EngineOptions()) throws -> Engine {
        try Engine(GeneratedSchema.self, options: options)
    }
}

extension Query {
    static func hello(in context: ExecutionContext) async throws -> String { "world" }

    static func echo(_ arguments: QueryEchoArguments, in context: ExecutionContext) async throws -> String {
        arguments.text
    }

    static func add(_ arguments: QueryAddArguments, in context: ExecutionContext) async throws -> Int32 {
        let (sum, overflow) = arguments.a.addingReportingOverflow(arguments.b)
        if overflow { throw GraphQLError("The sum is larger than an Int.") }
        return sum
    }

    static func fail(in context: ExecutionContext) async throws -> String? { throw GraphQLError("fail") }

    static func failNonNull(in context: ExecutionContext) async throws -> String { throw GraphQLError("fail") }

    static func slow(_ arguments: QuerySlowArguments, in context: ExecutionContext) async throws -> String {
        if let loop = EventLoop.current { try await loop.sleep(for: .milliseconds(max(0, arguments.ms))) }
        return "slow"
    }

    static func activeSubscriptions(in context: ExecutionContext) async throws -> Int32 {
        Int32(clamping: OpenStreams.count)
    }
}

extension Mutation {
    static func setValue(_ arguments: MutationSetValueArguments, in context: ExecutionContext) async throws -> String {
        arguments.value
    }
}

extension Subscription {
    static func greetings(in context: ExecutionContext) async throws -> some AsyncSequence<String, any Error> {
        let words = ["Hi", "Bonjour", "Hola", "Ciao", "Zdravo"]
        return Counted(to: words.count).map { words[Int($0) - 1] }
    }

    static func count(_ arguments: SubscriptionCountArguments, in context: ExecutionContext) async throws -> Counted {
        Counted(to: Int(arguments.to), everyMilliseconds: Int(arguments.everyMs ?? 0))
    }

    static func forever(
        _ arguments: SubscriptionForeverArguments,
        in context: ExecutionContext
    ) async throws -> Counted {
        Counted(everyMilliseconds: Int(arguments.everyMs ?? 20))
    }

    static func failAfter(
        _ arguments: SubscriptionFailAfterArguments,
        in context: ExecutionContext
    ) async throws -> Counted {
        Counted(to: Int(arguments.n), failure: GraphQLError("stream failed"))
    }

    static func failSubscribe(in context: ExecutionContext) async throws -> Counted { throw GraphQLError("no stream") }

    static func failField(
        _ arguments: SubscriptionFailFieldArguments,
        in context: ExecutionContext
    ) async throws -> some AsyncSequence<Result<Int32, any Error>, any Error> {
        Counted(to: Int(arguments.to)).map { number in
            Result { if number == 2 { throw GraphQLError("field failed") } else { number } }
        }
    }
}
