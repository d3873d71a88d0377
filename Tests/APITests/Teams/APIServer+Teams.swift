import Testing

extension APIServer {
    /// A team of `owner`'s with this slug.
    func makeTeam(_ slug: String, by owner: TestTokens) throws -> String {
        let answer = try ask(
            "mutation ($in: TeamCreateInput!) { teamCreate(input: $in) { team { id } userErrors { code path } } }",
            ["in": ["name": "Team \(slug)", "slug": slug]],
            token: owner.access
        )
        return try #require(answer["data.teamCreate.team.id"], "\(answer.text)")
    }

    /// Registers somebody and makes them a member.
    func join(_ name: String, _ slug: String, as role: String) throws -> TestTokens {
        let tokens = try register(name)
        try sql(
            """
            INSERT INTO team_members (team_id, user_id, role)
            SELECT t.id, u.id, '\(role)' FROM teams t, users u WHERE t.slug = '\(slug)' AND u.username = '\(name)'
            """
        )
        return tokens
    }

    func userID(_ token: TestTokens) throws -> String {
        try #require(try ask("{ viewer { user { id } } }", token: token.access)["data.viewer.user.id"])
    }

    /// Runs a mutation that takes `$team` and `$user`; the code that kept it from being done, or nil.
    func refusal(
        _ mutation: String,
        _ variables: [String: Any],
        _ token: TestTokens
    ) throws -> String? {
        let declared = variables.keys.sorted().map { "$\($0): ID!" }.joined(separator: ", ")
        let answer = try ask(
            "mutation\(declared.isEmpty ? "" : "(\(declared))") { result: \(mutation) { userErrors { code } } }",
            variables,
            token: token.access
        )
        if let code = answer.errorCode { return code }
        return answer.codes("result").first
    }
}
