import GraphQLSchema

extension ErrorReport {
    /// ` Did you mean "a", "b", or "c"?`: what a misspelt name may stand for; nothing where nothing is close to it.
    func suggestion(for name: String, among known: [String], introducedBy introduction: String? = nil) -> String {
        if options.hidesSuggestions || isFull { return "" }
        return Suggestions.question(Suggestions.names(like: name, among: known), introducedBy: introduction)
    }

    func suggestion(of names: [String], introducedBy introduction: String) -> String {
        options.hidesSuggestions || isFull ? "" : Suggestions.question(names, introducedBy: introduction)
    }
}
