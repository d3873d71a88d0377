package import Data
internal import PostgresClient

/// Who may do what in a room, told by the row that shows that they see it.
extension RoomRow {
    /// Whether the user stands above the others of the room's group.
    package var isModerated: Bool { ["OWNER", "ADMIN", "MODERATOR"].contains(groupRole) }

    /// Names, members and archive of a channel.
    package var isManaged: Bool { ["OWNER", "ADMIN"].contains(groupRole) }

    /// Announcements are written by those who moderate.
    package var acceptsMessages: Bool { channel?.kind != "ANNOUNCEMENT" || isModerated }
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

/// Who may do what in a group.
extension GroupRow {
    package var isManaged: Bool { ["OWNER", "ADMIN"].contains(role) }
}

/// The ranks of a group: nobody changes those who stand as high as they do.
enum GroupRank {
    static func of(_ role: String?) -> Int {
        switch role {
        case "OWNER": 3
        case "ADMIN": 2
        case "MODERATOR": 1
        case "MEMBER": 0
        default: -1
        }
    }
}
