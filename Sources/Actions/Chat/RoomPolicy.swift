package import Data

/// Who may do what in a room, told by the row that shows that they see it.
extension RoomRow {
    /// Whether the user stands above the others of the room's group.
    package var isModerated: Bool { ["OWNER", "ADMIN", "MODERATOR"].contains(groupRole) }

    /// Names, members and archive of a channel.
    package var isManaged: Bool { ["OWNER", "ADMIN"].contains(groupRole) }

    /// Announcements are written by those who moderate.
    package var acceptsMessages: Bool { channel?.kind != "ANNOUNCEMENT" || isModerated }
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
