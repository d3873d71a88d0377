package import Data
import EventLoop
internal import PostgresClient

/// Whether the audit log is what it was when it was sealed.
package struct AuditVerify {
    /// Something that was done to it. The numbers are those of entries.
    package enum Finding: Sendable, Equatable, CustomStringConvertible {
        case changed(Int)
        case removed(count: Int, from: Int, through: Int)
        case added(count: Int, from: Int, through: Int)
        /// The hashes beside the entries were made to fit, the seal was not.
        case replaced(from: Int, through: Int)
        /// The seal is not over the one before it, or not next to it.
        case brokenChain(through: Int)
        /// A seal that somebody has kept, or that the database remembers, is not there any more.
        case sealGone
        /// There was an entry behind this one, which is the last.
        case endGone(after: Int)

        package var description: String {
            switch self {
            case .changed(let number): "entry \(number) was changed"
            case .removed(let count, let from, let through): "\(count) of entries \(from) to \(through) are gone"
            case .added(let count, let from, let through): "\(count) were put among entries \(from) to \(through)"
            case .replaced(let from, let through): "entries \(from) to \(through) are not those that were sealed"
            case .brokenChain(let through): "the seal up to entry \(through) does not follow the one before it"
            case .sealGone: "the seal that was kept is not in the chain: the log was written anew, or its end cut off"
            case .endGone(let last): "entries behind entry \(last) are gone"
            }
        }
    }

    package struct Report: Sendable, Equatable {
        package var findings: [Finding] = []
        package var sealedEntries = 0
        package var unsealedEntries = 0
        package var seals = 0
        /// The last one, to be kept where whoever could change the log cannot change it.
        package var lastSeal: String?
    }

    private let database: Database

    package init(_ database: Database) { self.database = database }

    /// `kept` is a seal of an earlier report, which must still be there. So must the one that the database remembers. At most a
    /// thousand findings are told.
    package func run(kept: String? = nil) async throws -> Report {
        var report = Report()
        var through = 0
        var last: AuditSealRow?
        // Asked first: what is added meanwhile is behind it.
        let memory = try await database.session.auditMemory()
        var missing = Set([kept?.lowercased(), memory.lastSeal.map { Hexadecimal.text($0.content) }].compactMap { $0 })
        while report.findings.count < 1_000 {
            let seals = try await database.session.auditSeals(after: through, limit: 200)
            for seal in seals {
                report.findings += AuditVerify.findings(seal, after: last)
                report.sealedEntries += seal.foundEntries
                report.seals += 1
                let text = Hexadecimal.text(seal.seal.content)
                report.lastSeal = text
                missing.remove(text)
                last = seal
            }
            guard let end = seals.last else { break }
            through = end.through
        }
        let rest = try await database.session.unsealedAuditEntries(after: through)
        report.unsealedEntries = rest.entries
        report.findings += rest.changed.map(Finding.changed)
        if !missing.isEmpty { report.findings.append(.sealGone) }
        if memory.newest < memory.written { report.findings.append(.endGone(after: memory.newest)) }
        return report
    }

    private static func findings(_ seal: AuditSealRow, after last: AuditSealRow?) -> [Finding] {
        var findings = seal.changed.map(Finding.changed)
        if seal.previous != last?.seal || seal.from != (last?.through ?? 0) + 1 {
            findings.append(.brokenChain(through: seal.through))
        }
        let difference = seal.foundEntries - seal.entries
        if difference < 0 {
            findings.append(.removed(count: -difference, from: seal.from, through: seal.through))
        } else if difference > 0 {
            findings.append(.added(count: difference, from: seal.from, through: seal.through))
        } else if findings.isEmpty, seal.foundSeal != seal.seal {
            findings.append(.replaced(from: seal.from, through: seal.through))
        }
        return findings
    }
}

/// The log was found to have been changed.
package struct AuditLogBroken: Error, CustomStringConvertible {
    package let findings: [AuditVerify.Finding]
    package var description: String {
        "the audit log was changed: " + findings.prefix(20).map(\.description).joined(separator: "; ")
    }
}

/// What is done for the log again and again.
package struct AuditUpkeep {
    private let database: Database

    package init(_ database: Database) { self.database = database }

    package func seal() async throws {
        _ = try await database.pool.transaction { try await $0.sealAuditLog() }
    }

    /// Throws where somebody has changed it. The last seal is written to the log, and must be there the next time: whoever
    /// cuts the chain off or begins it anew has to take that entry away, which the seal over it shows.
    ///
    /// Answers that seal, to be kept where whoever could change the log cannot change it.
    package func verify() async throws -> String? {
        let kept = try await database.session.keptAuditSeal()
        let report = try await AuditVerify(database).run(kept: kept)
        let isWhole = report.findings.isEmpty
        guard !isWhole || report.lastSeal != nil else { return nil }
        let entry = NewAuditEntry(
            action: "audit.verify",
            outcome: isWhole ? .succeeded : .failed,
            actorID: nil,
            requestID: "",
            address: nil,
            userAgent: "",
            errorCode: isWhole ? nil : "LOG_CHANGED",
            changes: isWhole ? [AuditChange("seal", nil, report.lastSeal)] : []
        )
        try await database.pool.transaction { try await $0.record(entry) }
        guard isWhole else { throw AuditLogBroken(findings: report.findings) }
        return report.lastSeal
    }
}
