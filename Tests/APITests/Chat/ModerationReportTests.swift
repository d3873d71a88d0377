import Actions
import Data
import EventLoop
import Foundation
import SocketTesting
import Testing

/// What people say of messages that should not stand, and who decides about it.
@Suite(.timeLimit(.minutes(3))) struct ModerationReportTests {
    private let reportFields = """
        id status reason note body resolution createdAt resolvedAt author { username } reporter { username }
        resolvedBy { username } message { body deletedAt } group { name }
        """

    private func report(
        _ message: String,
        by person: TestPerson,
        note: String? = nil,
        _ server: APIServer
    ) throws -> APIAnswer {
        try server.ask(
            """
            mutation ($m: ID!, $n: String) { messageReport(messageId: $m, reason: HARASSMENT, note: $n) {
                report { \(reportFields) } userErrors { code path } } }
            """,
            ["m": message, "n": note ?? NSNull()],
            token: person.token
        )
    }

    private func made(_ message: String, by person: TestPerson, _ server: APIServer) throws -> String {
        let answer = try report(message, by: person, server)
        return try #require(answer["data.messageReport.report.id"], "\(answer.text)")
    }

    private func list(
        _ server: APIServer,
        of group: String? = nil,
        status: String = "OPEN",
        by person: TestPerson
    ) throws -> APIAnswer {
        try server.ask(
            """
            query ($g: ID, $s: ModerationStatus!) { moderationReports(groupId: $g, status: $s) { nodes { \(reportFields) } } }
            """,
            ["g": group ?? NSNull(), "s": status],
            token: person.token
        )
    }

    private func resolve(
        _ report: String,
        _ status: String = "ACTIONED",
        delete: Bool = false,
        note: String? = nil,
        by person: TestPerson,
        _ server: APIServer
    ) throws -> APIAnswer {
        try server.ask(
            """
            mutation ($id: ID!, $s: ModerationStatus!, $d: Boolean!, $n: String) {
                moderationReportResolve(id: $id, status: $s, deleteMessage: $d, note: $n) {
                    report { \(reportFields) } userErrors { code path } } }
            """,
            ["id": report, "s": status, "d": delete, "n": note ?? NSNull()],
            token: person.token
        )
    }

    private func ids(_ answer: APIAnswer) -> [String] {
        (0..<answer.count("data.moderationReports.nodes")).compactMap {
            answer["data.moderationReports.nodes.\($0).id"]
        }
    }

    private func makeModerator(_ person: TestPerson, _ server: APIServer) throws {
        try server.sql(
            "INSERT INTO user_roles (user_id, role) SELECT id, 'MODERATOR' FROM users WHERE username = '\(person.name)'"
        )
        server.pass(seconds: 2)
    }

    private func raise(_ person: TestPerson, to role: String, _ server: APIServer) throws {
        try server.sql(
            """
            UPDATE group_members SET role = '\(role)' WHERE user_id = (SELECT id FROM users WHERE username = '\(person.name)')
            """
        )
    }

    @Test func `a message is reported once by each who sees it, and not by whoever wrote it`() async throws {
        try await APIServer.with { server in
            let all = try ["ida", "ben", "eve", "tom"].map { try server.person($0) }
            let (ida, ben, eve, tom) = (all[0], all[1], all[2], all[3])
            let group = try server.group(of: [ida, ben, eve])
            let created = try server.askChannel("secret", in: group, isPrivate: true, by: ida)
            let secret = try #require(created["data.channelCreate.channel.id"])
            let message = try server.send("You are *bad*", to: group.general, by: ben)
            let hidden = try server.send("hidden", to: secret, by: ida)
            let first = try report(message, by: eve, note: "  Look at this.\n", server)
            let path = "data.messageReport.report"
            #expect(first["\(path).status"] == "OPEN" && first["\(path).reason"] == "HARASSMENT", "\(first.text)")
            #expect(first["\(path).note"] == "Look at this." && first["\(path).message.body"] == "You are *bad*")
            // What those see who decide is not for whoever has made it.
            #expect(first["\(path).author.username"] == nil && first["\(path).body"] == nil)
            #expect(try report(message, by: eve, server).codes("messageReport") == ["ALREADY_EXISTS"])
            #expect(try report(message, by: ben, server).codes("messageReport") == ["INVALID_INPUT"])
            #expect(try report(message, by: ida, note: " ", server)["\(path).note"] == nil)
            for id in [hidden, group.general, ben.id, "msg_", "msg_0"] {
                #expect(try report(id, by: eve, server).codes("messageReport") == ["NOT_FOUND"], "\(id)")
            }
            #expect(try report(message, by: tom, server).codes("messageReport") == ["NOT_FOUND"])
            let long = String(repeating: "x", count: 1_001)
            for note in [long, "a\u{202e}b", "a\u{0}b"] {
                #expect(try report(hidden, by: ida, note: note, server).codes("messageReport") == ["INVALID_INPUT"])
            }
            let gone = try server.send("gone", to: group.general, by: ben)
            _ = try server.ask(
                "mutation ($id: ID!) { messageDelete(id: $id) { userErrors { code } } }",
                ["id": gone],
                token: ben.token
            )
            #expect(try report(gone, by: eve, server).codes("messageReport") == ["NOT_FOUND"])
            #expect(try server.sql("SELECT count(*) FROM moderation_reports") == "2")
            let log = "SELECT count(*) FROM audit_logs WHERE action = 'moderation.report' AND outcome = 'SUCCEEDED'"
            #expect(try server.sql(log) == "2")
        }
    }

    @Test func `moderators of the platform see all that is reported, and nothing of rooms that they are not in`()
        async throws
    {
        try await APIServer.with { server in
            let all = try ["ida", "ben", "mod"].map { try server.person($0) }
            let (ida, ben, mod) = (all[0], all[1], all[2])
            let direct = try server.directRoom(of: [ida, ben])
            let message = try server.send("Give me your money", to: direct, by: ben)
            let id = try made(message, by: ida, server)
            for person in all {
                let answer = try list(server, by: person)
                #expect(answer["errors.0.extensions.reason"] == "MISSING_ROLE", "\(answer.text)")
                #expect(try resolve(id, by: person, server).codes("moderationReportResolve") == ["NOT_FOUND"])
            }
            try makeModerator(mod, server)
            let answer = try list(server, by: mod)
            let node = "data.moderationReports.nodes.0"
            #expect(ids(answer) == [id], "\(answer.text)")
            #expect(answer["\(node).body"] == "Give me your money" && answer["\(node).author.username"] == "ben")
            #expect(answer["\(node).reporter.username"] == "ida" && answer["\(node).message.body"] == nil)
            for query in [
                "query ($id: ID!) { node(id: $id) { id } }", "query ($id: ID!) { room(id: $id) { id } }",
            ] {
                for hidden in [direct, message] {
                    let answer = try server.ask(query, ["id": hidden], token: mod.token)
                    #expect(!answer.text.contains(hidden), "\(answer.text)")
                }
            }
            // What the author does meanwhile hides nothing from those who decide.
            _ = try server.ask(
                "mutation ($id: ID!) { messageDelete(id: $id) { userErrors { code } } }",
                ["id": message],
                token: ben.token
            )
            #expect(try list(server, by: mod)["\(node).body"] == "Give me your money")
            // A program's key reads and decides nothing.
            let key = try #require(
                try server.ask(
                    "mutation { apiKeyCreate(input: {name: \"x\", scopes: [CHAT_READ, CHAT_WRITE]}) { secret } }",
                    token: mod.token
                )["data.apiKeyCreate.secret"]
            )
            let refused = try server.ask("{ moderationReports { nodes { id } } }", token: key)
            #expect(refused.errorCode == "FORBIDDEN", "\(refused.text)")
            let dismissed = try resolve(id, "DISMISSED", note: "Said in jest.", by: mod, server)
            let path = "data.moderationReportResolve.report"
            #expect(dismissed["\(path).status"] == "DISMISSED", "\(dismissed.text)")
            #expect(dismissed["\(path).resolution"] == "Said in jest." && dismissed["\(path).body"] == nil)
            #expect(dismissed["\(path).resolvedBy.username"] == "mod" && dismissed["\(path).resolvedAt"] != nil)
            #expect(ids(try list(server, by: mod)) == [])
            #expect(ids(try list(server, status: "DISMISSED", by: mod)) == [id])
            #expect(try resolve(id, by: mod, server).codes("moderationReportResolve") == ["INVALID_TRANSITION"])
            // Whoever has made it sees what became of it, and not by whom.
            let look = "query ($id: ID!) { node(id: $id) { ... on ModerationReport { \(reportFields) } } }"
            let own = try server.ask(look, ["id": id], token: ida.token)
            #expect(
                own["data.node.status"] == "DISMISSED" && own["data.node.resolvedBy.username"] == nil,
                "\(own.text)"
            )
            #expect(own["data.node.resolution"] == nil)
            #expect(try server.ask(look, ["id": id], token: ben.token).text == #"{"data":{"node":null}}"#)
            let log =
                "SELECT string_agg(outcome, ',' ORDER BY occurred_at) FROM audit_logs WHERE action = 'moderation.resolve'"
            #expect(try server.sql(log) == "REFUSED,REFUSED,REFUSED,SUCCEEDED,REFUSED")
        }
    }

    @Test func `those of a group decide about channels that they see, and people who stand below them`() async throws {
        try await APIServer.with { server in
            let all = try ["ida", "ben", "eve", "moe", "adam"].map { try server.person($0) }
            let (ida, ben, eve, mo, adam) = (all[0], all[1], all[2], all[3], all[4])
            let group = try server.group(of: all)
            try raise(mo, to: "MODERATOR", server)
            try raise(adam, to: "ADMIN", server)
            let created = try server.askChannel("secret", in: group, isPrivate: true, members: [ben, eve], by: ida)
            let secret = try #require(created["data.channelCreate.channel.id"])
            let other = try server.group(of: [eve, ben], name: "Other")
            let open = try made(server.send("a", to: group.general, by: ben), by: eve, server)
            let hidden = try made(server.send("b", to: secret, by: ben), by: eve, server)
            let high = try made(server.send("c", to: group.general, by: adam), by: eve, server)
            let own = try made(server.send("d", to: group.general, by: mo), by: eve, server)
            let elsewhere = try made(server.send("e", to: other.general, by: ben), by: eve, server)
            let direct = try server.directRoom(of: [ben, eve])
            let between = try made(server.send("f", to: direct, by: ben), by: eve, server)
            func seen(_ person: TestPerson, _ place: TestGroup) throws -> [String] {
                ids(try list(server, of: place.id, by: person))
            }
            #expect(try seen(mo, group) == [open])
            #expect(try seen(adam, group) == [open, hidden, own])
            #expect(try seen(ida, group) == [open, hidden, high, own])
            let answer = try list(server, of: group.id, by: ben)
            #expect(answer["errors.0.extensions.reason"] == "MISSING_ROLE", "\(answer.text)")
            #expect(try list(server, of: other.id, by: mo).text == #"{"data":{"moderationReports":null}}"#)
            #expect(try list(server, of: ben.id, by: mo).text == #"{"data":{"moderationReports":null}}"#)
            // What is in no list is not decided about, and not looked at.
            let look = "query ($id: ID!) { node(id: $id) { id } }"
            for id in [hidden, high, own, elsewhere, between, open.dropLast(1) + "x", eve.id] as [String] {
                #expect(try resolve(id, by: mo, server).codes("moderationReportResolve") == ["NOT_FOUND"], "\(id)")
                if id != eve.id { #expect(try server.ask(look, ["id": id], token: mo.token)["data.node.id"] == nil) }
            }
            // Who stands high in a group is no moderator of the platform.
            #expect(try list(server, by: ida)["errors.0.extensions.reason"] == "MISSING_ROLE")
            for (status, delete) in [("OPEN", false), ("DISMISSED", true)] {
                let refused = try resolve(open, status, delete: delete, by: mo, server)
                #expect(refused.codes("moderationReportResolve") == ["INVALID_INPUT"])
            }
            // Whoever has lost the role since decides about nothing.
            try raise(mo, to: "MEMBER", server)
            #expect(try resolve(open, by: mo, server).codes("moderationReportResolve") == ["NOT_FOUND"])
            #expect(try server.sql("SELECT count(*) FROM moderation_reports WHERE status = 'OPEN'") == "6")
        }
    }

    @Test func `with the message all that is reported of it is decided, and whoever listens hears of it`() async throws
    {
        try await APIServer.with { server in
            let all = try ["ida", "ben", "eve", "mod"].map { try server.person($0) }
            let (ida, ben, eve, mod) = (all[0], all[1], all[2], all[3])
            let group = try server.group(of: [ida, ben, eve])
            let message = try server.send("bad", to: group.general, by: ben)
            let reports = try [ida, eve].map { try made(message, by: $0, server) }
            let another = try made(server.send("worse", to: group.general, by: ben), by: eve, server)
            try makeModerator(mod, server)
            let stream = try server.listen(to: [(group.general, nil)], as: eve)
            let answer = try resolve(reports[1], delete: true, by: mod, server)
            #expect(answer["data.moderationReportResolve.report.status"] == "ACTIONED", "\(answer.text)")
            #expect(try stream.event() == "MessageDeleted 1")
            #expect(ids(try list(server, by: mod)) == [another])
            #expect(ids(try list(server, status: "ACTIONED", by: mod)) == reports)
            #expect(try server.sql("SELECT count(*) FROM messages WHERE deleted_at IS NOT NULL AND body = ''") == "1")
            #expect(try server.sql("SELECT count(*) FROM moderation_reports WHERE body IS NOT NULL") == "1")
            let seen = try server.ask(
                "query ($id: ID!) { node(id: $id) { ... on Message { body deletedAt } } }",
                ["id": message],
                token: ben.token
            )
            #expect(seen["data.node.body"] == "" && seen["data.node.deletedAt"] != nil)
            // A message that its author has deleted is not deleted again.
            try server.sql("UPDATE messages SET deleted_at = '2026-01-01T00:00:00Z', body = '' WHERE body = 'worse'")
            #expect(try resolve(another, delete: true, by: mod, server).codes("moderationReportResolve") == [])
            #expect(try server.sql("SELECT count(*) FROM messages WHERE deleted_at = '2026-01-01T00:00:00Z'") == "1")
        }
    }

    @Test func `what is reported is settled with the message by a moderator of its channel, and not by its author`()
        async throws
    {
        try await APIServer.with { server in
            let all = try ["ida", "ben", "eve", "moe", "adam"].map { try server.person($0) }
            let (ben, eve, mo, adam) = (all[1], all[2], all[3], all[4])
            let group = try server.group(of: all)
            try raise(mo, to: "MODERATOR", server)
            try raise(adam, to: "ADMIN", server)
            func delete(_ message: String, by person: TestPerson) throws {
                let answer = try server.ask(
                    "mutation ($id: ID!) { messageDelete(id: $id) { userErrors { code } } }",
                    ["id": message],
                    token: person.token
                )
                #expect(answer.codes("messageDelete") == [], "\(answer.text)")
            }
            let messages = try [ben, ben, adam, mo].map { try server.send("bad", to: group.general, by: $0) }
            let reports = try messages.map { message in
                try [eve, all[0]].map { try made(message, by: $0, server) }
            }
            // Its author takes nothing away that is said of it, nor does a moderator who does not decide about its author.
            try delete(messages[0], by: ben)
            try delete(messages[2], by: mo)
            try delete(messages[3], by: mo)
            #expect(try server.sql("SELECT count(*) FROM moderation_reports WHERE body = 'bad'") == "8")
            try delete(messages[1], by: mo)
            let open = "SELECT count(*) FROM moderation_reports WHERE status = 'OPEN'"
            #expect(try server.sql(open) == "6")
            let answer = try list(server, of: group.id, status: "ACTIONED", by: all[0])
            #expect(ids(answer) == reports[1], "\(answer.text)")
            let node = "data.moderationReports.nodes.0"
            #expect(answer["\(node).resolvedBy.username"] == "moe" && answer["\(node).body"] == nil)
            #expect(answer["\(node).resolvedAt"] != nil)
        }
    }

    @Test func `a moderator does not decide about what they wrote, and two decide once`() async throws {
        try await APIServer.with { server in
            let all = try ["ida", "mod", "other"].map { try server.person($0) }
            let (ida, mod, other) = (all[0], all[1], all[2])
            for person in [mod, other] { try makeModerator(person, server) }
            let direct = try server.directRoom(of: [ida, mod])
            let id = try made(server.send("mine", to: direct, by: mod), by: ida, server)
            #expect(try ids(list(server, by: mod)) == [] && ids(list(server, by: other)) == [id])
            #expect(try resolve(id, by: mod, server).codes("moderationReportResolve") == ["NOT_FOUND"])
            let sockets = try (0..<4).map { _ in try server.socket() }
            let query = """
                mutation ($id: ID!) { moderationReportResolve(id: $id, status: ACTIONED) { userErrors { code } } }
                """
            for socket in sockets { try socket.send(server.request(query, ["id": id], token: other.token)) }
            let codes = try sockets.flatMap { try APIAnswer(from: $0).codes("moderationReportResolve") }
            #expect(codes == Array(repeating: "INVALID_TRANSITION", count: 3))
        }
    }

    @Test func `a report outlives the channel of the message, and what its author does`() async throws {
        try await APIServer.with { server in
            let all = try ["ida", "ben", "eve", "mod"].map { try server.person($0) }
            let (ida, ben, eve, mod) = (all[0], all[1], all[2], all[3])
            let group = try server.group(of: [ida, ben, eve])
            try makeModerator(mod, server)
            // Whoever owns a group can take away all that they wrote there.
            let created = try server.askChannel("short-lived", in: group, by: ida)
            let channel = try #require(created["data.channelCreate.channel.id"])
            let message = try server.send("bad", to: channel, by: ida)
            let reports = try [ben, eve].map { try made(message, by: $0, server) }
            let deleted = try server.ask(
                "mutation ($id: ID!) { channelDelete(id: $id) { userErrors { code } } }",
                ["id": channel],
                token: ida.token
            )
            #expect(deleted.codes("channelDelete") == [], "\(deleted.text)")
            server.pass(seconds: 62)
            let services = server.identity
            _ = try await server.group.loops[0].start { try await RoomSweep(services).run() }
            #expect(try server.sql("SELECT count(*) FROM messages WHERE body = 'bad'") == "0")
            let answer = try list(server, by: mod)
            let node = "data.moderationReports.nodes.0"
            #expect(ids(answer) == reports, "\(answer.text)")
            #expect(answer["\(node).body"] == "bad" && answer["\(node).author.username"] == "ida")
            #expect(answer["\(node).message.body"] == nil && answer["\(node).group.name"] == nil)
            // Those of the group decide about channels that they see.
            #expect(ids(try list(server, of: group.id, by: ida)) == [])
            #expect(try resolve(reports[0], by: ida, server).codes("moderationReportResolve") == ["NOT_FOUND"])
            let look = "query ($id: ID!) { node(id: $id) { ... on ModerationReport { \(reportFields) } } }"
            #expect(try server.ask(look, ["id": reports[0]], token: ben.token)["data.node.status"] == "OPEN")
            #expect(try server.ask(look, ["id": reports[0]], token: eve.token)["data.node.status"] == nil)
            let decided = try resolve(reports[0], delete: true, by: mod, server)
            let path = "data.moderationReportResolve.report"
            #expect(decided["\(path).status"] == "ACTIONED" && decided["\(path).body"] == nil, "\(decided.text)")
            #expect(ids(try list(server, by: mod)) == [reports[1]])
            // Nobody decides about themselves, also where nothing is left but the report.
            try makeModerator(ida, server)
            #expect(ids(try list(server, by: ida)) == [])
            #expect(try resolve(reports[1], by: ida, server).codes("moderationReportResolve") == ["NOT_FOUND"])
            #expect(try resolve(reports[1], "DISMISSED", by: mod, server).codes("moderationReportResolve") == [])
        }
    }
}
