package import PostgresClient

/// The SQL of the event log.
enum EventStatements {
    /// One after the other in the order of the topics: two transactions never wait for each other in a circle.
    static let append = Statement<Int, [String], [String], [JSONText], [UUID?]>(
        """
        SELECT append_event(topic, kind, payload, actor)
        FROM (
            SELECT * FROM unnest($1, $2, $3, $4) WITH ORDINALITY AS e (topic, kind, payload, actor, place)
            ORDER BY topic, place
        ) AS ordered
        """
    )
    /// At most `$3` events of each topic behind a place in it, and `$4` of all. It is cut topic by topic, before anything is
    /// sorted, so that no more is read than is given.
    static let after = Statement<Event, [String], [Int], Int, Int>(
        """
        SELECT topic, seq, kind, payload, actor_id, created_at
        FROM (
            SELECT e.*
            FROM unnest($1, $2) AS t (topic, seq)
            CROSS JOIN LATERAL (
                SELECT * FROM events WHERE events.topic = t.topic AND events.seq > t.seq ORDER BY events.seq LIMIT $3
            ) AS e
            LIMIT $4
        ) AS portion
        ORDER BY topic, seq
        """
    )
    static let positions = Statement<TopicPosition, [String]>(
        "SELECT name, last_seq, purged_through FROM event_topics WHERE name = ANY ($1)"
    )
    static let notify = Statement<Bool, String>("SELECT pg_notify('live', $1) IS NULL")
    static let signal = Statement<Bool, String>("SELECT pg_notify('signals', $1) IS NULL")
    static let all: [any CheckableStatement] = [append, after, positions, notify, signal]
}

extension Transaction {
    /// Adds events to their topics, to be called last: topics are locked from here to the commit. Readers are woken
    /// after it.
    package func append(_ events: [NewEvent], waking feed: EventFeed) async throws {
        guard !events.isEmpty else { return }
        _ = try await rows(
            EventStatements.append,
            events.map(\.topic),
            events.map(\.kind),
            events.map(\.payload),
            events.map(\.actor)
        )
        let topics = events.map(\.topic)
        afterCommit { feed.announce(topics) }
    }

    /// The same, in one message with COMMIT.
    package func appendLastly(_ events: [NewEvent], waking feed: EventFeed) {
        guard !events.isEmpty else { return }
        let topics = events.map(\.topic)
        _ = lastly.rows(
            EventStatements.append,
            topics,
            events.map(\.kind),
            events.map(\.payload),
            events.map(\.actor)
        )
        afterCommit { feed.announce(topics) }
    }
}

extension Session {
    func events(after positions: [(topic: String, seq: Int)], limit: Int, total: Int) async throws -> [Event] {
        try await rows(EventStatements.after, positions.map(\.topic), positions.map(\.seq), limit, total)
    }

    func topicPositions(_ topics: [String]) async throws -> [String: TopicPosition] {
        let rows = try await rows(EventStatements.positions, topics)
        return Dictionary(rows.map { ($0.topic, $0) }) { one, _ in one }
    }
}
