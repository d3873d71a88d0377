/// The events of a subscription, each as the answer of its root field.
public final class EventStream {
    /// What its one reader reads.
    let events: any SubscribedEvents

    /// Any sequence of what the root field answers.
    public init<Events: AsyncSequence, Shape: ResultShape>(_ events: Events, as shape: Shape.Type)
    where Events.Element == Shape.Value {
        self.events = MappedEvents<Events, Shape>(events)
    }

    /// Events whose answers may have failed each by itself; the stream goes on behind a failure.
    public init<Events: AsyncSequence, Shape: ResultShape>(_ events: Events, as shape: Shape.Type)
    where Events.Element == Result<Shape.Value, any Error> {
        self.events = FallibleEvents<Events, Shape>(events)
    }

    private final class MappedEvents<Events: AsyncSequence, Shape: ResultShape>: SubscribedEvents
    where Events.Element == Shape.Value {
        private var iterator: Events.AsyncIterator

        init(_ events: Events) { iterator = events.makeAsyncIterator() }

        func next() async throws -> SubscribedEvent? { event(try await iterator.next(isolation: #isolation)) }

        /// Apart, because values may be large, and who waits holds a place for each that stands in the same function.
        @inline(never)
        private func event(_ value: Shape.Value?) -> SubscribedEvent? {
            guard let value else { return nil }
            let sharing = (value as? any SharedEvent)?.sharing
            return SubscribedEvent(.answer(FieldColumn(value, as: Shape.self), sharing))
        }
    }

    private final class FallibleEvents<Events: AsyncSequence, Shape: ResultShape>: SubscribedEvents
    where Events.Element == Result<Shape.Value, any Error> {
        private var iterator: Events.AsyncIterator

        init(_ events: Events) { iterator = events.makeAsyncIterator() }

        func next() async throws -> SubscribedEvent? { event(try await iterator.next(isolation: #isolation)) }

        @inline(never)
        private func event(_ result: Result<Shape.Value, any Error>?) -> SubscribedEvent? {
            guard let result else { return nil }
            return SubscribedEvent(.answer(FieldColumn(Results([result]), as: Shape.self), nil))
        }
    }
}
