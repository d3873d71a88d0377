import GraphQLSchema

extension LintRule {
    static let nounFirstMutations = LintRule(
        "noun-first-mutations",
        "Mutations are called by what they change, then by what they do: teamCreate, applicationWithdraw."
    ) { schema, report in
        for (field, coordinate) in schema.rootFields(schema.mutationType) {
            let words = Words(field.name)
            guard verbs.contains(words.first), words.words.count > 1 else { continue }
            report.add(coordinate, at: field.origin, "begins with a verb: put the noun first")
        }
    }

    /// Verbs that are no nouns: `orderCancel` and `messageSend` begin with nouns.
    private static let verbs: Set<String> = [
        "accept", "add", "adjust", "apply", "approve", "assign", "attach", "cancel", "complete", "confirm", "connect",
        "create", "decline", "delete", "detach", "disable", "disconnect", "edit", "enable", "fetch", "generate", "get",
        "insert", "join", "leave", "make", "mark", "modify", "move", "publish", "register", "reject", "remove",
        "rename",
        "replace", "resend", "restore", "revoke", "save", "send", "set", "start", "stop", "submit", "unassign", "unset",
        "update", "upsert", "verify", "withdraw",
    ]
}
