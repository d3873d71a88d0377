import GraphQLLanguage

extension SDLText {
    /// The names that several nodes have, in the order of their first appearance, with all nodes that have them.
    func repeatedNames(
        among nodes: some Sequence<Document.Index>
    ) -> [(name: String, nodes: [Document.Index])] {
        var groups: [(name: String, nodes: [Document.Index])] = []
        var numbers: [String: Int] = [:]
        for node in nodes {
            let name = document.text(of: node)
            if let number = numbers[name] {
                groups[number].nodes.append(node)
            } else {
                numbers[name] = groups.count
                groups.append((name, [node]))
            }
        }
        return groups.filter { $0.nodes.count > 1 }
    }
}
