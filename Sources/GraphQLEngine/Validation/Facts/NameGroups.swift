/// Finds what has the same name in short lists, such as the arguments of a field.
///
/// One table serves all lists of a document: a list's number tells its entries from those of earlier lists.
struct NameGroups {
    private var lastList: [Int32]
    private var group: [Int32]
    private var list: Int32 = 0

    init(_ nameCount: Int) {
        lastList = Array(repeating: 0, count: nameCount)
        group = lastList
    }

    /// The names that occur more than once, in the order of their first use, with all nodes that have them.
    mutating func repeated<Element>(
        _ elements: ArraySlice<Element>,
        _ name: KeyPath<Element, NameID>,
        _ node: KeyPath<Element, Int32>
    ) -> [(name: NameID, nodes: [Int32])] {
        guard hasRepeated(elements, name) else { return [] }
        list += 1
        var groups: [(name: NameID, nodes: [Int32])] = []
        for element in elements {
            let name = element[keyPath: name]
            if lastList[Int(name)] != list {
                lastList[Int(name)] = list
                group[Int(name)] = Int32(truncatingIfNeeded: groups.count)
                groups.append((name, []))
            }
            groups[Int(group[Int(name)])].nodes.append(element[keyPath: node])
        }
        return groups.filter { $0.nodes.count > 1 }
    }

    private mutating func hasRepeated<Element>(
        _ elements: ArraySlice<Element>,
        _ name: KeyPath<Element, NameID>
    ) -> Bool {
        list += 1
        for element in elements {
            let name = Int(element[keyPath: name])
            if lastList[name] == list { return true }
            lastList[name] = list
        }
        return false
    }
}
