package import PostgresClient

/// Something that happened to a topic: `room:…`, `user:…`.
package struct Event: PostgresRow, Equatable {
    package let topic: String
    /// 1, 2, 3, … within the topic, in the order in which the transactions were committed.
    package let seq: Int
    package let kind: String
    package let payload: JSONText
    package let actor: UUID?
    package let at: Timestamp

    package init(from row: inout RowReader) throws {
        topic = try row.next()
        seq = try row.next()
        kind = try row.next()
        payload = try row.next()
        actor = try row.next()
        at = try row.next()
    }
}

/// An event that is about to be.
package struct NewEvent: Sendable {
    package let topic: String
    let kind: String
    let payload: JSONText
    let actor: UUID?

    package init(topic: String, kind: String, payload: JSONText, actor: UUID? = nil) {
        self.topic = topic
        self.kind = kind
        self.payload = payload
        self.actor = actor
    }
}

/// How far a topic has come.
struct TopicPosition: PostgresRow {
    let topic: String
    let last: Int
    /// Events up to this one are no longer kept.
    let purgedThrough: Int

    init(from row: inout RowReader) throws {
        topic = try row.next()
        last = try row.next()
        purgedThrough = try row.next()
    }
}
