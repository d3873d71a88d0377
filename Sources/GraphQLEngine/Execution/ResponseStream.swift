/// The answers of a subscription, one for each event. A stream has one reader, and ends when its events do.
public final class ResponseStream: AsyncSequence, AsyncIteratorProtocol {
    public typealias Element = Response

    private let nextResponse: () async throws -> Response?
    private var isFinished = false

    init(_ next: @escaping () async throws -> Response?) { nextResponse = next }

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

/// What comes of the request to subscribe.
public enum SubscriptionOutcome {
    case stream(ResponseStream)
    /// No stream came about: the answer says why.
    case refused(Response)
}
