/// The fields of a selection apart by when they come: with the selection, or with a group of deferred fields.
///
/// BuildExecutionPlan of https://github.com/graphql/graphql-spec/pull/1110.
struct DeferPartition {
    /// What comes with the selection itself.
    private(set) var main: [FieldGroups.Group] = []
    /// What comes later, by the uses of `@defer` that want it, in the order of their first fields.
    private(set) var later: [Part] = []

    struct Part {
        /// The numbers of the uses, in the order in which the first field names them.
        let usages: [Int32]
        var fields: [FieldGroups.Group]
    }

    /// - Parameter parents: the uses with whose group the selection itself comes.
    init(_ groups: [FieldGroups.Group], within parents: [Int32], _ known: [DeferUsage]) {
        guard !parents.isEmpty || groups.contains(where: { $0.usages.contains { $0 >= 0 } }) else {
            main = groups
            return
        }
        let parents = parents.sorted()
        var positions: [[Int32]: Int] = [:]
        for group in groups {
            let usages = Self.usages(of: group, known)
            let key = usages.sorted()
            if key == parents {
                main.append(group)
            } else if let position = positions[key] {
                later[position].fields.append(group)
            } else {
                positions[key] = later.count
                later.append(Part(usages: usages, fields: [group]))
            }
        }
    }

    /// The uses that want a field, without those inside of others that want it as well; none if it is wanted at once.
    private static func usages(of group: FieldGroups.Group, _ known: [DeferUsage]) -> [Int32] {
        var unique: Set<Int32> = []
        var usages: [Int32] = []
        for usage in group.usages {
            guard usage != Planner.notDeferred else { return [] }
            if unique.insert(usage).inserted { usages.append(usage) }
        }
        guard usages.count > 1 else { return usages }
        return usages.filter { usage in
            var outer = known[Int(usage)].parent
            while let parent = outer {
                if unique.contains(Int32(parent.id)) { return false }
                outer = parent.parent
            }
            return true
        }
    }
}
