/// How a resolver's Swift result nests, said in types: `[Post?]!` is `ListOf<Maybe<Object<PostBinding>>>`, `Float` is
/// `Maybe<Leaf<Double>>`.
///
/// None of it is inlined: a copy for each field of a large schema takes the compiler a quarter of its time. What runs
/// once a value is in the bindings, of which there is one a type (`CompositeBinding.append`).
public protocol ResultShape {
    associatedtype Value
    associatedtype Storage
    static func makeStorage() -> Storage
    static func finish(_ storage: Storage, _ collector: Collector) -> FieldColumn
    static func collect(
        _ value: Value,
        _ storage: inout Storage,
        _ collector: inout Collector,
        depth: Int
    )
        -> FieldColumn.Cell
    /// Takes all elements of a list at once, where the shape can; nil where it has to look at each.
    static func collect(
        all values: [Value],
        _ storage: inout Storage,
        _ collector: inout Collector,
        depth: Int
    )
        -> FieldColumn.Cell?
    /// Takes what is there of the parents' values: a cell for each, null where there is none.
    static func collect(
        present values: [Value?],
        _ storage: inout Storage,
        _ collector: inout Collector
    )
        -> [FieldColumn.Cell]
}

extension ResultShape {
    public static func collect(
        all values: [Value],
        _ storage: inout Storage,
        _ collector: inout Collector,
        depth: Int
    ) -> FieldColumn.Cell? { nil }

    public static func collect(
        present values: [Value?],
        _ storage: inout Storage,
        _ collector: inout Collector
    ) -> [FieldColumn.Cell] {
        var cells: [FieldColumn.Cell] = []
        cells.reserveCapacity(values.count)
        for value in values {
            if let value {
                cells.append(collect(value, &storage, &collector, depth: 0))
            } else {
                cells.append(.null)
            }
        }
        return cells
    }
}

/// The shape of what is no list and not nullable.
public protocol ItemShape: ResultShape {}

public enum Leaf<Value: OutputLeaf>: ItemShape {
    public static func makeStorage() -> [Value] { [] }

    public static func collect(
        _ value: Value,
        _ storage: inout [Value],
        _ collector: inout Collector,
        depth: Int
    ) -> FieldColumn.Cell {
        guard value.isRepresentable else { return collector.add(UnrepresentableValue()) }
        storage.append(value)
        return .value(storage.count - 1)
    }

    public static func finish(_ storage: [Value], _ collector: Collector) -> FieldColumn {
        FieldColumn(
            cells: collector.cells,
            lists: collector.lists,
            errors: collector.errors,
            mayHoldNulls: collector.mayHoldNulls,
            values: .leaves(Leaves(values: storage))
        )
    }
}

public enum Object<Binding: CompositeBinding>: ItemShape {
    public typealias Value = Binding.Value

    /// The values apart by type, and where each went.
    public struct Storage {
        var values = Binding.makeStorage()
        var indices: [CompositeIndex] = []

    }

    public static func makeStorage() -> Storage { Storage() }

    public static func collect(
        _ value: Value,
        _ storage: inout Storage,
        _ collector: inout Collector,
        depth: Int
    ) -> FieldColumn.Cell {
        storage.indices.append(Binding.append(value, to: &storage.values))
        return .value(storage.indices.count - 1)
    }

    public static func collect(
        all values: [Value],
        _ storage: inout Storage,
        _ collector: inout Collector,
        depth: Int
    ) -> FieldColumn.Cell? {
        guard let first = Binding.append(all: values, to: &storage.values) else { return nil }
        let firstIndex = storage.indices.count
        CompositeIndex.append(rows: Int(first)..<Int(first) + values.count, to: &storage.indices)
        return collector.appendList(of: firstIndex..<storage.indices.count, depth)
    }

    public static func collect(
        present values: [Value?],
        _ storage: inout Storage,
        _ collector: inout Collector
    ) -> [FieldColumn.Cell] {
        let firstIndex = storage.indices.count
        storage.indices.reserveCapacity(firstIndex + values.count)
        let absent = Binding.append(present: values, to: &storage.values, at: &storage.indices)
        return collector.cells(ofValuesFrom: firstIndex, count: values.count, absent: absent)
    }

    public static func finish(_ storage: Storage, _ collector: Collector) -> FieldColumn {
        FieldColumn(
            cells: collector.cells,
            lists: collector.lists,
            errors: collector.errors,
            mayHoldNulls: collector.mayHoldNulls,
            values: .objects(Binding.columns(storage.values), storage.indices)
        )
    }
}

public enum Maybe<Wrapped: ResultShape>: ResultShape {
    public typealias Value = Wrapped.Value?

