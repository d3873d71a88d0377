import Data
import PostgresClient

/// Rooms of all kinds have ids of one kind: whoever holds one need not know what the room is.
enum RoomGlobalID {
    static func text(_ id: UUID) -> String { GlobalID.text("room", id) }
}

extension ID {
    /// Of a room; nil for an id of another kind.
    var room: UUID? { GlobalID.uuid("room", rawValue) }
}

extension ChannelID {
    init(_ id: UUID) { self.init(rawValue: RoomGlobalID.text(id)) }

    /// Nil for an id of another kind.
    var uuid: UUID? { GlobalID.uuid("room", rawValue) }
}

extension DirectRoomID {
    init(_ id: UUID) { self.init(rawValue: RoomGlobalID.text(id)) }
}

extension GroupID {
    init(_ id: UUID) { self.init(rawValue: GlobalID.text("grp", id)) }

    /// Nil for an id of another kind.
    var uuid: UUID? { GlobalID.uuid("grp", rawValue) }
}

extension GroupJoinRequestID {
    init(_ id: UUID) { self.init(rawValue: GlobalID.text("gjr", id)) }

    /// Nil for an id of another kind.
    var uuid: UUID? { GlobalID.uuid("gjr", rawValue) }
}

extension MessageID {
    init(_ id: UUID) { self.init(rawValue: GlobalID.text("msg", id)) }

    /// Nil for an id of another kind.
    var uuid: UUID? { GlobalID.uuid("msg", rawValue) }
}
