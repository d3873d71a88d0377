/// How a resolver's Swift result nests, said in types, so that the compiler makes one loop of it:
/// `[Post?]!` is `ListOf<Maybe<Object<PostBinding>>>`, `Float` is `Maybe<Leaf<Double>>`.
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
    static func collect(
        all values: [Value],
        _ storage: inout Storage,
        _ collector: inout Collector,
        depth: Int
    )
        -> FieldColumn.Cell?
}

extension ResultShape {
    /// Takes all elements of a list at once, where the shape can; nil where it has to look at each.
    @inlinable public static func collect(
        all values: [Value],
        _ storage: inout Storage,
        _ collector: inout Collector,
        depth: Int
    ) -> FieldColumn.Cell? { nil }
}

/// The shape of what is no list and not nullable.
public protocol ItemShape: ResultShape {}

public enum Leaf<Value: OutputLeaf>: ItemShape {
    @inlinable public static func makeStorage() -> [Value] { [] }

    @inlinable public static func collect(
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
        @usableFromInline var values = Binding.makeStorage()
        @usableFromInline var indices: [CompositeIndex] = []

        @inlinable init() {}
    }

    @inlinable public static func makeStorage() -> Storage { Storage() }

    @inlinable public static func collect(
        _ value: Value,
        _ storage: inout Storage,
        _ collector: inout Collector,
        depth: Int
    ) -> FieldColumn.Cell {
        storage.indices.append(Binding.append(value, to: &storage.values))
        return .value(storage.indices.count - 1)
    }

    @inlinable public static func collect(
        all values: [Value],
        _ storage: inout Storage,
        _ collector: inout Collector,
        depth: Int
    ) -> FieldColumn.Cell? {
        guard storage.indices.isEmpty, Binding.adopt(values, as: &storage.values) else { return nil }
        storage.indices = values.indices.map { CompositeIndex(partition: 0, row: Int32(truncatingIfNeeded: $0)) }
        return collector.appendList(of: values.count, depth)
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

    @inlinable public static func makeStorage() -> Wrapped.Storage { Wrapped.makeStorage() }

    @inlinable public static func collect(
        _ value: Value,
        _ storage: inout Wrapped.Storage,
        _ collector: inout Collector,
        depth: Int
    ) -> FieldColumn.Cell {
        guard let value else { return collector.addNull() }
        return Wrapped.collect(value, &storage, &collector, depth: depth)
    }

    public static func finish(_ storage: Wrapped.Storage, _ collector: Collector) -> FieldColumn {
        Wrapped.finish(storage, collector)
    }
}

public enum ListOf<Element: ResultShape>: ResultShape {
    public typealias Value = [Element.Value]

    @inlinable public static func makeStorage() -> Element.Storage { Element.makeStorage() }

    @inlinable public static func collect(
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

    @usableFromInline init() {}

    @usableFromInline mutating func addNull() -> FieldColumn.Cell {
        mayHoldNulls = true
        return .null
    }

    @usableFromInline mutating func add(_ error: any Error) -> FieldColumn.Cell {
        mayHoldNulls = true
        errors.append(error)
        return .error(errors.count - 1)
    }

    @usableFromInline mutating func open(_ depth: Int) {
        if depth == lists.count { lists.append(FieldColumn.ListLevel()) }
    }

    @usableFromInline mutating func append(_ cell: FieldColumn.Cell, _ depth: Int) {
        lists[depth].cells.append(cell)
    }

    /// A list of values that follow each other from the first on.
    @usableFromInline mutating func appendList(of count: Int, _ depth: Int) -> FieldColumn.Cell {
        open(depth)
        lists[depth].cells.append(contentsOf: (0..<count).lazy.map { .value($0) })
        return close(depth)
    }

    @usableFromInline mutating func close(_ depth: Int) -> FieldColumn.Cell {
        lists[depth].bounds.append(Int32(truncatingIfNeeded: lists[depth].cells.count))
        return .value(lists[depth].bounds.count - 2)
    }

    @usableFromInline mutating func append(root cell: FieldColumn.Cell) { cells.append(cell) }

}

extension FieldColumn {
    /// Takes the results of a resolver for all parents apart.
    @inlinable public init<Shape: ResultShape>(_ results: Results<Shape.Value>, as shape: Shape.Type) {
        var collector = Collector()
        var storage = Shape.makeStorage()
        var nextError = 0
        for (parent, value) in results.values.enumerated() {
            if nextError < results.errors.count, results.errors[nextError].parent == parent {
                collector.append(root: collector.add(results.errors[nextError].error))
                nextError += 1
            } else if let value {
                collector.append(root: Shape.collect(value, &storage, &collector, depth: 0))
            }
        }
        self = Shape.finish(storage, collector)
    }

    /// The result of a field of a root type, which has one parent.
    @inlinable public init<Shape: ResultShape>(_ value: Shape.Value, as shape: Shape.Type) {
        var collector = Collector()
        var storage = Shape.makeStorage()
        collector.append(root: Shape.collect(value, &storage, &collector, depth: 0))
        self = Shape.finish(storage, collector)
    }
}

/// A number that JSON has no form for.
@usableFromInline struct UnrepresentableValue: Error {
    @usableFromInline init() {}
}
