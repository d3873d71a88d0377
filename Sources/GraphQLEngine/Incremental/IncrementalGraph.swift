import GraphQLSchema

/// Which parts of a response the client waits for, and what it is told of when they are there.
///
/// A fragment is complete when all groups of fields it wants are; only then the client is told of the fragments and
/// lists inside. What stands below a part that failed is never begun.
/// https://github.com/graphql/graphql-spec/pull/1110
final class IncrementalGraph {
    /// How many parts the client was told of that are not complete.
    private(set) var openParts = 0
    /// Batches with something in them that is to run.
    private var batches: [LaterBatch] = []
    /// Fragments that were decided before the client was told of them, because they share groups with others.
    private var decidedEarly: [DeferredFragment] = []
    /// All fragments there were: they and their groups refer to each other until the graph lets go of them.
    private var fragments: [DeferredFragment] = []
    private var nextID = 0
    private var nextNumber = 0

    // MARK: What is found

    /// Takes what was found in the response, or in the items of a list, and returns what the client is to be told of.
    func add(_ parts: [LaterPart]) -> [PendingPart] {
        var children: [PendingPart] = []
        for part in parts {
            switch part {
            case .group(let group): add(group, &children)
            case .list(let list): children.append(list)
            }
        }
        return announce(children)
    }

    /// Takes what was found in a group.
    private func add(_ parts: [LaterPart], in group: DeferredGroup) {
        // All fragments of a group's parts have parents, so nothing is added here.
        var orphans: [PendingPart] = []
        for part in parts {
            switch part {
            case .group(let inner): add(inner, &orphans)
            case .list(let list): for fragment in group.fragments { fragment.children.append(list) }
            }
        }
    }

    private func add(_ group: DeferredGroup, _ children: inout [PendingPart]) {
        for fragment in group.fragments {
            list(fragment, &children)
            fragment.groups.append(group)
            fragment.openGroups += 1
        }
        if group.fragments.contains(where: \.isOpen) { start(group) }
    }

    private func list(_ fragment: DeferredFragment, _ children: inout [PendingPart]) {
        var fragment = fragment
        while !fragment.isListed {
            fragment.isListed = true
            fragments.append(fragment)
            guard let parent = fragment.parent else { return children.append(fragment) }
            parent.children.append(fragment)
            fragment = parent
        }
    }

    /// Opens those of the parts in which anything is wanted; where a fragment wants nothing, those inside of it.
    private func announce(_ parts: [PendingPart]) -> [PendingPart] {
        var announced: [PendingPart] = []
        var open = parts[...]
        while let part = open.popFirst() {
            if let fragment = part as? DeferredFragment {
                let isDecided = fragment.openGroups == 0 || fragment.groups.contains { $0.failure != nil }
                guard fragment.openGroups > 0 || fragment.results.contains(where: { !$0.isDelivered }) else {
                    open.append(contentsOf: fragment.children)
                    continue
                }
                if isDecided { decidedEarly.append(fragment) } else { fragment.groups.forEach(start) }
            } else if let list = part as? StreamedList {
                guard list.id == nil else { continue }
                list.number = nextNumber
                nextNumber += 1
                wait(for: .list(list), in: list.batch)
            }
            part.id = nextID
            nextID += 1
            part.isOpen = true
            openParts += 1
            announced.append(part)
        }
        return announced
    }

    // MARK: What runs

    private func start(_ group: DeferredGroup) {
        guard group.number == nil else { return }
        group.number = nextNumber
        nextNumber += 1
        wait(for: .group(group), in: group.batch)
    }

    private func wait(for part: LaterPart, in batch: LaterBatch) {
        if batch.waiting.isEmpty { batches.append(batch) }
        batch.waiting.append(part)
    }

    /// Batches to start, each with the parts to run it for.
    func takeBatches() -> [(batch: LaterBatch, parts: [LaterPart])] {
        defer { batches = [] }
        return batches.map { batch in
            defer { batch.waiting = [] }
            return (batch, batch.waiting)
        }
    }

    // MARK: What is done

    /// A group was executed; what it has in it are parts to come.
    func succeed(_ result: GroupResult, _ parts: [LaterPart], _ payload: inout IncrementalPayload) {
        for fragment in result.group.fragments {
            fragment.openGroups -= 1
            fragment.results.append(result)
        }
        add(parts, in: result.group)
        for fragment in result.group.fragments where fragment.isOpen && fragment.openGroups == 0 {
            complete(fragment, &payload)
        }
        decide(&payload)
    }

    private func complete(_ fragment: DeferredFragment, _ payload: inout IncrementalPayload) {
        payload.pending += announce(fragment.children)
        for result in fragment.results where !result.isDelivered {
            result.isDelivered = true
            payload.entries.append(.group(result, in: fragment))
        }
        payload.completed.append((fragment, []))
        close(fragment)
    }

    private func decide(_ payload: inout IncrementalPayload) {
        while let fragment = decidedEarly.popLast() {
            if let failure = fragment.groups.lazy.compactMap(\.failure).first {
                payload.completed.append((fragment, failure))
                close(fragment)
            } else {
                complete(fragment, &payload)
            }
        }
    }

    /// A group failed as a whole, and so do the fragments that want it.
    func fail(_ group: DeferredGroup, _ errors: [GraphQLError], _ payload: inout IncrementalPayload) {
        group.failure = errors
        for fragment in group.fragments where fragment.isOpen {
            payload.completed.append((fragment, errors))
            close(fragment)
        }
    }

    /// All of a list was delivered, or it failed at an item.
    func finish(_ list: StreamedList, _ errors: [GraphQLError], _ payload: inout IncrementalPayload) {
        close(list)
        payload.completed.append((list, errors))
    }

    private func close(_ part: PendingPart) {
        part.isOpen = false
        openParts -= 1
    }

    deinit {
        for fragment in fragments { fragment.forget() }
        for batch in batches { batch.waiting = [] }
    }
}
