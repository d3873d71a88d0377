import GraphQLSchema

extension ErrorReport {
    /// ` Did you mean "a", "b", or "c"?`: what a misspelt name may stand for; nothing where nothing is close to it.
    func suggestion(for name: String, among known: [String], introducedBy introduction: String? = nil) -> String {
        if options.hidesSuggestions || isFull { return "" }
        return Suggestions.sentence(for: name, among: known, what: introduction)
    }

    func suggestion(of names: [String], introducedBy introduction: String) -> String {
        options.hidesSuggestions || isFull ? "" : Suggestions.sentence(names, what: introduction)
    }
}
