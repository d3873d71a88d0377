import Actions
import Data
import GraphQLEngine
import GraphQLSchema
import PostgresClient
import Resolvers
import Testing

/// What the database refuses and what whoever asked is told.
@Suite(.timeLimit(.minutes(3))) struct KnownConstraintsTests {
    /// Unique indexes but for primary keys, exclusions, and bounds but for lists of words, which are enums of the schema.
    private static let constraints = """
        SELECT string_agg(DISTINCT name, ' ') FROM (
            SELECT c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
            WHERE i.indisunique AND NOT i.indisprimary AND c.relnamespace = 'public'::regnamespace
            UNION ALL SELECT conname FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace AND conrelid <> 0 AND (contype = 'x'
                OR contype = 'c' AND pg_get_constraintdef(oid) !~ '^CHECK \\(\\([a-z_]+ = ANY \\(ARRAY\\[')
        ) AS names
        """

    @Test func `each constraint that somebody may break says what it means`() async throws {
        try await APIServer.with { server in
            let found = Set(try #require(try server.sql(Self.constraints)).split(separator: " ").map(String.init))
            let known = Set(KnownConstraints.told.keys).union(KnownConstraints.untold)
            #expect(found.count > 80)
            #expect(found.subtracting(known).sorted() == [], "say in KnownConstraints.swift what these mean to whom")
            #expect(known.subtracting(found).sorted() == [], "these are not in the schema any more")
            #expect(KnownConstraints.untold.isDisjoint(with: KnownConstraints.told.keys))
        }
    }

    @Test func `each state that a trigger raises says what it means`() async throws {
        try await APIServer.with { server in
            let raised = try server.sql(
                """
                SELECT string_agg(DISTINCT m[1], ' ') FROM pg_proc, regexp_matches(prosrc, 'ERRCODE = ''(CX[0-9]+)''', 'g') m
                """
            )
            #expect(
                Set(try #require(raised).split(separator: " ").map(String.init)) == Set(KnownConstraints.codes.keys)
            )
        }
    }

    private func fault(_ state: String, _ constraint: String? = nil, _ message: String = "") -> PostgresError {
        .server(ServerFault(SQLState(state), message, by: constraint))
    }

    @Test func `what has no name of its own is told by its kind`() {
        #expect(ConstraintViolation(fault("23505", "teams_slug"))?.code == .nameTaken)
        #expect(ConstraintViolation(fault("23505", "some_key"))?.code == .alreadyExists)
        #expect(ConstraintViolation(fault("23514", "some_check"))?.code == .invalidInput)
        #expect(ConstraintViolation(fault("23P01", "some_excl"))?.code == .slotUnavailable)
        #expect(ConstraintViolation(fault("23503", "some_fkey", "insert or update on table"))?.code == .notFound)
        #expect(ConstraintViolation(fault("23503", "some_fkey", "update or delete on table"))?.code == .hasDependents)
        #expect(ConstraintViolation(fault("CX001"))?.code == .invalidTransition)
        for silent in [fault("23505", "jobs_unique_live"), fault("42P01"), fault("40001"), .connectionLost] {
            #expect(ConstraintViolation(silent) == nil)
        }
    }

    @Test func `what the database alone has noticed is a user error, and is written to the log`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            try server.sql("ALTER TABLE teams ADD CONSTRAINT not_now CHECK (description <> 'not now')")
            try server.sql("ALTER TABLE groups ADD CONSTRAINT not_now CHECK (description <> 'not now')")
            for mutation in ["teamCreate", "groupCreate"] {
                let query = """
                    mutation { \(mutation)(input: {name: "Crew", description: "not now"}) { userErrors { code message } } }
                    """
                let answer = try server.ask(query, token: ida.access)
                #expect(answer.codes(mutation) == ["INVALID_INPUT"], "\(answer.text)")
            }
            let log =
                "SELECT string_agg(action || ' ' || error_code, ', ' ORDER BY action) FROM audit_logs WHERE outcome = 'REFUSED'"
            #expect(try server.sql(log) == "group.create INVALID_INPUT, team.create INVALID_INPUT")
        }
    }

    @Test func `a database that is away is said, and is no fault of the program`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            await server.database.close()
            server.pass(seconds: 2)
            let answer = try server.ask("{ viewer { user { id } } }", token: ida.access)
            #expect(answer.errorCode == "SERVICE_UNAVAILABLE", "\(answer.text)")
        }
    }

    @Test func `each way in which a database fails has its code`() {
        let hidden = GraphQLError("Internal server error")
        func code(_ error: PostgresError) -> String? {
            let present = EngineOptions.presenting { _ in hidden }
            if case .string(let code)? = present(error).extensions["code"] { return code }
            return nil
        }
        for error: PostgresError in [
            .unavailable(retryAfterSeconds: 3, reason: ""), .commitUnknown, .connectionLost, .cannotConnect("x"),
            .queueFull, .queueTimeout, fault("57P01"), fault("57P03"), fault("53300"), fault("53100"), fault("25006"),
            fault("40001"), fault("08P01"),
        ] { #expect(code(error) == "SERVICE_UNAVAILABLE", "\(error)") }
        for error in [.deadlineExceeded, fault("57014")] { #expect(code(error) == "TIMEOUT") }
        #expect(code(fault("23505", "teams_slug")) == "NAME_TAKEN")
        for error in [fault("42P01"), fault("23505", "jobs_unique_live"), .rowCount(2)] { #expect(code(error) == nil) }
    }
}
