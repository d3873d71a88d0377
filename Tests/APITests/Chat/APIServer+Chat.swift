import Foundation
import Testing

/// Somebody who chats.
struct TestPerson {
    let name: String
    let id: String
    let token: String
}

let messageFields =
    "id seq body deletedAt editedAt author { username } replyTo { seq body } reactions { emoji count viewerHasReacted }"

extension APIServer {
    func person(_ name: String) throws -> TestPerson {
        let tokens = try register(name)
        let id = try #require(try ask("{ viewer { user { id } } }", token: tokens.access)["data.viewer.user.id"])
        return TestPerson(name: name, id: id, token: tokens.access)
    }

    /// A group of the first of them, with all others in it.
    func group(
        of people: [TestPerson],
        name: String = "Harbour",
        visibility: String = "INVITE_ONLY"
    ) throws -> TestGroup {
        let answer = try ask(
            """
            mutation ($in: GroupCreateInput!) { groupCreate(input: $in) {
                group { id slug channels { nodes { id name } } } userErrors { code path }
            } }
            """,
            ["in": ["name": name, "visibility": visibility]],
            token: people[0].token
        )
        let group = TestGroup(
            id: try #require(answer["data.groupCreate.group.id"], "\(answer.text)"),
            general: try #require(answer["data.groupCreate.group.channels.nodes.0.id"])
        )
        if people.count > 1 {
            let added = try ask(
                """
                mutation ($group: ID!, $users: [ID!]!) { groupMembersAdd(groupId: $group, userIds: $users) {
                    members { user { username } role } userErrors { code }
                } }
                """,
                ["group": group.id, "users": people.dropFirst().map(\.id)],
                token: people[0].token
            )
            #expect(added.count("data.groupMembersAdd.members") == people.count - 1, "\(added.text)")
        }
        return group
    }

    func askChannel(
        _ name: String,
        in group: TestGroup,
        isPrivate: Bool = false,
        kind: String = "TEXT",
        members: [TestPerson] = [],
        by person: TestPerson
    ) throws -> APIAnswer {
        try ask(
            """
            mutation ($in: ChannelCreateInput!) { channelCreate(input: $in) {
                channel { id name isPrivate } userErrors { code path }
            } }
            """,
            [
                "in": [
                    "groupId": group.id, "name": name, "isPrivate": isPrivate, "kind": kind,
                    "memberIds": members.map(\.id),
                ] as [String: Any]
            ],
            token: person.token
        )
    }

    func askSend(
        _ body: String,
        to room: String,
        by person: TestPerson,
        replyTo: String? = nil,
        nonce: String? = nil
    ) throws -> APIAnswer {
        var input: [String: Any] = ["roomId": room, "body": body]
        input["replyToId"] = replyTo
        input["nonce"] = nonce
        return try ask(
            """
            mutation ($in: MessageSendInput!) { messageSend(input: $in) {
                message { \(messageFields) } userErrors { code path message }
            } }
            """,
            ["in": input],
            token: person.token
        )
    }

    @discardableResult
    func send(_ body: String, to room: String, by person: TestPerson, replyTo: String? = nil) throws -> String {
        let answer = try askSend(body, to: room, by: person, replyTo: replyTo)
        return try #require(answer["data.messageSend.message.id"], "\(answer.text)")
    }

    func markRead(_ room: String, upTo seq: Int, by person: TestPerson) throws {
        let answer = try ask(
            """
            mutation ($r: ID!, $s: Int!) { roomMarkRead(input: { roomId: $r, uptoSeq: $s }) { userErrors { code } } }
            """,
            ["r": room, "s": seq],
            token: person.token
        )
        #expect(answer.errorCode == nil && answer.codes("roomMarkRead") == [], "\(answer.text)")
    }

    func remove(_ person: TestPerson, from group: TestGroup, by other: TestPerson) throws -> APIAnswer {
        try ask(
            """
            mutation ($group: ID!, $user: ID!) { groupMemberRemove(groupId: $group, userId: $user) {
                group { id } userErrors { code path }
            } }
            """,
            ["group": group.id, "user": person.id],
            token: other.token
        )
    }

    /// Everything that happens in some rooms.
    func listen(to rooms: [(id: String, after: String?)], as person: TestPerson) throws -> LiveStream {
        try LiveStream(
            self,
            """
            subscription ($rooms: [RoomCursorInput!]!) { roomEvents(rooms: $rooms) { roomId cursor event { __typename
                ... on MessageCreated { message { seq body author { username } } }
                ... on MessageEdited { message { seq body } }
                ... on MessageDeleted { message { seq body deletedAt } }
                ... on ReactionChanged { emoji added user { username } message { seq } }
                ... on RoomMemberLeft { user { username } }
                ... on ReadPositionChanged { lastReadSeq user { username } }
                ... on CaughtUp { replayed } ... on ResyncRequired { resync: reason } ... on AccessRevoked { reason }
            } } }
            """,
            ["rooms": rooms.map { ["roomId": $0.id, "after": $0.after] as [String: Any?] }],
            token: person.token
        )
    }
}

struct TestGroup {
    let id: String
    /// Its first channel.
    let general: String
}

extension LiveStream {
    /// The next event of roomEvents, as "kind" or "kind seq".
    func event() throws -> String? {
        guard let answer = try next() else { return nil }
        let event = "data.roomEvents.event"
        guard let kind = answer["\(event).__typename"] else { return answer.text }
        return [kind, answer["\(event).message.seq"], answer["\(event).reason"], answer["\(event).resync"]].compactMap {
            $0
        }.joined(
            separator: " "
        )
    }
}
