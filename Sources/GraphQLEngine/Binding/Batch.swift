/// All parents of one selection, over all lists: what a resolver gets.
@frozen public struct Batch<Parent>: RandomAccessCollection {
    public let parents: [Parent]

    @inlinable public init(_ parents: [Parent]) { self.parents = parents }
    @inlinable public var startIndex: Int { 0 }
    @inlinable public var endIndex: Int { parents.count }
    @inlinable public subscript(index: Int) -> Parent { parents[index] }

    /// One result for each parent, in order; what the closure throws is that parent's error alone.
    @inlinable public func results<Value>(_ transform: (Parent) throws -> Value) -> Results<Value> {
        var outcomes = Results<Value>(reserving: parents.count)
        for parent in parents {
            do { outcomes.append(try transform(parent)) } catch { outcomes.append(error: error) }
        }
        return outcomes
    }
}

extension Batch: Sendable where Parent: Sendable {}

/// What a resolver answers: one result for each parent, in the parents' order.
@frozen public struct Results<Value> {
    @usableFromInline var values: [Value?]
    /// The errors of the parents that have no value, by parent.
    @usableFromInline var errors: [(parent: Int, error: any Error)]

    @inlinable public init(reserving count: Int) {
        values = []
        values.reserveCapacity(count)
        errors = []
    }

    @inlinable public init(_ values: [Value]) {
        self.values = values
        errors = []
    }

    @inlinable public init(_ outcomes: [Result<Value, any Error>]) {
        self.init(reserving: outcomes.count)
        for outcome in outcomes {
            switch outcome {
            case .success(let value): append(value)
            case .failure(let error): append(error: error)
            }
        }
    }

    @inlinable public var count: Int { values.count }

    /// Each parent's value or error.
    public var outcomes: [Result<Value, any Error>] {
        var outcomes: [Result<Value, any Error>] = []
        var failed = errors[...]
        for (parent, value) in values.enumerated() {
            if let next = failed.first, next.parent == parent {
                outcomes.append(.failure(next.error))
                failed.removeFirst()
            } else if let value {
                outcomes.append(.success(value))
            }
        }
        return outcomes
    }

    @inlinable public mutating func append(_ value: Value) { values.append(value) }

    /// The same results with each value transformed; what the closure throws is that parent's error alone.
    @inlinable public func map<Other>(_ transform: (Value) throws -> Other) -> Results<Other> {
        var others = Results<Other>(reserving: values.count)
        var nextError = 0
        for (parent, value) in values.enumerated() {
            if nextError < errors.count, errors[nextError].parent == parent {
                others.append(error: errors[nextError].error)
                nextError += 1
            } else if let value {
                do { others.append(try transform(value)) } catch { others.append(error: error) }
            }
        }
        return others
    }

    @inlinable public mutating func append(error: any Error) {
        errors.append((values.count, error))
        values.append(nil)
    }
}

extension Results: Sendable where Value: Sendable {}
