internal import Credentials
package import Data
package import PostgresClient

/// How a copy of the log is written.
package enum AuditExportFormat: String, Sendable {
    case csv
    case ndjson
}

/// Hands out the address of a copy of the log. Nothing is copied before it is read: a million entries need no place.
package struct AuditExport {
    package struct Link: Sendable {
        package let url: String
        package let expiresAt: Timestamp
    }

    static let path = "/audit/export"

    private let files: FileServices
    private let view: AuditView

    package init(_ files: FileServices, _ view: AuditView) {
        self.files = files
        self.view = view
    }

    package func run(
        team: UUID?,
        _ filter: AuditFilter,
        _ format: AuditExportFormat
    ) async throws -> Result<Link, TeamFaults> {
        let options = view.services.options
        let user = view.principal.user.id
        try await view.services.limit(
            "audit_export",
            by: user.description,
            options.auditExportsPerHour,
            perSeconds: 3_600
        )
        do {
            guard try await view.maySee(team) else { return .failure(TeamFaults(.notFound(["teamId"]))) }
        } catch AuditView.Failure.forbidden {
            let message = "This needs the permission to read the audit log."
            return .failure(TeamFaults(.forbidden, ["teamId"], message))
        }
        // Ends with what has let them in.
        let proof =
            switch view.principal.proof {
            case .session(let session): "session=\(session.id)"
            case .key(let key): "key=\(key.prefix)"
            }
        var target = "\(AuditExport.path)?user=\(user)&\(proof)&format=\(format.rawValue)&filter=\(filter.text)"
        if let team { target += "&team=\(team)" }
        let end = files.nowSeconds + options.auditExportSeconds
        let link = files.links.sign("GET", target, untilSeconds: end)
        // What would not be taken when it comes back.
        guard link.utf8.count <= 4_096 else {
            return .failure(TeamFaults(.invalidInput, ["filter"], "The filter is too long for an address."))
        }
        let changes = [AuditChange("format", nil, format.rawValue), AuditChange("filter", nil, filter.words)]
        try await view.record("audit.export", team, changes: changes)
        return .success(
            Link(url: files.options.publicURL + link, expiresAt: Timestamp(microseconds: end * 1_000_000))
        )
    }
}
