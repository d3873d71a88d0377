import Actions
import GraphQLEngine
import GraphQLSchema

/// How the server is as clients see it: the model of the schema's type.
struct HealthReportItem: Sendable {
    let report: Actions.HealthReport

    var status: HealthStatus { HealthStatus(report.status) }
    var checks: [HealthCheck] {
        report.checks.map { check in
            HealthCheck(
                name: check.name,
                status: HealthStatus(check.status),
                latencyMilliseconds: check.milliseconds,
                message: check.message
            )
        }
    }
    var at: DateTime { DateTime(report.at) }
}

extension HealthStatus {
    fileprivate init(_ status: Actions.HealthReport.Status) {
        switch status {
        case .pass: self = .pass
        case .warn: self = .warn
        case .fail: self = .fail
        }
    }
}

extension Query {
    static func health(in context: RequestContext) async throws -> HealthReportItem {
        guard let checkup = context.server.checkup else { throw AccessRefusal.unavailable }
        return HealthReportItem(report: await checkup.report())
    }
}
