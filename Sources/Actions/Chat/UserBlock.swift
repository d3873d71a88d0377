package import Data
package import PostgresClient

/// Blocks people, or does so no more. Doing it again changes nothing; nobody is told.
package struct UserBlock {
    private let work: ChatWork

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
    }

    package func block(_ other: UUID) async throws -> Result<UserRow, ChatFaults> {
        let (work, path) = (work, ["userId"])
        guard other != work.user else {
            return .failure(ChatFaults(.invalidInput, path, "Nobody blocks themselves."))
        }
        return try await work.audited("user.block", on: other.user) { transaction in
            let row = try await other.account(path, in: transaction)
            // One at a time: each counts what the others have blocked.
            try await transaction.lockPeople([work.user])
            let limit = work.services.options.blocksPerUser
            guard try await transaction.block(other, by: work.user, at: work.now, limit: limit) else {
                throw ChatFaults(.quota("blocks", path, limit: limit, used: limit))
            }
            return row
        }
    }

    package func unblock(_ other: UUID) async throws -> Result<UserRow, ChatFaults> {
        let (work, path) = (work, ["userId"])
        return try await work.audited("user.unblock", on: other.user) { transaction in
            let row = try await other.account(path, in: transaction)
            _ = try await transaction.unblock(other, by: work.user)
            return row
        }
    }
}

extension UUID {
    /// A user, as the audit log names them.
    fileprivate var user: NewAuditEntry.Resource {
        NewAuditEntry.Resource(type: "User", id: GlobalID.text("usr", self))
    }

    fileprivate func account(_ path: [String], in transaction: Transaction) async throws -> UserRow {
        guard let row = try await transaction.session.users([self]).first, row.status != "DELETED" else {
            throw ChatFaults(.notFound(path))
        }
        return row
    }
}

extension ChatFault {
    /// Between two people of whom one has blocked the other.
    static func blocked(_ path: [String]) -> ChatFault {
        ChatFault(.blocked, path, "One of you has blocked the other.")
    }
}

extension ChatWork {
    /// Neither of two writes to the other in their room once one of them has blocked the other. What they wrote before stays.
    func block(_ admitted: RoomAdmission, _ path: [String]) -> ChatFault? {
        admitted.gate.isBlocked ? .blocked(path) : nil
    }
}
