/// The events of a subscription, each as the answer of its root field.
public final class EventStream {
    private let source: Source

    /// Any sequence of what the root field answers.
    public init<Events: AsyncSequence, Shape: ResultShape>(_ events: Events, as shape: Shape.Type)
    where Events.Element == Shape.Value {
        source = MappedSource<Events, Shape>(events)
    }

    /// Events whose answers may have failed each by itself; the stream goes on behind a failure.
    public init<Events: AsyncSequence, Shape: ResultShape>(_ events: Events, as shape: Shape.Type)
    where Events.Element == Result<Shape.Value, any Error> {
        source = FallibleSource<Events, Shape>(events)
    }

    /// An event, and what its listener shares it by.
    typealias Event = (column: FieldColumn, sharing: (any AnswerSharing)?)

    /// The next event; nil at the end. A stream has one reader.
    func next() async throws -> Event? { try await source.next() }

    private class Source {
        func next() async throws -> Event? { preconditionFailure("a source of events has a next event") }
    }

    private final class MappedSource<Events: AsyncSequence, Shape: ResultShape>: Source
    where Events.Element == Shape.Value {
        private var iterator: Events.AsyncIterator

        init(_ events: Events) { iterator = events.makeAsyncIterator() }

        override func next() async throws -> Event? {
            guard let value = try await iterator.next(isolation: #isolation) else { return nil }
            return (FieldColumn(value, as: Shape.self), (value as? any SharedEvent)?.sharing)
        }
    }

    private final class FallibleSource<Events: AsyncSequence, Shape: ResultShape>: Source
    where Events.Element == Result<Shape.Value, any Error> {
        private var iterator: Events.AsyncIterator

        init(_ events: Events) { iterator = events.makeAsyncIterator() }

        override func next() async throws -> Event? {
            try await iterator.next(isolation: #isolation).map { (FieldColumn(Results([$0]), as: Shape.self), nil) }
        }
    }
}
