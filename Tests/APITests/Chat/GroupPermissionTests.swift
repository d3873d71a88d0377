import Actions
import Data
import PostgresClient
import Testing

/// The matrix of docs/chat.md. What each mutation answers to each role is in AccessMatrixTests.
@Suite(.timeLimit(.minutes(3))) struct GroupPermissionTests {
    private typealias Role = Actions.GroupRole

    private static let table: [(permission: GroupPermission, roles: Set<Actions.GroupRole>)] = [
        (.read, [.owner, .admin, .moderator, .member]),
        (.update, [.owner, .admin]),
        (.memberManage, [.owner, .admin]),
        (.channelManage, [.owner, .admin]),
        (.moderate, [.owner, .admin, .moderator]),
        (.delete, [.owner]),
        (.roomPost, [.owner, .admin, .moderator, .member]),
        (.roomAnnounce, [.owner, .admin, .moderator]),
        (.roomCall, [.owner, .admin, .moderator, .member]),
        (.roomPin, [.owner, .admin, .moderator]),
        (.roomModerate, [.owner, .admin, .moderator]),
    ]

    @Test func `every permission is held by the roles of the table, and by no others`() {
        #expect(Self.table.map(\.permission) == GroupPermission.allCases)
        for row in Self.table {
            #expect(Set(Role.allCases.filter { $0.may(row.permission) }) == row.roles, "\(row.permission)")
            #expect(Set(row.permission.roles) == Set(row.roles.map(\.rawValue)))
        }
    }

    @Test func `everybody is told what they may do in a group`() async throws {
        try await APIServer.with { server in
            let stage = try GroupStage(server)
            try stage.build(visibility: "PUBLIC")
            let query = """
                query ($g: ID!) { group(id: $g) { viewerPermissions pin: viewerCan(permission: ROOM_PIN)
                    team: viewerCan(permission: TEAM_READ) } }
                """
            let group = ["g": stage.ids["group"] ?? ""]
            for role in Role.allCases {
                let seen = try server.ask(query, group, token: stage.actor(role).access)
                let held = Self.table.filter { $0.roles.contains(role) }.map(\.permission.rawValue)
                let told = (0..<held.count).map { seen["data.group.viewerPermissions.\($0)"] }
                #expect(told == held && seen.count("data.group.viewerPermissions") == held.count, "\(seen.text)")
                #expect(seen["data.group.pin"] == (role.may(.roomPin) ? "1" : "0"))
                #expect(seen["data.group.team"] == "0")
            }
            let stranger = try server.ask(query, group, token: server.register("stranger").access)
            #expect(stranger.count("data.group.viewerPermissions") == 0 && stranger["data.group.pin"] == "0")
        }
    }

    @Test(arguments: [
        ("groups", "ADMIN", "groupUpdate(input: {id: $group, description: \"mine\"})"),
        ("groups", "ADMIN", "channelArchive(id: $room)"),
        ("groups", "ADMIN", "groupJoinRequestDecide(requestId: $request, approve: true)"),
        ("groups", "MODERATOR", "groupBan(groupId: $group, userId: $target, reason: \"spam\")"),
        ("groups", "MODERATOR", "roomMemberTimeout(roomId: $room, userId: $target, until: \"2100-01-01T00:00:00Z\")"),
        ("messages", "MODERATOR", "messagePin(id: $message)"),
        ("groups", "MODERATOR", "messagePin(id: $message)"),
    ])
    func `a role that is taken while a change waits allows nothing any more`(
        held table: String,
        role: String,
        text: String
    ) async throws {
        try await APIServer.with { server in
            let stage = try GroupStage(server)
            try stage.build(visibility: "INVITE_ONLY")
            let demote = """
                PERFORM 1 FROM \(table) FOR UPDATE;
                UPDATE group_members SET role = 'MEMBER' WHERE role = '\(role)'
                """
            let held = try HeldTransaction(demote, on: server.connectionString)
            let actor = try stage.actor(#require(Role(rawValue: role)))
            #expect(try stage.ask(text, actor).codes("r") == ["FORBIDDEN"])
            try held.end()
            #expect(try server.sql("SELECT count(*) FROM messages WHERE pinned_at IS NOT NULL") == "0")
            #expect(try server.sql("SELECT count(*) FROM room_timeouts") == "0")
            #expect(try server.sql("SELECT count(*) FROM group_bans") == "1")
            #expect(try server.sql("SELECT count(*) FROM groups WHERE description <> ''") == "0")
        }
    }

    @Test func `what a mutation is refused costs one statement, and is written to the log`() async throws {
        try await APIServer.with { server in
            let stage = try GroupStage(server)
            let member = try stage.actor(.member)
            try stage.build(visibility: "INVITE_ONLY")
            for (text, entry) in [
                ("groupUpdate(input: {id: $group, description: \"x\"})", "group.update FORBIDDEN Group $group"),
                ("channelArchive(id: $room)", "channel.archive FORBIDDEN Channel $room"),
                (
                    "groupJoinRequestDecide(requestId: $request, approve: true)",
                    "group.join_decide NOT_FOUND GroupJoinRequest $request"
                ),
            ] {
                _ = try server.viewer(member.access)
                let before = try await server.statements()
                let code = entry.split(separator: " ").map(String.init)[1]
                #expect(try stage.ask(text, member).codes("r") == [code])
                #expect(try await server.statements() - before == 1, "\(text)")
                let told = stage.ids.reduce(entry) { $0.replacing("$\($1.key)", with: $1.value) }
                #expect(
                    try server.sql(
                        """
                        SELECT action || ' ' || error_code || ' ' || resource_type || ' ' || resource_id FROM audit_logs
                        WHERE outcome = 'REFUSED' ORDER BY sequence DESC LIMIT 1
                        """
                    ) == told
                )
            }
        }
    }

    @Test func `an id of another kind names nothing that a mutation is for`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            let opened = try server.ask(
                "mutation ($u: [ID!]!) { directRoomOpen(userIds: $u) { room { id } } }",
                ["u": [ben.id]],
                token: ida.token
            )
            let direct = try #require(opened["data.directRoomOpen.room.id"])
            let message = try server.send("hello", to: direct, by: ida)
            func code(_ text: String, _ id: String, by person: TestPerson = ida) throws -> String? {
                let answer = try server.ask(
                    "mutation ($id: ID!) { r: \(text) { userErrors { code } } }",
                    ["id": id],
                    token: person.token
                )
                return answer.errorCode ?? answer.codes("r").first
            }
            let update = "groupUpdate(input: {id: $id, description: \"x\"})"
            for id in [group.general, message, ben.id, "x", ""] { #expect(try code(update, id) == "NOT_FOUND") }
            for id in [group.id, direct, message] { #expect(try code("channelArchive(id: $id)", id) == "NOT_FOUND") }
            let timeout = "roomMemberTimeout(roomId: $id, userId: \"\(ben.id)\")"
            #expect(try code(timeout, direct) == "FORBIDDEN")
            #expect(try code(timeout, group.id) == "NOT_FOUND")
            // In a room of no group everybody who is in it pins.
            #expect(try code("messagePin(id: $id)", message, by: ben) == nil)
            #expect(try code("messagePin(id: $id)", message, by: server.person("eve")) == "NOT_FOUND")
            #expect(try code("messagePin(id: $id)", group.general) == "NOT_FOUND")
        }
    }
}
