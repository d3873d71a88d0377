internal import Data
internal import PostgresClient

/// What somebody was found to be allowed in the group of what a request names: itself, a room, a message, a request to join.
/// Only the look-up makes one, and what the roles of groups decide asks for it: what the schema declares no permission of
/// cannot be done.
package struct GroupAccess: Sendable {
    package let permission: GroupPermission
    /// What was named, whether it is there or not; nil for what is no id of these.
    fileprivate let target: Target?
    /// Where that is; nil for those who do not see it.
    fileprivate let place: Place?
    /// Of the argument that names it.
    let path: [String]
    fileprivate let user: UUID

    fileprivate enum Target: Sendable {
        case group(UUID)
        case room(UUID)
        case message(UUID)
        case joinRequest(UUID)
    }

    fileprivate enum Place: Sendable {
        /// Strangers have no role.
        case group(UUID, GroupRole?)
        case roomOfNoGroup

        init(_ group: GroupRow) { self = .group(group.id, group.standing) }

        init(_ room: RoomRow) {
            self = room.channel.map { .group($0.groupID, room.groupRole.flatMap(GroupRole.init)) } ?? .roomOfNoGroup
        }
    }

    /// Why it is refused; nil where it is not.
    package var fault: ChatFault? { refusal(in: place) }

    private func refusal(in place: Place?) -> ChatFault? {
        switch place {
        case nil: .notFound(path)
        case .group(_, let role): role?.may(permission) == true ? nil : .forbidden(path)
        case .roomOfNoGroup:
            switch permission.isOfEveryParty {
            case true?: nil
            case false?: .forbidden(path)
            case nil: .notFound(path)
            }
        }
    }

    /// What the log says it was done to.
    func resource(_ type: String) -> NewAuditEntry.Resource? {
        let id =
            switch target {
            case .group(let id): GlobalID.text("grp", id)
            case .room(let id): GlobalID.text("room", id)
            case .message(let id): GlobalID.text("msg", id)
            case .joinRequest(let id): GlobalID.text("gjr", id)
            case nil: String?.none
            }
        return id.map { NewAuditEntry.Resource(type: type, id: $0) }
    }
}

// MARK: Held again

/// In a transaction: what a role allowed a moment ago does not count.
extension GroupAccess {
    /// The group that was named. Its people and channels are changed by nobody else until the transaction ends.
    func lockedGroup(in transaction: Transaction) async throws -> GroupRow {
        guard case .group(let id) = target else { throw ChatFaults(.notFound(path)) }
        return try await locked(id, in: transaction)
    }

    /// The request that was named, with its group held.
    func lockedJoinRequest(in transaction: Transaction) async throws -> (id: UUID, group: GroupRow) {
        guard case .joinRequest(let id) = target else { throw ChatFaults(.notFound(path)) }
        if let fault { throw ChatFaults(fault) }
        guard case .group(let group, _) = place else { throw ChatFaults(.notFound(path)) }
        return (id, try await locked(group, in: transaction))
    }

    /// The channel that was named, with its group held.
    func lockedChannel(in transaction: Transaction) async throws -> (RoomRow, RoomRow.ChannelPart) {
        guard case .room(let id) = target else { throw ChatFaults(.notFound(path)) }
        if let fault { throw ChatFaults(fault) }
        guard case .group(let group, _) = place,
            try await transaction.lockGroup(group, visibleTo: user) != nil,
            let room = try await transaction.rooms([id], visibleTo: user).first, let part = room.channel
        else { throw ChatFaults(.notFound(path)) }
        if let refusal = refusal(in: Place(room)) { throw ChatFaults(refusal) }
        return (room, part)
    }

    /// The message that was named, held with its group, and its room as it is by then.
    func lockedMessage(in transaction: Transaction) async throws -> (MessageRow, RoomRow) {
        guard case .message(let id) = target else { throw ChatFaults(.notFound(path)) }
        if let fault { throw ChatFaults(fault) }
        if case .group(let group, _) = place, try await transaction.lockGroup(group, visibleTo: user) == nil {
            throw ChatFaults(.notFound(path))
        }
        guard let message = try await transaction.lockMessage(id, visibleTo: user), message.deletedAt == nil,
            let room = try await transaction.rooms([message.roomID], visibleTo: user).first
        else { throw ChatFaults(.notFound(path)) }
        if let refusal = refusal(in: Place(room)) { throw ChatFaults(refusal) }
        return (message, room)
    }

    private func locked(_ id: UUID, in transaction: Transaction) async throws -> GroupRow {
        if let fault { throw ChatFaults(fault) }
        guard let group = try await transaction.lockGroup(id, visibleTo: user) else {
            throw ChatFaults(.notFound(path))
        }
        if let refusal = refusal(in: Place(group)) { throw ChatFaults(refusal) }
        return group
    }
}

// MARK: Looked up

extension IdentityServices {
    /// Looks up what the principal may do in the group of what has this id, in one statement.
    package func access(
        of principal: Principal,
        to id: String,
        _ permission: GroupPermission,
        path: [String]
    ) async throws -> GroupAccess {
        let (user, session) = (principal.user.id, database.session)
        let target: GroupAccess.Target?
        let place: GroupAccess.Place?
        if let group = GlobalID.uuid("grp", id) {
            target = .group(group)
            place = try await session.groups([group], visibleTo: user).first.map { .init($0) }
        } else if let room = GlobalID.uuid("room", id) {
            target = .room(room)
            place = try await session.rooms([room], visibleTo: user).first.map { .init($0) }
        } else if let message = GlobalID.uuid("msg", id) {
            target = .message(message)
            place = try await session.room(ofMessage: message, visibleTo: user).map { .init($0) }
        } else if let request = GlobalID.uuid("gjr", id) {
            target = .joinRequest(request)
            let deciding = GroupPermission.memberManage.roles
            place = try await session.group(ofJoinRequest: request, visibleTo: user, deciding: deciding).map {
                .init($0)
            }
        } else {
            (target, place) = (nil, nil)
        }
        return GroupAccess(permission: permission, target: target, place: place, path: path, user: user)
    }
}
