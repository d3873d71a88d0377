import GraphQLLanguage

/// What is selected on a type, but comes later than the selection it stands in.
///
/// Fields are apart by the `@defer`s that want them: a field that is wanted at once as well is no part of this, and one
/// that two fragments want is in a group of both, so nothing is delivered twice.
final class Deferral: Sendable {
    /// The uses of `@defer` that start here: each object of the selection has a fragment of its own for each of them.
    let usages: [DeferUsage]
    /// The deferred fields, by the uses that want them. Each group runs once for all objects.
    let groups: [Group]

    init(usages: [DeferUsage], groups: [Group]) {
        self.usages = usages
        self.groups = groups
    }

    struct Group: Sendable {
        let usages: [DeferUsage]
        let selection: Selection
    }
}

/// One `@defer`, on one way to it.
final class DeferUsage: Sendable {
    /// The usage's number in its plan.
    let id: Int
    let label: String?
    /// The usage in which this one stands.
    let parent: DeferUsage?

    init(id: Int, label: String?, parent: DeferUsage?) {
        self.id = id
        self.label = label
        self.parent = parent
    }
}

/// The `@stream` of a list field.
final class StreamUsage: Sendable {
    let label: String?
    let initialCount: Count
    /// What is selected on the items that come later: one step, the field's.
    let items: Selection

    init(label: String?, initialCount: Count, items: Selection) {
        self.label = label
        self.initialCount = initialCount
        self.items = items
    }

    enum Count: Sendable {
        case literal(Int)
        case variable(String)
    }
}
