package import Data
package import PostgresClient

/// Changes who belongs to a group, and as what. The rooms of the group are told of those who come and go, which is how
/// subscriptions learn that they end.
package struct GroupMembership {
    private let work: ChatWork

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
    }

    init(_ work: ChatWork) { self.work = work }

    /// What came of wanting to join.
    package enum Joining: Sendable {
        case member(GroupMemberRow)
        /// The administrators decide.
        case request(JoinRequestRow)
    }

    /// Joins a group that is open to all, or asks the administrators of one that is not.
    package func join(_ group: UUID, message: String?) async throws -> Result<Joining, ChatFaults> {
        let (work, path) = (work, ["groupId"])
        var faults: [ChatFault] = []
        let message = message.map { ChatText.text($0, 0...500, ["message"], &faults) }
        if let faults = ChatFaults(faults) { return .failure(faults) }
        return try await audited("group.join", group) { transaction in
            guard let row = try await transaction.lockGroup(group, visibleTo: work.user) else {
                throw ChatFaults(.notFound(path))
            }
            guard row.role == nil else {
                throw ChatFaults(.alreadyMember, path, "You belong to it already.")
            }
            guard row.visibility == "PUBLIC" else {
                guard try await transaction.banned([work.user], from: group, at: work.now).isEmpty else {
                    throw ChatFaults(.banned, path, "You are kept out of it.")
                }
                let text = message.flatMap { $0.isEmpty ? nil : $0 }
                guard let request = try await transaction.askToJoin(group, work.user, message: text) else {
                    throw ChatFaults(.alreadyExists, path, "You have asked already.")
                }
                let event = NewEvent.group("GroupJoinRequested", group, "request", request.id, by: work.user)
                work.tell([event], in: transaction)
                return .request(request)
            }
            let added = try await add([work.user], to: group, path, in: transaction)
            guard let member = added.first else { throw ChatFaults(.notFound(path)) }
            return .member(member)
        }
    }

    /// Those of these people who were not there before.
    package func add(_ access: GroupAccess, _ users: [UUID]) async throws -> Result<[GroupMemberRow], ChatFaults> {
        let work = work
        return try await work.audited("group.members_add", on: access.resource("Group")) { transaction in
            let group = try await access.lockedGroup(in: transaction)
            guard try await transaction.blockers(of: work.user, among: users).isEmpty else {
                throw ChatFaults(.blocked(["userIds"]))
            }
            return try await add(users, to: group.id, ["userIds"], in: transaction)
        }
    }

    package func leave(_ group: UUID) async throws -> Result<UUID, ChatFaults> {
        let (work, path) = (work, ["groupId"])
        return try await audited("group.leave", group) { transaction in
            guard let row = try await transaction.lockGroup(group, visibleTo: work.user) else {
                throw ChatFaults(.notFound(path))
            }
            guard let role = row.role else {
                throw ChatFaults(.notAMember, path, "You do not belong to it.")
            }
            guard role != "OWNER" else {
                throw ChatFaults(.lastOwner, path, "Hand the group over first: it would have no owner.")
            }
            try await remove(work.user, from: group, in: transaction)
            return group
        }
    }

    /// Takes somebody out who stands below whoever asks.
    package func remove(_ access: GroupAccess, _ user: UUID) async throws -> Result<GroupRow, ChatFaults> {
        try await work.audited("group.member_remove", on: access.resource("Group")) { transaction in
            let group = try await manageable(user, access, transaction)
            try await remove(user, from: group.id, in: transaction)
            return group
        }
    }

    /// Raises or lowers somebody below whoever asks, to below whoever asks. An owner who makes another the owner is an
    /// administrator from then on.
    package func setRole(
        _ access: GroupAccess,
        _ role: String,
        of user: UUID
    ) async throws -> Result<GroupMemberRow, ChatFaults> {
        let work = work
        return try await work.audited("group.member_role", on: access.resource("Group")) { transaction in
            let row = try await manageable(user, access, transaction)
            let (group, own) = (row.id, GroupRank.of(row.role))
            guard GroupRank.of(role) < own || row.role == "OWNER" else { throw ChatFaults(.forbidden(["role"])) }
            try await transaction.lockPeople([user])
            if role == "OWNER" { _ = try await transaction.setGroupRole("ADMIN", of: work.user, in: group) }
            guard let member = try await transaction.setGroupRole(role, of: user, in: group) else {
                throw ChatFaults(.notFound(["userId"]))
            }
            // Whoever is lowered may lose private channels.
            let channels = try await transaction.channelIDs(of: group)
            let calls = try await work.leaveCalls(of: user, in: channels, transaction)
            let events = channels.map { NewEvent.member("RoomMemberChanged", user, of: $0, by: work.user) } + calls
            let changed = NewEvent.group("GroupMemberChanged", group, "user", user, by: work.user)
            work.tell(events + [changed], in: transaction)
            return member
        }
    }

    // MARK: Parts

    private func audited<Value: Sendable>(
        _ action: String,
        _ group: UUID,
        _ body: @escaping (Transaction) async throws -> Value
    ) async throws -> Result<Value, ChatFaults> {
        let resource = NewAuditEntry.Resource(type: "Group", id: GlobalID.text("grp", group))
        return try await work.audited(action, on: resource, body)
    }

    /// The group, held, if somebody in it stands below whoever asks.
    private func manageable(
        _ user: UUID,
        _ access: GroupAccess,
        _ transaction: Transaction
    ) async throws -> GroupRow {
        let row = try await access.lockedGroup(in: transaction)
        guard let member = try await transaction.groupMember(user, of: row.id) else {
            throw ChatFaults(.notAMember, ["userId"], "This person does not belong to the group.")
        }
        guard GroupRank.of(member.role) < GroupRank.of(row.role) else {
            let isOwner = member.role == "OWNER"
            throw ChatFaults(
                isOwner && user == work.user
                    ? ChatFault(.lastOwner, ["userId"], "Hand the group over first: it would have no owner.")
                    : .forbidden(["userId"])
            )
        }
        return row
    }

    func add(
        _ users: [UUID],
        to group: UUID,
        _ path: [String],
        in transaction: Transaction
    ) async throws -> [GroupMemberRow] {
        let limit = work.services.options.membersPerGroup
        let used = try await transaction.session.groupMemberCounts(of: [group]).first ?? 0
        guard used + users.count <= limit else {
            throw ChatFaults(.quota("group_members", path, limit: limit, used: used))
        }
        guard try await transaction.banned(users, from: group, at: work.now).isEmpty else {
            throw ChatFaults(.banned, path, "Somebody of them is kept out of the group.")
        }
        try await transaction.closeJoinRequests(
            of: users,
            to: group,
            status: "APPROVED",
            by: work.user,
            at: work.now
        )
        let added = try await transaction.addGroupMembers(users, to: group, role: "MEMBER")
        let events = added.flatMap { member in
            [
                NewEvent.group("GroupMemberChanged", group, "user", member.userID, by: work.user),
                .membership(of: member.userID, group: group, by: work.user),
            ]
        }
        work.tell(events, in: transaction)
        return added
    }

    private func remove(_ user: UUID, from group: UUID, in transaction: Transaction) async throws {
        // Before what is theirs, as those do who erase an account.
        try await transaction.lockPeople([user])
        guard try await transaction.removeGroupMember(user, from: group) else { return }
        work.tell(try await left(user, group, transaction), in: transaction)
    }

    /// What is to be told of somebody who is no longer there.
    func left(_ user: UUID, _ group: UUID, _ transaction: Transaction) async throws -> [NewEvent] {
        let channels = try await transaction.channelIDs(of: group)
        let calls = try await work.leaveCalls(of: user, in: channels, transaction)
        let events = channels.map { NewEvent.member("RoomMemberLeft", user, of: $0, by: work.user) }
        return events + calls + [
            .group("GroupMemberChanged", group, "user", user, by: work.user),
            .membership(of: user, group: group, by: work.user),
        ]
    }
}
