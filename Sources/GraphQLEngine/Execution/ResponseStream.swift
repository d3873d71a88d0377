/// The answers of a subscription, one for each event. A stream has one reader, and ends when its events do.
public final class ResponseStream: AsyncSequence, AsyncIteratorProtocol {
    public typealias Element = Response

    /// Where the answers are made for all subscribers of their kind: they can be read there without a task. Whoever does
    /// so reads nothing here.
    public let shared: SharedResponses?

    private let nextResponse: () async throws -> Response?
    private var isFinished = false
    private let mark: OpenSubscription?

    init(
        shared: SharedResponses? = nil,
        _ mark: OpenSubscription? = nil,
        _ next: @escaping () async throws -> Response?
    ) {
        self.mark = mark
        self.shared = shared
        nextResponse = next
    }

    /// The answer to the next event; nil at the end. What is thrown ends the stream: it is the event source's failure,
    /// as the client may see it.
    public func next() async throws -> Response? {
        guard !isFinished else { return nil }
        do {
            let response = try await nextResponse()
            isFinished = response == nil
            return response
        } catch {
            isFinished = true
            throw error
        }
    }

    public func makeAsyncIterator() -> ResponseStream { self }
}

/// The answers of a subscription that others have too. Its subscriber leaves when nobody holds this any more.
public final class SharedResponses: Sendable {
    private let membership: SharedSubscriptions.Membership
    private let mark: OpenSubscription

    init(_ membership: SharedSubscriptions.Membership, _ mark: OpenSubscription) {
        self.membership = membership
        self.mark = mark
    }

    /// The answer to the next event, nil at the end, or why there are no more, if that is known; else `later` is told once it
    /// is, on the thread of whoever knows. To hold ten thousand sockets this takes a closure of each, and not a task.
    public func next(
        orLater later: @escaping @Sendable (Result<Response?, any Error>) -> Void
    ) -> Result<Response?, any Error>? {
        membership.next(orLater: later)
    }
}

/// What comes of the request to subscribe.
public enum SubscriptionOutcome {
    case stream(ResponseStream)
    /// No stream came about: the answer says why.
    case refused(Response)
}
