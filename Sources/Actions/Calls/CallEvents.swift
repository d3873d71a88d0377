package import Data
package import PostgresClient

/// What is told of calls: to the room, to everybody who was called, and to those who listen for signals.
extension NewEvent {
    /// Where one person hears the signals of one call.
    package static func signalTopic(_ call: UUID, _ user: UUID) -> String { "call:\(call):\(user)" }

    /// Of each topic one event: the room's, and those of the people.
    static func changed(_ call: CallRow, _ people: [UUID], by actor: UUID?) -> [NewEvent] {
        let payload = JSONText(#"{"call":"\#(call.id)"}"#)
        let topics = [roomTopic(call.roomID)] + people.map(userTopic)
        var events = topics.map { NewEvent(topic: $0, kind: "CallChanged", payload: payload, actor: actor) }
        if !call.isLive { events += people.map { lineEnded(call, of: $0, by: actor) } }
        return events
    }

    /// Told to whoever listens for somebody's signals: there are none any more.
    static func lineEnded(_ call: CallRow, of person: UUID, by actor: UUID?) -> NewEvent {
        let payload = JSONText(#"{"call":"\#(call.id)"}"#)
        return NewEvent(topic: signalTopic(call.id, person), kind: "CallEnded", payload: payload, actor: actor)
    }

    /// The same of a call that has just begun: those who are called hear it ring.
    static func ringing(_ call: CallRow, _ invitees: [UUID], by actor: UUID) -> [NewEvent] {
        let payload = JSONText(#"{"call":"\#(call.id)"}"#)
        return changed(call, [call.callerID], by: actor)
            + invitees.map {
                NewEvent(topic: userTopic($0), kind: "CallRinging", payload: payload, actor: actor)
            }
    }
}
