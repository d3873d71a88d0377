import Actions
import Data
import GraphQLEngine
import GraphQLSchema
import PostgresClient

/// The log in numbers as clients see it: the model of the schema's type.
struct AuditReportItem: Sendable {
    let report: Actions.AuditReport

    var since: DateTime { DateTime(report.since) }
    var until: DateTime { DateTime(report.until) }
    var total: BigInt { BigInt(report.total) }
    var byAction: [AuditActionCount] {
        report.counts(by: .action).map { AuditActionCount(action: $0.action ?? "", count: BigInt($0.count)) }
    }
    var byOutcome: [AuditOutcomeCount] {
        report.counts(by: .outcome).map { row in
            let outcome = row.outcome.flatMap(AuditOutcome.init) ?? .failed
            return AuditOutcomeCount(outcome: outcome, count: BigInt(row.count))
        }
    }
    var byActor: [AuditActorItem] { report.counts(by: .actor).map(AuditActorItem.init) }
    var byTime: [AuditTimeCount] {
        report.counts(by: .period).compactMap { row in
            row.period.map { AuditTimeCount(startsAt: DateTime($0), count: BigInt(row.count)) }
        }
    }
    var generatedAt: DateTime { DateTime(report.generatedAt) }
}

/// How often somebody did something.
struct AuditActorItem: Sendable {
    let row: AuditCountRow

    var count: BigInt { BigInt(row.count) }

    init(_ row: AuditCountRow) { self.row = row }

    static func actor(of parents: Batch<AuditActorItem>, in context: RequestContext) async throws -> Results<User?> {
        try await context.users(of: parents) { $0.row.actorID }
    }
}

extension Query {
    static func auditReport(
        _ arguments: QueryAuditReportArguments,
        in context: RequestContext
    ) async throws -> AuditReportItem? {
        let (services, principal, client) = try await context.actor()
        // An id of another kind is that of a team nobody sees.
        if let given = arguments.teamId, given.uuid == nil { return nil }
        do {
            return try await AuditView(services, principal, from: client).report(
                of: arguments.teamId?.uuid,
                since: arguments.since.timestamp,
                until: arguments.until?.timestamp,
                by: arguments.by == .hour ? .hour : .day
            ).map(AuditReportItem.init)
        } catch AuditView.Failure.forbidden {
            throw AccessRefusal.auditLog
        } catch AuditView.ReportFailure.range(let days) {
            throw GraphQLError(
                "\"until\" must be after \"since\", and at most \(days) days.",
                extensions: ["code": .string("BAD_USER_INPUT")]
            )
        }
    }
}
