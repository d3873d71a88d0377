/// Two lists of what has a name, compared by name: each part in the order of its list.
struct NamedDifference<Item> {
    private(set) var added: [Item] = []
    private(set) var removed: [Item] = []
    private(set) var kept: [(old: Item, new: Item)] = []

    init(_ old: [Item], _ new: [Item], by name: (Item) -> String) {
        let newByName = Dictionary(new.map { (name($0), $0) }) { first, _ in first }
        let oldNames = Set(old.map(name))
        for item in old {
            if let match = newByName[name(item)] { kept.append((item, match)) } else { removed.append(item) }
        }
        added = new.filter { !oldNames.contains(name($0)) }
    }
}
