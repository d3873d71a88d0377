/// A queue in one array that is used round and round; grows by doubling.
struct Ring<Element> {
    private var slots: ContiguousArray<Element?> = []
    private var head = 0
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    /// The element at a distance from the first.
    subscript(index: Int) -> Element {
        get {
            guard let element = slots[place(index)] else { preconditionFailure("no such element in the queue") }
            return element
        }
        set { slots[place(index)] = newValue }
    }

    mutating func append(_ element: Element) {
        if count == slots.count { grow() }
        slots[(head + count) & (slots.count - 1)] = element
        count += 1
    }

    mutating func removeFirst() -> Element {
        guard count > 0, let element = slots[head] else { preconditionFailure("nothing left in the queue") }
        slots[head] = nil
        head = (head + 1) & (slots.count - 1)
        count -= 1
        return element
    }

    private func place(_ index: Int) -> Int {
        precondition(index >= 0 && index < count, "no such element in the queue")
        return (head + index) & (slots.count - 1)
    }

    private mutating func grow() {
        var larger = ContiguousArray<Element?>(repeating: nil, count: max(16, slots.count * 2))
        for index in 0..<count { larger[index] = slots[(head + index) & (slots.count - 1)] }
        slots = larger
        head = 0
    }
}
