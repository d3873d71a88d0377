import GraphQLSchema

/// The readers of a shared subscription, in the order in which they came.
///
/// Numbers are never used again, so that a reader that leaves twice takes nobody's place.
struct ReaderList {
    /// What a reader is told: a response, nil at the end, or why there are no more.
    typealias Delivery = Result<Response?, any Error>

    struct Reader {
        let number: Int
        var kept: [Response] = []
        /// What follows what is kept.
        var end: Delivery?
        /// Told what comes next, once.
        var waiting: (@Sendable (Delivery) -> Void)?
        fileprivate var hasLeft = false
    }

    private(set) var readers: [Reader] = []
    private(set) var count = 0
    private var nextNumber = 0

    mutating func add() -> Int {
        defer { nextNumber += 1 }
        readers.append(Reader(number: nextNumber))
        count += 1
        return nextNumber
    }

    /// The place of a reader that has not left.
    func place(of number: Int) -> Int? {
        var (low, high) = (0, readers.count)
        while low < high {
            let middle = (low + high) / 2
            if readers[middle].number < number { low = middle + 1 } else { high = middle }
        }
        return low < readers.count && readers[low].number == number && !readers[low].hasLeft ? low : nil
    }

    subscript(place: Int) -> Reader {
        get { readers[place] }
        _modify { yield &readers[place] }
    }

    /// Takes a reader out; nil when it has left before. The list is packed when half of it has left.
    mutating func remove(_ number: Int) -> Reader? {
        guard let place = place(of: number) else { return nil }
        let reader = readers[place]
        readers[place] = Reader(number: number, hasLeft: true)
        count -= 1
        if count < readers.count / 2 { readers.removeAll(where: \.hasLeft) }
        return reader
    }

    /// Does something to all readers that have not left.
    mutating func update(_ body: (inout Reader) -> Void) {
        for place in readers.indices where !readers[place].hasLeft { body(&readers[place]) }
    }

    /// Whether somebody has nothing left to read.
    var isAnybodyHungry: Bool { readers.contains { !$0.hasLeft && $0.kept.isEmpty && $0.end == nil } }
}
