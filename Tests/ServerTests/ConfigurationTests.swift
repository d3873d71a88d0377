import Actions
import EventLoop
import IdentityProviders
import PostgresClient
import Testing

@testable import Server

@Suite(.timeLimit(.minutes(3))) struct ConfigurationTests {
    private static let secret = "Zt8mQ2vK7wXc4RbN9pLs6HdJ3fGyT5aU"
    private static let keys = "1:xHKCZUPaW4NQXmAgL7J9lphgQY8QyrYrTI1fzait5fQ="

    private func problems(_ environment: [String: String], _ files: [String: String] = [:]) -> [String] {
        do throws(Configuration.Fault) {
            _ = try Configuration(environment) { files[$0] }
            return []
        } catch { return error.problems }
    }

    private let production = [
        "APP_ENV": "production", "DATABASE_URL": "postgres://db", "JWT_SECRET": secret, "ENCRYPTION_KEYS": keys,
    ]

    @Test func `nothing needs to be set for development, and production needs its secrets`() {
        #expect(problems([:]) == [])
        #expect(problems(production) == [])
        #expect(
            problems(["APP_ENV": "production"]) == [
                "DATABASE_URL must be set in production", "JWT_SECRET must be set in production",
                "ENCRYPTION_KEYS must be set in production",
            ]
        )
        #expect(problems(["NODE_ENV": "staging"]).count == 3)
    }

    @Test(arguments: [
        "short", String(repeating: "ab", count: 30), "change-me-change-me-change-me-1234567",
        "your-256-bit-secret-your-256-bit-key", "this is an EXAMPLE of a key 0123456789",
    ])
    func `production refuses weak and sample secrets without repeating them`(secret: String) {
        let found = problems(production.merging(["JWT_SECRET": secret]) { $1 })
        #expect(found.count == 1 && found[0].hasPrefix("JWT_SECRET "))
        #expect(!found[0].contains(secret))
        #expect(problems(production.merging(["JWT_PREVIOUS_SECRETS": secret]) { $1 }).count == 1)
        #expect(problems(["JWT_SECRET": secret]) == [])
        let metrics = problems(production.merging(["METRICS_TOKEN": secret]) { $1 })
        #expect(metrics.count == 1 && metrics[0].hasPrefix("METRICS_TOKEN ") && !metrics[0].contains(secret))
        #expect(problems(["METRICS_TOKEN": secret]) == [])
    }

    @Test(arguments: [
        "", "x", "1:", "1:short", "0:xHKCZUPaW4NQXmAgL7J9lphgQY8QyrYrTI1fzait5fQ=",
        "256:xHKCZUPaW4NQXmAgL7J9lphgQY8QyrYrTI1fzait5fQ=", "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "1:xHKCZUPaW4NQXmAgL7J9lphgQY8QyrYrTI1fzait5fQ=,1:EW2ydmLhA9h225ZrwMmrrvtRPMkh1x9QicYgiOVkORI=",
        "1:xHKCZUPaW4NQXmAgL7J9lphgQY8QyrYrTI1fzait5fQ=,",
    ])
    func `keys for encryption are 32 random bytes with ids of their own, and are not repeated`(keys: String) throws {
        let found = problems(production.merging(["ENCRYPTION_KEYS": keys]) { $1 })
        #expect(found.count == 1 && found[0].hasPrefix("ENCRYPTION_KEYS"))
        #expect(!found.contains { $0.contains("AAAA") || $0.contains("xHKCZU") })
    }

    private static let google = ["OAUTH_GOOGLE_ID": "atrium", "OAUTH_GOOGLE_SECRET": "secret"]

    @Test func `a provider of sign-ins has an id and a secret, and addresses that lead back`() throws {
        #expect(
            problems(["OAUTH_GOOGLE_ID": "atrium", "OAUTH_GITHUB_SECRET": "secret"]) == [
                "OAUTH_GOOGLE_ID and OAUTH_GOOGLE_SECRET go together: set both or none",
                "OAUTH_GITHUB_ID and OAUTH_GITHUB_SECRET go together: set both or none",
            ]
        )
        let files = ["/run/google": "secret\n"]
        let some = ["OAUTH_GOOGLE_ID": "atrium", "OAUTH_GOOGLE_SECRET_FILE": "/run/google"]
        let configuration = try Configuration(some) { files[$0] }
        #expect(configuration.oauth.google?.clientSecret == "secret")
        #expect(configuration.oauth.google?.issuer == "https://accounts.google.com")
        #expect(configuration.oauth.github == nil)
        #expect(configuration.oauth.returnAddresses == ["http://127.0.0.1:8080/oauth"])
        let two = Self.google.merging(["OAUTH_REDIRECT_URIS": "https://a.example/x?y=1, http://localhost:3000/oauth"]) {
            $1
        }
        #expect(
            try Configuration(two, readFile: { _ in nil }).oauth.returnAddresses == [
                "https://a.example/x?y=1", "http://localhost:3000/oauth",
            ]
        )
        for wrong in [
            "/oauth", "https://", "https://a.example/#x", "https://a@b.example", "javascript:alert(1)",
            "https://ä.example",
        ] {
            #expect(problems(Self.google.merging(["OAUTH_REDIRECT_URIS": wrong]) { $1 }).count == 1, "\(wrong)")
        }
    }

    @Test func `providers are asked in clear on this machine alone, and never where people rely on them`() {
        for name in ["OAUTH_GOOGLE_ISSUER", "OAUTH_REDIRECT_URIS"] {
            for address in ["http://127.0.0.1:9000/x", "http://localhost/x", "http://[::1]:9000/x"] {
                #expect(problems(Self.google.merging([name: address]) { $1 }) == [])
            }
            for address in ["http://id.example/x", "http://127.0.0.1.id.example/x", "http://localhost.id.example/x"] {
                #expect(
                    problems(Self.google.merging([name: address]) { $1 }) == [
                        "\(name) must begin with https://, not \"\(address)\""
                    ]
                )
            }
        }
        let serving = production.merging(Self.google) { $1 }
        #expect(
            problems(serving) == [
                "OAUTH_REDIRECT_URIS must begin with https://, not \"http://127.0.0.1:8080/oauth\"",
                "PUBLIC_URL must begin with https:// where people sign in by accounts elsewhere",
            ]
        )
        #expect(problems(serving.merging(["PUBLIC_URL": "https://api.example"]) { $1 }) == [])
        let clear = ["PUBLIC_URL": "https://api.example", "OAUTH_GOOGLE_ISSUER": "http://127.0.0.1:9000"]
        #expect(problems(serving.merging(clear) { $1 }).count == 1)
    }

    @Test func `behind a pooler the way past it must be known`() throws {
        let pooled = ["ATRIUM_DATABASE_POOLER": "transaction", "DATABASE_URL": "postgres://pooler"]
        let found = problems(pooled)
        #expect(found.count == 1 && found[0].hasPrefix("ATRIUM_DATABASE_DIRECT_URL must lead past the pooler"))
        let direct = pooled.merging(["ATRIUM_DATABASE_DIRECT_URL_FILE": "/run/direct"]) { $1 }
        let options = try DatabasePlace(Configuration(direct) { ["/run/direct": "postgres://db\n"][$0] }).options
        #expect(options.ofItsOwn.connectionString == "postgres://db" && options.ofItsOwn.preparesStatements)
        #expect(options.primary.connectionString == "postgres://pooler" && !options.primary.preparesStatements)
    }

    @Test func `the environment goes before the file, and a file may hold a secret`() throws {
        let files = [".env": "ATRIUM_PORT=1000\nATRIUM_LOOPS=3 # of four\n", "/run/secret": Self.secret + "\n"]
        let configuration = try Configuration(["ATRIUM_PORT": "2000", "JWT_SECRET_FILE": "/run/secret"]) { files[$0] }
        #expect(configuration.serving.address.port == 2_000)
        #expect(configuration.loops == 3)
        #expect(configuration.signingSecret == Self.secret)
        #expect(
            problems(["JWT_SECRET_FILE": "/nowhere"]) == ["JWT_SECRET_FILE names a file that cannot be read"]
        )
        #expect(problems(["JWT_SECRET_FILE": "/run/secret", "JWT_SECRET": "x"], files).count == 1)
    }

    @Test func `everything that is wrong is told, the lines of the file included`() {
        let found = problems(
            ["JWT_EXPIRES_IN": "soon", "BCRYPT_ROUNDS": "99", "APP_ENV": "live"],
            [".env": "ATRIUM_PORT=1\nnonsense\nATRIUM_LOOPS=0"]
        )
        #expect(
            found == [
                ".env:2 must be a line like NAME=value",
                "APP_ENV must be development, test, staging or production, not \"live\"",
                "ATRIUM_LOOPS must be a number from 1 to 256, not \"0\"",
                "BCRYPT_ROUNDS must be a number from 4 to 17, not \"99\"",
                "JWT_EXPIRES_IN must be from 30 to 86400 seconds, such as 900, 15m or 30d",
            ]
        )
    }

    @Test func `where mails are sent it must be said by whom and from where`() throws {
        #expect(
            problems(["ATRIUM_MAIL": "smtp"]) == [
                "MAIL_FROM must be set where mails are sent", "SMTP_HOST must be set for ATRIUM_MAIL=smtp",
            ]
        )
        #expect(problems(["ATRIUM_MAIL": "sendgrid", "MAIL_FROM": "a@example.org"]).count == 1)
        #expect(problems(["MAIL_FROM": "A\r\nBcc: b@example.org"]).count == 1)
        #expect(problems(["ATRIUM_APP_URL": "javascript:alert(1)"]).count == 1)
        let smtp = ["ATRIUM_MAIL": "smtp", "MAIL_FROM": "Atrium <a@example.org>", "SMTP_HOST": "mail.example.org"]
        #expect(problems(smtp) == [])
        #expect(problems(smtp.merging(["SMTP_USER": "a"]) { $1 }).count == 1)
        let login = ["SMTP_USER": "a", "SMTP_PASSWORD_FILE": "/run/smtp", "SMTP_ENCRYPTION": "none"]
        let clear = production.merging(smtp) { $1 }.merging(login) { $1 }
        #expect(
            problems(clear, ["/run/smtp": "secret\n"]) == [
                "SMTP_ENCRYPTION must not be none where a password is sent"
            ]
        )
        #expect(problems(production.merging(["ATRIUM_MAIL": "file"]) { $1 }).count == 1)
    }

    @Test(arguments: [("900", 900), ("15m", 900), ("2h", 7_200), ("1d", 86_400)])
    func `a time has a unit`(text: String, seconds: Int) throws {
        #expect(try Configuration(["JWT_EXPIRES_IN": text]) { _ in nil }.identity.accessTokenSeconds == seconds)
    }

    @Test(arguments: [
        ("A=b", "b"), ("  export A = b", nil), ("export A=b", "b"), ("A=", ""), ("A=\"b # c\" # d", "b # c"),
        ("A='b\\n'", "b\\n"), ("A=\"b\\nc\\\"\"", "b\nc\""), ("A=b#c", "b#c"), ("A=b # c", "b"), ("A=b=c ", "b=c"),
        ("A=\"b", nil), ("A=\"b\" c", nil), ("1A=b", nil), ("A", nil), ("A=b\r", "b"),
    ])
    func `a line of the file is a name and a value`(line: String, value: String?) {
        let file = DotEnv(line, file: ".env")
        #expect(file.values["A"] == value)
        #expect(file.problems.isEmpty == (value != nil))
    }

    @Test(arguments: [
        ("Bearer abc", "abc"), ("bearer abc", "abc"), ("Basic abc", nil), ("Bearer", nil), ("", nil),
    ])
    func `a bearer token is found in its header`(header: String, token: String?) {
        #expect(IdentityServices.bearerToken(in: header) == token)
    }
}
