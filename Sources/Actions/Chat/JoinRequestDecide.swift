package import Data
internal import PostgresClient

/// Takes somebody in who has asked to be, or does not.
package struct JoinRequestDecide {
    private let work: ChatWork

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
    }

    package func run(
        _ access: GroupAccess,
        approve: Bool
    ) async throws -> Result<(request: JoinRequestRow, member: GroupMemberRow?), ChatFaults> {
        let (work, path) = (work, access.path)
        return try await work.audited("group.join_decide", on: access.resource("GroupJoinRequest")) { transaction in
            let (id, group) = try await access.lockedJoinRequest(in: transaction)
            let status = approve ? "APPROVED" : "REJECTED"
            let decided = try await transaction.decideJoinRequest(id, status: status, by: work.user, at: work.now)
            guard let decided else {
                throw ChatFaults(.invalidTransition, path, "It was decided before.")
            }
            guard approve else { return (decided, nil) }
            let membership = GroupMembership(work)
            let added = try await membership.add([decided.userID], to: group.id, path, in: transaction)
            guard let member = added.first else { throw ChatFaults(.notFound(path)) }
            return (decided, member)
        }
    }
}
