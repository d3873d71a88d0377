import Actions
import Foundation
import SocketTesting
import Testing

@Suite(.timeLimit(.minutes(3))) struct RegistrationTests {
    private let register =
        "mutation ($in: AccountRegisterInput!) { accountRegister(input: $in) { \(tokenFields) userErrors { code message path } } }"

    @Test func `a thousand registrations of one address at once make one account`() async throws {
        try await APIServer.with { server in
            let request = try (0..<4).map { _ in
                try server.request(
                    register,
                    ["in": ["email": "ida@example.org", "displayName": "Ida", "password": password]]
                )
            }.joined()
            let sockets = try (0..<250).map { _ in try server.socket() }
            for socket in sockets { try socket.send(request) }
            var made = 0
            for socket in sockets {
                for _ in 0..<4 {
                    let answer = try APIAnswer(from: socket)
                    let codes = answer.codes("accountRegister")
                    if codes.isEmpty, answer["data.accountRegister.tokens.accessToken"] != nil {
                        made += 1
                    } else {
                        #expect(codes == ["EMAIL_TAKEN"], "\(answer.text)")
                    }
                }
            }
            #expect(made == 1)
            #expect(try server.sql("SELECT count(*) FROM users") == "1")
            #expect(try server.sql("SELECT count(*) FROM auth_sessions") == "1")
            #expect(try server.sql("SELECT count(*) FROM audit_logs") == "1000")
        }
    }

    @Test func `all that is wrong is told at once, with paths`() async throws {
        try await APIServer.with { server in
            let answer = try server.ask(
                register,
                ["in": ["email": "no address", "displayName": " ", "username": "-", "password": "short"]]
            )
            #expect(
                answer.codes("accountRegister") == ["INVALID_INPUT", "INVALID_INPUT", "INVALID_INPUT", "WEAK_PASSWORD"]
            )
            let paths = (0..<4).map { answer["data.accountRegister.userErrors.\($0).path.1"] ?? "" }
            #expect(paths == ["email", "displayName", "username", "password"])
            #expect(try server.sql("SELECT count(*) FROM users") == "0")
        }
    }

    @Test func `address and user name are unique without regard to case`() async throws {
        try await APIServer.with { server in
            try server.register("ida")
            let answer = try server.ask(
                register,
                ["in": ["email": "IDA@Example.ORG", "username": "Ida", "displayName": "I", "password": password]]
            )
            #expect(answer.codes("accountRegister") == ["EMAIL_TAKEN", "USERNAME_TAKEN"])
        }
    }

    @Test(arguments: [
        "a@b", "@example.org", "ida@", "ida@example", "ida@-example.org", "ida@exa mple.org", "ida@example..org",
        "ida\r\nBcc: all@example.org", "ida@example.org\0", String(repeating: "a", count: 65) + "@example.org",
        "a@" + String(repeating: "b.", count: 130) + "org", "ïda@example.org",
    ])
    func `what is no address is refused`(email: String) async throws {
        try await APIServer.with { server in
            let answer = try server.ask(
                register,
                ["in": ["email": email, "displayName": "Ida", "password": password]]
            )
            #expect(answer.codes("accountRegister") == ["INVALID_INPUT"])
        }
    }

    /// Values go to the database apart from its statements, and come back as they were.
    @Test(arguments: [
        "'; DROP TABLE users; --", "\" OR \"\"=\"", "1); DELETE FROM users; --", "\\'; SELECT pg_sleep(10); --",
        "$1", "%s%n", "{{7*7}}", "<script>alert(1)</script>", "${jndi:ldap://x}", "O'Brien",
    ])
    func `fragments of SQL and of markup are only text`(text: String) async throws {
        try await APIServer.with { server in
            let answer = try server.ask(
                register,
                ["in": ["email": "ida@example.org", "displayName": text, "password": "\(text) correct horse"]]
            )
            let tokens = try server.tokens(answer, "data.accountRegister")
            #expect(
                try server.ask("{ viewer { user { displayName } } }", token: tokens.access)[
                    "data.viewer.user.displayName"
                ]
                    == text
            )
            #expect(
                try server.askSignIn("ida@example.org", "\(text) correct horse", userAgent: text).codes("signIn") == []
            )
            #expect(try server.askSignIn(text, text).codes("signIn") == ["INVALID_CREDENTIALS"])
            #expect(
                try server.ask("query ($id: ID!) { user(id: $id) { id } }", ["id": text], token: tokens.access).text
                    == #"{"data":{"user":null}}"#
            )
            #expect(try server.sql("SELECT count(*) FROM users") == "1")
        }
    }

    @Test(arguments: ["Ida\nadmin: true", "\u{202e}adI", "\u{0}", "\u{1b}[31mred", String(repeating: "é", count: 81)])
    func `names that would forge a line or hide what they say are refused`(name: String) async throws {
        try await APIServer.with { server in
            let answer = try server.ask(
                register,
                ["in": ["email": "ida@example.org", "displayName": name, "password": password]]
            )
            #expect(answer.codes("accountRegister") == ["INVALID_INPUT"])
        }
    }

    @Test func `a student has the role, and nobody gives themselves another`() async throws {
        try await APIServer.with { server in
            let input = ["email": "ida@example.org", "displayName": "Ida", "password": password, "role": "STUDENT"]
            let tokens = try server.tokens(server.ask(register, ["in": input]), "data.accountRegister")
            let roles = try server.ask("{ viewer { user { roles } } }", token: tokens.access)
            #expect(roles.text.contains(#""roles":["MEMBER","STUDENT"]"#))
            let admin = try server.ask(register, ["in": input.merging(["role": "ADMIN"]) { $1 }])
            #expect(admin["errors.0.message"] != nil && admin["data.accountRegister.tokens.accessToken"] == nil)
        }
    }

    @Test func `more than ten an hour from one address are too many`() async throws {
        try await APIServer.with(options: { $0.registrationsPerHour = 10 }) { server in
            for number in 0..<10 { try server.register("user\(number)") }
            let answer = try server.ask(
                register,
                ["in": ["email": "ida@example.org", "displayName": "Ida", "password": password]]
            )
            #expect(answer.errorCode == "RATE_LIMITED")
        }
    }
}
