import Actions
import Glibc

/// `Server audit verify [--seal SEAL]`: whether the audit log is what it was when it was sealed.
struct AuditCommand {
    private static let usage = "usage: Server audit verify [--seal SEAL]"

    private let arguments: [String]
    private let configuration: Configuration

    init(_ arguments: some Sequence<String>, _ configuration: Configuration) {
        self.arguments = Array(arguments)
        self.configuration = configuration
    }

    func run() async throws {
        let kept: String?
        switch (arguments.first, arguments.count) {
        case ("verify", 1): kept = nil
        case ("verify", 3) where arguments[1] == "--seal": kept = arguments[2]
        default: throw UsageError(text: Self.usage)
        }
        let report = try await CommandServices.with(configuration) { services in
            try await AuditVerify(services.database).run(kept: kept)
        }
        Server.report([
            "\(report.sealedEntries) entries under \(report.seals) seals, and \(report.unsealedEntries) not sealed yet",
            "the last seal is \(report.lastSeal ?? "still to come")",
        ])
        Server.report(report.findings.map { "error: \($0)" })
        if !report.findings.isEmpty { exit(1) }
        Server.report(["nothing was changed"])
    }
}
