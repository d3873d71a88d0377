package import Data
package import PostgresClient

/// What happens in a room, as its topic tells it. Events name things by their ids: what a listener gets to see of them is
/// read when it is told, as that listener.
extension NewEvent {
    package static func roomTopic(_ room: UUID) -> String { "room:\(room)" }

    /// Nil for topics of other things.
    package static func room(ofTopic topic: String) -> UUID? {
        topic.hasPrefix("room:") ? UUID(String(topic.dropFirst(5))) : nil
    }

    static func message(_ kind: String, _ message: MessageRow, by actor: UUID) -> NewEvent {
        .message(kind, message.id, in: message.roomID, by: actor)
    }

    static func message(_ kind: String, _ message: UUID, in room: UUID, by actor: UUID) -> NewEvent {
        NewEvent(topic: roomTopic(room), kind: kind, payload: JSONText(#"{"message":"\#(message)"}"#), actor: actor)
    }

    /// The emoji was held against what emoji are made of, so nothing in it needs quoting.
    static func reaction(_ emoji: String, isAdded: Bool, to message: MessageRow, by actor: UUID) -> NewEvent {
        NewEvent(
            topic: roomTopic(message.roomID),
            kind: "ReactionChanged",
            payload: JSONText(#"{"message":"\#(message.id)","emoji":"\#(emoji)","added":\#(isAdded)}"#),
            actor: actor
        )
    }

    static func member(_ kind: String, _ user: UUID, of room: UUID, by actor: UUID) -> NewEvent {
        NewEvent(topic: roomTopic(room), kind: kind, payload: JSONText(#"{"user":"\#(user)"}"#), actor: actor)
    }

    static func conversation(_ id: UUID, by actor: UUID) -> NewEvent {
        NewEvent(topic: roomTopic(id), kind: "ConversationChanged", payload: JSONText("{}"), actor: actor)
    }

    static func roomUpdated(_ room: UUID, by actor: UUID) -> NewEvent {
        NewEvent(topic: roomTopic(room), kind: "RoomUpdated", payload: JSONText("{}"), actor: actor)
    }

    package static func groupTopic(_ group: UUID) -> String { "group:\(group)" }

    static func group(
        _ kind: String,
        _ group: UUID,
        _ name: String? = nil,
        _ id: UUID? = nil,
        by actor: UUID
    ) -> NewEvent {
        let payload = if let name, let id { #"{"\#(name)":"\#(id)"}"# } else { "{}" }
        return NewEvent(topic: groupTopic(group), kind: kind, payload: JSONText(payload), actor: actor)
    }

    /// Told to somebody who came to a group or a private room, or went.
    static func membership(of user: UUID, group: UUID, by actor: UUID) -> NewEvent {
        NewEvent(
            topic: userTopic(user),
            kind: "GroupMembershipChanged",
            payload: JSONText(#"{"group":"\#(group)"}"#),
            actor: actor
        )
    }

    static func membership(of user: UUID, room: UUID, by actor: UUID) -> NewEvent {
        NewEvent(
            topic: userTopic(user),
            kind: "RoomMembershipChanged",
            payload: JSONText(#"{"room":"\#(room)"}"#),
            actor: actor
        )
    }

    static func read(_ room: UUID, by user: UUID, upTo seq: Int) -> NewEvent {
        NewEvent(
            topic: roomTopic(room),
            kind: "ReadPositionChanged",
            payload: JSONText(#"{"user":"\#(user)","seq":\#(seq)}"#),
            actor: user
        )
    }

    /// Told to whoever wants to be told of a room in another way from now on.
    static func preferences(_ room: UUID, of user: UUID) -> NewEvent {
        NewEvent(
            topic: userTopic(user),
            kind: "RoomPreferencesChanged",
            payload: JSONText(#"{"room":"\#(room)"}"#),
            actor: user
        )
    }

    /// Told to whoever has read in a room, written there, or marked messages as unread: their other devices have something
    /// else to show.
    static func unread(_ room: UUID, of user: UUID) -> NewEvent {
        NewEvent(
            topic: userTopic(user),
            kind: "UnreadChanged",
            payload: JSONText(#"{"room":"\#(room)"}"#),
            actor: user
        )
    }
}
