package import Data
package import PostgresClient

/// Follows a thread, or does so no more. Doing it again changes nothing.
package struct ThreadFollow {
    private let work: ChatWork

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
    }

    /// - Parameter id: of any message of the thread.
    /// - Returns: the message that it stands below.
    package func run(_ id: UUID, isFollowing: Bool) async throws -> Result<MessageRow, ChatFaults> {
        let (work, path) = (work, ["threadId"])
        return try await work.transaction { transaction in
            guard let message = try await transaction.messages([id], visibleTo: work.user).first,
                let root = try await transaction.messages([message.threadRootID ?? id], visibleTo: work.user).first,
                try await !transaction.threads(of: [root.id]).isEmpty
            else { throw ChatFaults(.notFound(path)) }
            try await transaction.setFollowing(isFollowing, of: work.user, thread: root.id)
            return root
        }
    }
}
