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
        _ access: GroupAccess,
        _ user: UUID,
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
        return try await work.audited("group.ban", on: access.resource("Group")) { transaction in
            let group = try await moderated(user, access, transaction).id
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

    package func unban(_ access: GroupAccess, _ user: UUID) async throws -> Result<GroupRow, ChatFaults> {
        try await work.audited("group.unban", on: access.resource("Group")) { transaction in
            let row = try await moderated(user, access, transaction)
            guard try await transaction.unban(user, from: row.id) else { throw ChatFaults(.notFound(["userId"])) }
            return row
        }
    }

    /// Keeps somebody who stands below whoever asks from writing to a channel; nil lets them again.
    package func timeOut(
        _ access: GroupAccess,
        _ user: UUID,
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
        return try await work.audited("room.timeout", on: access.resource("Room")) { transaction in
            let (room, part) = try await access.lockedChannel(in: transaction)
            let member = try await transaction.groupMember(user, of: part.groupID)
            guard GroupRank.of(member?.role) < GroupRank.of(room.groupRole) else {
                throw ChatFaults(.forbidden(["userId"]))
            }
            guard member != nil else {
                throw ChatFaults(.notAMember, ["userId"], "This person does not belong to the group.")
            }
            try await transaction.setTimeout(of: user, in: room.id, until: until, reason: reason, by: work.user)
            return room
        }
    }

    /// The group, held, where whoever asks stands above somebody, who need not belong to it.
    private func moderated(
        _ user: UUID,
        _ access: GroupAccess,
        _ transaction: Transaction
    ) async throws -> GroupRow {
        let row = try await access.lockedGroup(in: transaction)
        let member = try await transaction.groupMember(user, of: row.id)
        guard GroupRank.of(member?.role) < GroupRank.of(row.role) else { throw ChatFaults(.forbidden(["userId"])) }
        return row
    }
}
