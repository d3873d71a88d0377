import GraphQLLanguage

/// Fields by response key, in the order in which the keys appear: what collecting a selection results in.
struct FieldGroups {
    struct Group {
        /// The field's place among all fields of the selection.
        let order: Int
        var nodes: [Document.Index]
        /// For each node the number of the `@defer` it stands in, or -1; empty where nothing is deferred.
        var usages: [Int32]
    }

    private(set) var groups: [Group] = []
    private var positions: [ArraySlice<UInt8>: Int] = [:]

    /// - Parameter usage: the number of the `@defer` the field stands in, -1 for none, nil where that is not asked.
    mutating func add(_ node: Document.Index, key: ArraySlice<UInt8>, usage: Int32?) {
        if let position = positions[key] {
            groups[position].nodes.append(node)
            if let usage { groups[position].usages.append(usage) }
        } else {
            positions[key] = groups.count
            groups.append(Group(order: groups.count, nodes: [node], usages: usage.map { [$0] } ?? []))
        }
    }
}
