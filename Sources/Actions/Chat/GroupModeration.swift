package import Data
package import PostgresClient

/// Keeps people out of groups, and from writing.
package struct GroupModeration {
    private let work: ChatWork

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
    }

    /// Takes somebody out who stands below whoever asks, or is not there, and lets them in no more; until then, or for ever.
    package func ban(
        _ user: UUID,
        from group: UUID,
        reason: String,
        until: Timestamp?
    ) async throws -> Result<BanRow, ChatFaults> {
        let work = work
        var faults: [ChatFault] = []
        let reason = ChatText.line(reason, 1...500, ["reason"], &faults)
        if let until, until.microseconds <= work.now.microseconds {
            faults.append(ChatFault(.invalidInput, ["expiresAt"], "Give it a moment that is to come."))
        }
        if let faults = ChatFaults(faults) { return .failure(faults) }
        return try await audited("group.ban", group) { transaction in
            try await moderated(user, in: group, transaction)
            guard try await !transaction.session.users([user]).isEmpty else { throw ChatFaults(.notFound(["userId"])) }
            try await transaction.lockPeople([user])
            let row = try await transaction.ban(user, from: group, reason: reason, by: work.user, until: until)
            try await transaction.closeJoinRequests(
                of: [user],
                to: group,
                status: "REJECTED",
                by: work.user,
                at: work.now
            )
            guard try await transaction.removeGroupMember(user, from: group) else { return row }
            let events = try await GroupMembership(work).left(user, group, transaction)
            work.tell(events, in: transaction)
            return row
        }
    }

    package func unban(_ user: UUID, from group: UUID) async throws -> Result<GroupRow, ChatFaults> {
        try await audited("group.unban", group) { transaction in
            let row = try await moderated(user, in: group, transaction)
            guard try await transaction.unban(user, from: group) else { throw ChatFaults(.notFound(["userId"])) }
            return row
        }
    }

    /// Keeps somebody who stands below whoever asks from writing to a channel; nil lets them again.
    package func timeOut(
        _ user: UUID,
        in room: UUID,
        until: Timestamp?,
        reason: String
    ) async throws -> Result<RoomRow, ChatFaults> {
        let work = work
        var faults: [ChatFault] = []
        let reason = ChatText.line(reason, 0...500, ["reason"], &faults)
        if let until, until.microseconds <= work.now.microseconds {
            faults.append(ChatFault(.invalidInput, ["until"], "Give it a moment that is to come."))
        }
        if let faults = ChatFaults(faults) { return .failure(faults) }
        let resource = NewAuditEntry.Resource(type: "Room", id: GlobalID.text("room", room))
        return try await work.audited("room.timeout", on: resource) { transaction in
            guard let seen = try await transaction.rooms([room], visibleTo: work.user).first else {
                throw ChatFaults(.notFound(["roomId"]))
            }
            guard let group = seen.channel?.groupID else { throw ChatFaults(.forbidden(["roomId"])) }
            try await moderated(user, in: group, transaction, path: "roomId")
            guard try await transaction.groupMember(user, of: group) != nil else {
                throw ChatFaults(.notAMember, ["userId"], "This person does not belong to the group.")
            }
            try await transaction.setTimeout(of: user, in: room, until: until, reason: reason, by: work.user)
            return seen
        }
    }

    private func audited<Value: Sendable>(
        _ action: String,
        _ group: UUID,
        _ body: @escaping (Transaction) async throws -> Value
    ) async throws -> Result<Value, ChatFaults> {
        let resource = NewAuditEntry.Resource(type: "Group", id: GlobalID.text("grp", group))
        return try await work.audited(action, on: resource, body)
    }

    /// The group, held, where whoever asks moderates and stands above somebody, who need not belong to it.
    @discardableResult
    private func moderated(
        _ user: UUID,
        in group: UUID,
        _ transaction: Transaction,
        path: String = "groupId"
    ) async throws -> GroupRow {
        guard let row = try await transaction.lockGroup(group, visibleTo: work.user) else {
            throw ChatFaults(.notFound([path]))
        }
        guard GroupRank.of(row.role) >= GroupRank.of("MODERATOR") else { throw ChatFaults(.forbidden([path])) }
        let member = try await transaction.groupMember(user, of: group)
        guard GroupRank.of(member?.role) < GroupRank.of(row.role) else { throw ChatFaults(.forbidden(["userId"])) }
        return row
    }
}
