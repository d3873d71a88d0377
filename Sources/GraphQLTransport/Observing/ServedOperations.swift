public import EventLoop
internal import GraphQLEngine

/// What a handler has executed so far, on all loops together.
public struct ServedOperations: Sendable, Equatable {
    public var executed: UInt64 = 0
    /// Those of them that had errors.
    public var withErrors: UInt64 = 0
    /// Subscriptions that somebody reads now.
    public var openSubscriptions = 0

    public init() {}
}

extension GraphQLHandler {
    /// Gathered from the loops one after another.
    public func servedOperations(of group: EventLoopGroup) async -> ServedOperations {
        var served = ServedOperations()
        let service = service
        for loop in group.loops {
            guard let totals = try? await loop.run({ service.loopCounters?.totals }) else { continue }
            for kind in OperationCounters.Kind.allCases {
                served.executed &+= totals[kind, .ok] &+ totals[kind, .errors]
                served.withErrors &+= totals[kind, .errors]
            }
        }
        served.openSubscriptions = service.engine.openSubscriptionCount
        return served
    }
}
