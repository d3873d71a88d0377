package import Data
internal import PostgresClient

/// Who may do what in a room, told by the row that shows that they see it.
extension RoomRow {
    package func allows(_ permission: GroupPermission) -> Bool {
        guard channel != nil else { return permission.isOfEveryParty ?? false }
        return groupRole.flatMap(GroupRole.init)?.may(permission) ?? false
    }

    /// Whether the user stands above the others of the room's group.
    package var isModerated: Bool { allows(.roomModerate) }

    package var acceptsMessages: Bool { allows(channel?.kind == "ANNOUNCEMENT" ? .roomAnnounce : .roomPost) }
}

/// What keeps somebody from writing just now. Those who moderate never have to wait.
extension ChatWork {
    /// Holds for all that others get to see: messages, edits, reactions, that somebody types.
    func timeOut(_ admitted: RoomAdmission, _ path: [String]) -> ChatFault? {
        guard !admitted.room.isModerated, let until = admitted.gate.timedOutUntil,
            until.microseconds > now.microseconds
        else { return nil }
        return ChatFault(.timedOut, path, "You may not write here for a while.")
    }

    func slowMode(_ admitted: RoomAdmission, _ path: [String]) -> ChatFault? {
        let seconds = admitted.gate.slowModeSeconds
        guard !admitted.room.isModerated, seconds > 0, let last = admitted.gate.lastPostedAt else { return nil }
        let left = last.microseconds + Int64(seconds) * 1_000_000 - now.microseconds
        guard left > 0 else { return nil }
        let wait = Int((left + 999_999) / 1_000_000)
        return ChatFault(.slowMode, path, "Wait for \(wait) seconds.", .wait(seconds: wait))
    }
}
