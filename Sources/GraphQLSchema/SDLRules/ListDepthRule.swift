import GraphQLLanguage

extension SDLRule {
    /// Lists are nested no deeper than references to types can say.
    static let listDepth = SDLRule("ListDepthRule") { text, report in
        var behind = 0
        for node in text.document.nodes.indices
        where node >= behind && text.document[node].kind == .listType {
            behind = Int(text.document[node].next)
            // A list holds one type, so the nodes of its subtree are the lists in each other and the name.
            if behind - node - 1 > TypeReference.maximumListDepth {
                report.add(
                    entering: node,
                    at: text.start(node),
                    message: "Lists cannot be nested deeper than \(TypeReference.maximumListDepth) levels."
                )
            }
        }
    }
}