    public static func makeStorage() -> Wrapped.Storage { Wrapped.makeStorage() }

    public static func collect(
        _ value: Value,
        _ storage: inout Wrapped.Storage,
        _ collector: inout Collector,
        depth: Int
    ) -> FieldColumn.Cell {
        guard let value else { return collector.addNull() }
        return Wrapped.collect(value, &storage, &collector, depth: depth)
    }

    public static func collect(
        present values: [Value?],
        _ storage: inout Wrapped.Storage,
        _ collector: inout Collector
    ) -> [FieldColumn.Cell] {
        let cells = Wrapped.collect(present: values.map { $0 ?? nil }, &storage, &collector)
        if cells.contains(.null) { collector.mayHoldNulls = true }
        return cells
    }

    public static func finish(_ storage: Wrapped.Storage, _ collector: Collector) -> FieldColumn {
        Wrapped.finish(storage, collector)
    }
}

public enum ListOf<Element: ResultShape>: ResultShape {
    public typealias Value = [Element.Value]

    public static func makeStorage() -> Element.Storage { Element.makeStorage() }

    public static func collect(
        _ value: Value,
        _ storage: inout Element.Storage,
        _ collector: inout Collector,
        depth: Int
    ) -> FieldColumn.Cell {
        if let cell = Element.collect(all: value, &storage, &collector, depth: depth) { return cell }
        // The cells of inner lists go to inner levels, so this list's own cells stay side by side.
        collector.open(depth)
        for element in value {
            let cell = Element.collect(element, &storage, &collector, depth: depth + 1)
            collector.append(cell, depth)
        }
        return collector.close(depth)
    }

    public static func finish(_ storage: Element.Storage, _ collector: Collector) -> FieldColumn {
        Element.finish(storage, collector)
    }
}

/// What is collected beside the values: cells, lists and errors.
public struct Collector {
    var cells: [FieldColumn.Cell] = []
    var lists: [FieldColumn.ListLevel] = []
    var errors: [any Error] = []
    var mayHoldNulls = false

    init() {}

    mutating func addNull() -> FieldColumn.Cell {
        mayHoldNulls = true
        return .null
    }

    mutating func add(_ error: any Error) -> FieldColumn.Cell {
        mayHoldNulls = true
        errors.append(error)
        return .error(errors.count - 1)
    }

    mutating func open(_ depth: Int) {
        if depth == lists.count { lists.append(FieldColumn.ListLevel()) }
    }

    mutating func append(_ cell: FieldColumn.Cell, _ depth: Int) {
        lists[depth].cells.append(cell)
    }

    /// A list of values that follow each other.
    mutating func appendList(of indices: Range<Int>, _ depth: Int) -> FieldColumn.Cell {
        open(depth)
        lists[depth].cells.append(contentsOf: indices.lazy.map { .value($0) })
        return close(depth)
    }

    mutating func close(_ depth: Int) -> FieldColumn.Cell {
        lists[depth].bounds.append(Int32(truncatingIfNeeded: lists[depth].cells.count))
        return .value(lists[depth].bounds.count - 2)
    }

    /// Cells of values that follow each other, but for those that are not there.
    func cells(ofValuesFrom first: Int, count: Int, absent: [Int]) -> [FieldColumn.Cell] {
        if absent.isEmpty { return (first..<first + count).map { .value($0) } }
        var cells: [FieldColumn.Cell] = []
        cells.reserveCapacity(count)
        var next = first
        var missing = absent[...]
        for position in 0..<count {
            if missing.first == position {
                missing.removeFirst()
                cells.append(.null)
            } else {
                cells.append(.value(next))
                next += 1
            }
        }
        return cells
    }
}

extension FieldColumn {
    /// Takes the results of a resolver for all parents apart.
    public init<Shape: ResultShape>(_ results: Results<Shape.Value>, as shape: Shape.Type) {
        var collector = Collector()
        var storage = Shape.makeStorage()
        collector.cells = Shape.collect(present: results.values, &storage, &collector)
        for failure in results.errors { collector.cells[failure.parent] = collector.add(failure.error) }
        self = Shape.finish(storage, collector)
    }

    /// The result of a field of a root type: the same for all parents, of which there is one unless a field answers
    /// the root type.
    public init<Shape: ResultShape>(_ value: Shape.Value, as shape: Shape.Type, count: Int = 1) {
        var collector = Collector()
        var storage = Shape.makeStorage()
        for _ in 0..<count {
            let cell = Shape.collect(value, &storage, &collector, depth: 0)
            collector.cells.append(cell)
        }
        self = Shape.finish(storage, collector)
    }
}

/// A number that JSON has no form for.
struct UnrepresentableValue: Error {}
