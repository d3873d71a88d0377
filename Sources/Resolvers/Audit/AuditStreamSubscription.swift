import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Subscription {
    static func auditStream(
        _ arguments: SubscriptionAuditStreamArguments,
        in context: RequestContext
    ) async throws -> AuditEvents {
        try await AuditEvents(of: arguments.teamId, in: context)
    }
}

/// What is added to the log, as it is added, for as long as whoever listens may read it.
struct AuditEvents: AsyncSequence, AsyncIteratorProtocol {
    private let team: UUID?
    private let context: RequestContext
    private var entries: AsyncThrowingStream<AuditEntryRow, any Error>?

    init(of team: TeamID?, in context: RequestContext) async throws {
        self.context = context
        self.team = team?.uuid
        let (services, principal, client) = try await context.actor()
        let view = AuditView(services, principal, from: client)
        // An id of another kind is that of a team nobody sees.
        guard team == nil || self.team != nil, try await AuditEvents.maySee(self.team, view) else { return }
        try await view.record("audit.stream", self.team)
        do {
            entries = try await services.auditTail.listen(to: services.database)
        } catch is AuditTail.Failure { throw AccessRefusal.unavailable }
    }

    func makeAsyncIterator() -> AuditEvents { self }

    mutating func next() async throws -> AuditEntryItem? {
        while let row = try await nextEntry() {
            guard team == nil || row.teamID == team else { continue }
            let (services, principal, client) = try await context.actor()
            guard try await AuditEvents.maySee(team, AuditView(services, principal, from: client)) else { return nil }
            return AuditEntryItem(row)
        }
        return nil
    }

    private func nextEntry() async throws -> AuditEntryRow? {
        var iterator = entries?.makeAsyncIterator()
        return try await iterator?.next()
    }

    private static func maySee(_ team: UUID?, _ view: AuditView) async throws -> Bool {
        do { return try await view.maySee(team) } catch AuditView.Failure.forbidden { throw AccessRefusal.auditLog }
    }
}
