internal import Credentials
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

    /// Findings after which it looks no further.
    private static let mostFindings = 1_000
    /// Changed entries that are told of each seal.
    private static let mostChanges = 20

    private let database: Database
    /// Entries that one statement hashes.
    private let portion: Int

    package init(_ database: Database, portion: Int = 1_000) {
        self.database = database
        self.portion = portion
    }

    /// What there is of a stretch of the log now.
    private struct Stretch {
        var entries = 0
        /// The first of those that were changed.
        var changed: [Int] = []

        mutating func add(_ entry: AuditHashRow) {
            entries += 1
            if entry.isChanged, changed.count < mostChanges { changed.append(entry.sequence) }
        }
    }

    /// `kept` is a seal of an earlier report, which must still be there. So must the one that the database remembers. Where a
    /// thousand things were found, those behind them are not looked for.
    package func run(kept: String? = nil) async throws -> Report {
        var report = Report()
        // Asked first: what is added meanwhile is behind it.
        let memory = try await database.session.auditMemory()
        var missing = Set([kept?.lowercased(), memory.lastSeal.map { Hexadecimal.text($0.content) }].compactMap { $0 })
        var last: AuditSealRow?
        while true {
            let seals = try await database.session.auditSeals(after: last?.through ?? 0, limit: 200)
            if seals.isEmpty { break }
            try await check(seals, after: last, &report)
            for seal in seals { missing.remove(Hexadecimal.text(seal.seal.content)) }
            last = seals.last
            if report.findings.count >= AuditVerify.mostFindings { return report }
        }
        try await checkUnsealed(after: last?.through ?? 0, &report)
        if !missing.isEmpty { report.findings.append(.sealGone) }
        if memory.newest < memory.written { report.findings.append(.endGone(after: memory.newest)) }
        return report
    }

    /// Entries are read when their seals are known: then none of them can still be on its way.
    private func check(_ seals: [AuditSealRow], after last: AuditSealRow?, _ report: inout Report) async throws {
        guard let first = seals.first, let end = seals.last?.through else { return }
        var last = last
        var entries = AuditEntries(database, from: first.from, through: end, portion: portion)
        for seal in seals {
            if seal.from != (last?.through ?? 0) &+ 1 {
                entries = AuditEntries(database, from: seal.from, through: end, portion: portion)
            }
            var found = Stretch()
            var digest = RunningSHA256()
            digest.add(seal.previous?.content ?? [])
            digest.add(AuditVerify.bytes(seal.through) + AuditVerify.bytes(seal.entries))
            while let entry = try await entries.next(through: seal.through) {
                found.add(entry)
                digest.add(entry.hash.content)
            }
            report.findings += AuditVerify.findings(seal, found, Bytes(digest.finish()), after: last)
            report.sealedEntries += found.entries
            report.seals += 1
            report.lastSeal = Hexadecimal.text(seal.seal.content)
            last = seal
        }
    }

    /// Up to what is the end now: whoever writes meanwhile keeps nobody from coming to one.
    private func checkUnsealed(after through: Int, _ report: inout Report) async throws {
        let end = try await database.session.lastAuditEntry()
        for (from, through) in [(Int.min, 0), (through &+ 1, end)] {
            var found = Stretch()
            var entries = AuditEntries(database, from: from, through: through, portion: portion)
            while let entry = try await entries.next(through: through) { found.add(entry) }
            report.unsealedEntries += found.entries
            report.findings += found.changed.map(Finding.changed)
        }
    }

    private static func findings(
        _ seal: AuditSealRow,
        _ found: Stretch,
        _ digest: Bytes,
        after last: AuditSealRow?
    ) -> [Finding] {
        var findings = found.changed.map(Finding.changed)
        if seal.previous != last?.seal || seal.from != (last?.through ?? 0) &+ 1 {
            findings.append(.brokenChain(through: seal.through))
        }
        // No seal of ours says that.
        guard seal.entries >= 0 else { return findings + [.replaced(from: seal.from, through: seal.through)] }
        let difference = found.entries - seal.entries
        if difference < 0 {
            findings.append(.removed(count: -difference, from: seal.from, through: seal.through))
        } else if difference > 0 {
            findings.append(.added(count: difference, from: seal.from, through: seal.through))
        } else if findings.isEmpty, digest != seal.seal {
            findings.append(.replaced(from: seal.from, through: seal.through))
        }
        return findings
    }

    /// As the database sends it: eight bytes, the greatest first.
    private static func bytes(_ number: Int) -> [UInt8] {
        withUnsafeBytes(of: Int64(number).bigEndian) { Array($0) }
    }
}
