internal import Credentials
internal import Data
internal import EventLoop
internal import PostgresClient
internal import Synchronization

/// Writes a copy of the log while it is read, by the address that was handed out for it.
///
/// Between two stretches nothing is held in the database: whoever reads slowly holds up nobody.
package final class AuditDownload: Sendable {
    package enum Failure: Error, Sendable, Equatable {
        case forged
        case expired
        /// Who asked for it may not read the log any more.
        case forbidden
        /// As many are being written as may.
        case busy
    }

    /// A copy that may be written.
    package struct Opened: Sendable {
        package let format: AuditExportFormat
        fileprivate let user: UUID
        fileprivate let proof: Proof
        fileprivate let team: UUID?
        fileprivate let filter: AuditFilter
    }

    /// By what whoever asked for it was let in.
    fileprivate enum Proof: Sendable {
        case session(UUID)
        /// With this prefix.
        case key(String)
    }

    /// Entries that are read by one statement.
    private static let stretch = 200
    /// Entries that are written in one turn of the loop: what else it serves waits for no more.
    private static let portion = 25
    /// Stretches after which it is asked again whether they may.
    private static let stretchesUntilAsked = 50

    private let files: FileServices
    private let running = Mutex(0)

    private var services: IdentityServices { files.identity }

    package init(_ files: FileServices) { self.files = files }

    /// A name for a request, as the log has it.
    package var requestID: String { services.newID().description }

    /// - Parameter target: path and query of the request.
    package func open(_ target: String) async throws -> Result<Opened, Failure> {
        switch files.links.check("GET", target, atSeconds: files.nowSeconds) {
        case .forged: return .failure(.forged)
        case .expired: return .failure(.expired)
        case .good: break
        }
        let query = target.split(separator: "?", maxSplits: 1).last ?? ""
        var values: [Substring: Substring] = [:]
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { values[parts[0]] = parts[1] }
        }
        let session = values["session"].flatMap { UUID(String($0)) }.map(Proof.session)
        guard let user = values["user"].flatMap({ UUID(String($0)) }),
            let proof = session ?? values["key"].map({ Proof.key(String($0)) }),
            let format = values["format"].flatMap({ AuditExportFormat(rawValue: String($0)) }),
            let filter = values["filter"].flatMap({ AuditFilter(text: String($0)) })
        else { return .failure(.forged) }
        let opened = Opened(
            format: format,
            user: user,
            proof: proof,
            team: values["team"].flatMap { UUID(String($0)) },
            filter: filter
        )
        return try await may(opened) ? .success(opened) : .failure(.forbidden)
    }

    /// Hands the copy to `write` in pieces; each is read when `write` has done with the last.
    package func run(
        _ copy: Opened,
        from client: ClientInfo,
        write: ([UInt8]) async throws -> Void
    ) async throws -> Result<Int, Failure> {
        let isIn = running.withLock { running in
            guard running < services.options.auditDownloads else { return false }
            running += 1
            return true
        }
        guard isIn else { return .failure(.busy) }
        defer { running.withLock { $0 -= 1 } }
        try await record(copy, .initiated, nil, client)
        var rows = 0
        do {
            try await hand(copy, to: write, counting: &rows)
            try await record(copy, .succeeded, rows, client)
            return .success(rows)
        } catch {
            try await record(copy, .failed, rows, client)
            throw error
        }
    }

    private func hand(
        _ copy: Opened,
        to write: ([UInt8]) async throws -> Void,
        counting count: inout Int
    ) async throws {
        let text = AuditText(copy.format)
        try await write(text.head)
        var (cursor, stretches): (String?, Int) = (nil, 0)
        repeat {
            stretches += 1
            if stretches % Self.stretchesUntilAsked == 0, try await !may(copy) { throw Failure.forbidden }
            let request = PageRequest(stretch: Self.stretch, after: cursor, signer: services.database.cursors)
            let session = services.database.session
            let page =
                if let team = copy.team {
                    try await session.auditEntries(of: team, copy.filter, request)
                } else {
                    try await session.auditEntries(copy.filter, request)
                }
            for start in stride(from: 0, to: page.rows.count, by: Self.portion) {
                let portion = page.rows[start..<min(start + Self.portion, page.rows.count)]
                try await write(text.lines(of: portion))
                count += portion.count
                try await EventLoop.current?.sleep(for: .zero)
            }
            cursor = page.hasNext ? page.cursor(at: page.rows.count - 1) : nil
        } while cursor != nil
    }

    private func may(_ copy: Opened) async throws -> Bool {
        guard let user = try await asker(of: copy), user.id == copy.user,
            user.status == "ACTIVE" || user.status == "PENDING_VERIFICATION"
        else { return false }
        if user.permissions.contains(.auditRead) { return true }
        guard let team = copy.team else { return false }
        let scope = try await services.database.session.teamScopes(of: user.id, in: [team])[team]
        return scope?.allows(.auditRead) ?? false
    }

    /// Nil once their session or key has ended.
    private func asker(of copy: Opened) async throws -> UserRow? {
        let now = services.now
        switch copy.proof {
        case .session(let id):
            guard let owner = try await services.database.session.sessionOwner(id), owner.session.revokedAt == nil,
                owner.session.expiresAt > now
            else { return nil }
            return owner.user
        case .key(let prefix):
            guard let owner = try await services.apiKeyOwner(prefix: prefix), services.isGood(owner, at: now) else {
                return nil
            }
            return owner.user
        }
    }

    private func record(
        _ copy: Opened,
        _ outcome: NewAuditEntry.Outcome,
        _ rows: Int?,
        _ client: ClientInfo
    ) async throws {
        let entry = NewAuditEntry(
            "audit.download",
            outcome,
            by: copy.user,
            of: copy.team,
            from: client,
            errorCode: outcome == .failed ? "ABORTED" : nil,
            changes: rows.map { [AuditChange("entries", nil, String($0))] } ?? []
        )
        try await services.database.recordAnyway(entry)
    }
}
