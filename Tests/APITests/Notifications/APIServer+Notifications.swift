import Actions
import Data
import EventLoop
import PostgresClient
import Testing

let notificationFields = """
    id type category priority title eventCount isRead readAt seenAt archivedAt snoozedUntil createdAt
    actor { username } subject { __typename id }
    """
let countFields = "counts { unread unseen byCategory { category unread } }"

extension APIServer {
    func userID(_ name: String) throws -> UUID {
        let text = try sql("SELECT id FROM users WHERE username = '\(name)'")
        return try #require(text.flatMap { UUID($0) })
    }

    /// Tells somebody of something as a module of the product does.
    func tell(_ notifications: [NewNotification]) async throws {
        try await group.loops[0].start { [identity] in
            try await identity.database.pool.transaction { try await Notify(identity).run(notifications, in: $0) }
        }
    }

    func mention(
        _ recipients: [UUID],
        _ title: String = "Somebody wrote of you",
        by actor: UUID? = nil,
        _ repetition: NewNotification.Repetition = .each
    ) async throws {
        try await tell([
            NewNotification(.mention, to: recipients, title: title, body: "", actor: actor, repetition: repetition)
        ])
    }

    func inbox(
        _ token: String,
        _ filter: [String: Any] = [:],
        first: Int = 20,
        after: String? = nil
    ) throws -> APIAnswer {
        var variables: [String: Any] = ["filter": filter, "first": first]
        variables["after"] = after
        return try ask(
            """
            query ($filter: NotificationFilter, $first: Int, $after: String) { viewer {
                notifications(filter: $filter, first: $first, after: $after) {
                    nodes { \(notificationFields) } totalCount pageInfo { hasNextPage endCursor }
                }
                notificationCounts { unread unseen byCategory { category unread } }
            } }
            """,
            variables,
            token: token
        )
    }

    func change(
        _ mutation: String,
        _ arguments: String,
        _ fields: String = "notification { \(notificationFields) }",
        token: String
    ) throws -> APIAnswer {
        try ask(
            "mutation { \(mutation)(\(arguments)) { \(fields) \(countFields) userErrors { code path } } }",
            token: token
        )
    }

    func updatePreferences(_ input: [String: Any], token: String) throws -> APIAnswer {
        try ask(
            """
            mutation ($in: NotificationPreferencesUpdateInput!) { notificationPreferencesUpdate(input: $in) {
                preferences {
                    rows { category channel enabled isLocked } mutedUntil
                    quietHours { enabled start end timeZone weekdays allowCritical }
                }
                userErrors { code path }
            } }
            """,
            ["in": input],
            token: token
        )
    }
}
