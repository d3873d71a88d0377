package import Data
package import PostgresClient

/// Takes somebody in who has asked to be, or does not.
package struct JoinRequestDecide {
    private let work: ChatWork

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
    }

    package func run(
        _ id: UUID,
        approve: Bool
    ) async throws -> Result<(request: JoinRequestRow, member: GroupMemberRow?), ChatFaults> {
        let (work, path) = (work, ["requestId"])
        let resource = NewAuditEntry.Resource(type: "GroupJoinRequest", id: GlobalID.text("gjr", id))
        return try await work.audited("group.join_decide", on: resource) { transaction in
            guard let seen = try await transaction.joinRequests([id], visibleTo: work.user).first,
                let group = try await transaction.lockGroup(seen.groupID, visibleTo: work.user)
            else { throw ChatFaults(.notFound(path)) }
            guard group.isManaged else { throw ChatFaults(.forbidden(path)) }
            let status = approve ? "APPROVED" : "REJECTED"
            let decided = try await transaction.decideJoinRequest(id, status: status, by: work.user, at: work.now)
            guard let decided else {
                throw ChatFaults(.invalidTransition, path, "It was decided before.")
            }
            guard approve else { return (decided, nil) }
            let membership = GroupMembership(work)
            let added = try await membership.add([seen.userID], to: group.id, path, in: transaction)
            guard let member = added.first else { throw ChatFaults(.notFound(path)) }
            return (decided, member)
        }
    }
}
