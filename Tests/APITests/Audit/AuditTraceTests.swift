import Actions
import Data
import GraphQLSchema
import SocketTesting
import Testing

@testable import Resolvers

/// What stands in the log beside what actions have done.
@Suite(.timeLimit(.minutes(3))) struct AuditTraceTests {
    private static let create =
        "mutation { apiKeyCreate(input: {name: \"x\", scopes: [TEAM_READ]}) { secret userErrors { code } } }"

    private func entries(_ server: APIServer, _ condition: String = "true") throws -> String? {
        try server.sql(
            """
            SELECT string_agg(concat_ws(' ', action, outcome, resource_id, error_code, metadata ->> 'omitted'), ', '
                ORDER BY sequence) FROM audit_logs WHERE action <> 'account.register' AND \(condition)
            """
        )
    }

    @Test func `something dangerous is in the log before it is done`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            #expect(try server.ask(Self.create, token: ida.access)["data.apiKeyCreate.secret"] != nil)
            let said = try server.sql(
                "SELECT string_agg(outcome, ' ' ORDER BY sequence) FROM audit_logs WHERE action = 'api_key.create'"
            )
            #expect(said == "INITIATED SUCCEEDED")
            let requests = try server.sql(
                "SELECT count(DISTINCT request_id) FROM audit_logs WHERE action = 'api_key.create'"
            )
            #expect(requests == "1")
            let team = try server.makeTeam("crew", by: ida)
            #expect(try server.refusal("teamDelete(id: $team)", ["team": team], ida) == nil)
            let begun = try entries(server, "outcome = 'INITIATED' AND team_id = (SELECT id FROM teams)")
            #expect(begun == "team.delete INITIATED \(team)")
        }
    }

    @Test func `what failed in the middle has left a trace`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            try server.sql("ALTER TABLE api_keys ADD CONSTRAINT unforeseen CHECK (false)")
            let answer = try server.ask(Self.create, token: ida.access)
            #expect(answer["data.apiKeyCreate"] == nil && answer.errorCode != nil)
            let said = try entries(server)
            #expect(
                said == "api_key.create INITIATED, api_key.create FAILED Mutation.apiKeyCreate INTERNAL",
                "\(said ?? "")"
            )
        }
    }

    @Test func `what was broken off because its client has gone has left a trace`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            try server.sql(
                """
                CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN PERFORM pg_sleep(60); RETURN NEW; END $$;
                CREATE TRIGGER wait BEFORE INSERT ON api_keys EXECUTE FUNCTION wait()
                """
            )
            var client: TestSocket? = try server.socket()
            try client?.send(server.request(Self.create, [:], token: ida.access))
            let sleeps =
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND query LIKE '%api_keys%'"
            for _ in 0..<500 where try server.sql(sleeps) == "0" { try await Task.sleep(for: .milliseconds(20)) }
            client = nil
            var said: String?
            for _ in 0..<500 where said?.contains("FAILED") != true {
                said = try entries(server)
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(
                said == "api_key.create INITIATED, api_key.create FAILED Mutation.apiKeyCreate INTERNAL",
                "\(said ?? "")"
            )
            #expect(server.identity.boundedLog.counts.lost == 0)
        }
    }

    @Test func `what cannot leave a trace is not done`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            try server.sql("ALTER TABLE audit_logs ADD CONSTRAINT full_disk CHECK (outcome <> 'INITIATED') NOT VALID")
            #expect(try server.ask(Self.create, token: ida.access).errorCode != nil)
            #expect(try server.sql("SELECT count(*) FROM api_keys") == "0")
        }
    }

    @Test func `a refusal is in the log once a minute, with how many there were`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let key = try #require(try server.ask(Self.create, token: ida.access)["data.apiKeyCreate.secret"])
            server.pass(seconds: 700)
            for _ in 0..<4 { #expect(try server.ask(Self.create, token: ida.access).errorCode == "FORBIDDEN") }
            let read = "{ viewer { user { id } } }"
            for _ in 0..<3 { #expect(try server.ask(read, token: key).errorCode == "FORBIDDEN") }
            #expect(
                try server.ask("{ node(id: \"x\") { id } }", token: "a token of nobody").errorCode == "UNAUTHENTICATED"
            )
            // Of those who show nothing nothing is written.
            #expect(try server.ask("{ node(id: \"x\") { id } }").errorCode == "UNAUTHENTICATED")
            let said = try entries(server, "outcome = 'REFUSED'")
            #expect(
                said == """
                    field.select REFUSED Mutation.apiKeyCreate REAUTHENTICATION_REQUIRED, \
                    field.select REFUSED Query.viewer MISSING_SCOPE, \
                    field.select REFUSED Query.node UNAUTHENTICATED
                    """,
                "\(said ?? "")"
            )
            let byKey = "SELECT metadata ->> 'apiKey' IS NOT NULL FROM audit_logs WHERE error_code = 'MISSING_SCOPE'"
            #expect(try server.sql(byKey) == "t")
            server.pass(seconds: 61)
            #expect(try server.ask(Self.create, token: ida.access).errorCode == "FORBIDDEN")
            let later = try entries(server, "metadata ? 'omitted'")
            #expect(later == "field.select REFUSED Mutation.apiKeyCreate REAUTHENTICATION_REQUIRED 3", "\(later ?? "")")
        }
    }

    @Test func `what was left out is told by the next of its kind, however late that comes`() async throws {
        try await APIServer.with {
            $0.refusalsPerMinute = 1
        } _: { server in
            let ida = try server.register("ida")
            server.pass(seconds: 601)
            func refuse(_ field: String, times: Int = 1) throws {
                for _ in 0..<times { _ = try server.ask("mutation { \(field) { __typename } }", token: ida.access) }
            }
            try refuse("accountDeactivate", times: 4)
            // There is no room for this one.
            try refuse("mfaRecoveryCodesRenew", times: 2)
            for _ in 0..<2 {
                server.pass(seconds: 61)
                try refuse("mfaEnroll(name: \"x\")")
            }
            for field in ["accountDeactivate", "mfaRecoveryCodesRenew"] {
                server.pass(seconds: 61)
                try refuse(field)
            }
            let said = try entries(server, "metadata ? 'omitted'")
            #expect(
                said == """
                    field.select REFUSED Mutation.accountDeactivate REAUTHENTICATION_REQUIRED 3, \
                    field.select REFUSED Mutation.mfaRecoveryCodesRenew REAUTHENTICATION_REQUIRED 2
                    """,
                "\(said ?? "")"
            )
        }
    }

    @Test func `nobody fills the log by being refused`() async throws {
        try await APIServer.with {
            $0.refusalsPerMinute = 5
        } _: { server in
            let ida = try server.register("ida")
            server.pass(seconds: 700)
            let fields = [
                "accountDeactivate { __typename }", "mfaEnroll(name: \"x\") { __typename }",
                "mfaRecoveryCodesRenew { __typename }", "teamDelete(id: \"x\") { __typename }",
            ]
            for field in fields { _ = try server.ask("mutation { \(field) }", token: ida.access) }
            for index in 0..<20 {
                _ = try server.ask("{ node(id: \"x\") { id } }", token: "no token \(index)")
                _ = try server.ask("{ nodes(ids: []) { id } }", token: "no token \(index)")
            }
            #expect(try server.sql("SELECT count(*) FROM audit_logs WHERE outcome = 'REFUSED'") == "5")
            let counts = server.identity.boundedLog.counts
            #expect(counts.written == 5 && counts.omitted == 39 && counts.lost == 0)
        }
    }

    @Test func `a server that would do something dangerous without a trace does not start`() throws {
        let text = "\(GeneratedSchema.sdl)".replacing("action:\"api_key.create\" dangerous:true", with: "action:\"x\"")
        let refusal = #expect(throws: UnguardedFields.self) { try Schema(unchecked: text).mustBeGuarded() }
        #expect(refusal?.unannounced == ["Mutation.apiKeyCreate"])
        try Schema(unchecked: "\(GeneratedSchema.sdl)").mustBeGuarded()
    }
}
