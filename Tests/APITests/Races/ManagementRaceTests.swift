import Testing

/// Accounts that are managed by somebody whose own is closed meanwhile.
@Suite(.timeLimit(.minutes(3))) struct ManagementRaceTests {
    /// As the suspension of somebody does, which is not committed yet.
    private let suspension = """
        UPDATE users SET status = 'SUSPENDED' WHERE username = 'boss';
        UPDATE auth_sessions SET revoked_at = now() WHERE user_id = (SELECT id FROM users WHERE username = 'boss')
        """

    private let statuses = "SELECT string_agg(username || ' ' || status, ', ' ORDER BY username) FROM users"

    @Test(arguments: [
        "adminUserReinstate(userId: $boss)", "adminUserSuspend(userId: $ida, reason: \"they or me\")",
        "adminUserDelete(userId: $ida, reason: \"they or me\")", "adminUserRolesSet(userId: $ida, roles: [ADMIN])",
        "adminUserUpdate(input: {id: $ida, displayName: \"x\"})",
        "adminUserCreate(input: {email: \"mine@example.org\", displayName: \"Mine\", roles: [SUPER_ADMIN]})",
    ])
    func `who is suspended while they wait does nothing any more`(mutation: String) async throws {
        try await APIServer.with { server in
            let boss = try server.register("boss", as: "SUPER_ADMIN")
            let people = ["boss": try server.userID(boss), "ida": try server.userID(server.register("ida"))]
            let variables = people.filter { mutation.contains("$" + $0.key) }
            let declared = variables.keys.map { "$\($0): ID!" }.joined(separator: ", ")
            let held = try HeldTransaction(suspension, on: server.connectionString)
            let answer = try server.ask(
                "mutation\(declared.isEmpty ? "" : " (\(declared))") { r: \(mutation) { userErrors { code } } }",
                variables,
                token: boss.access
            )
            try held.end()
            #expect(answer.errorCode == "UNAUTHENTICATED", "\(answer.text)")
            #expect(try server.sql(statuses) == "boss SUSPENDED, ida PENDING_VERIFICATION")
            #expect(try server.sql("SELECT count(*) FROM user_roles WHERE role LIKE '%ADMIN'") == "1")
        }
    }
}
