/// Requests whose memory waits for the next ones of the same loop.
final class HTTPRequestPool {
    @exclusivity(unchecked) private var free: ContiguousArray<HTTPRequest> = []
    /// Answered, and perhaps still held by who has answered.
    @exclusivity(unchecked) private var returned: ContiguousArray<HTTPRequest> = []
    private let kept = 64
    private let keptBytes = 16_384

    func take() -> HTTPRequest {
        if free.isEmpty { sortReturned() }
        return free.popLast() ?? HTTPRequest()
    }

    /// Takes the request back. Large ones are not waited for: their memory ends when their last holder lets go.
    func give(_ request: HTTPRequest) {
        guard returned.count < kept, request.heldBytes <= keptBytes else { return }
        returned.append(request)
    }

    /// Tells those that nobody holds any more from those that live on for their holders alone. By the time that more are
    /// needed most tasks that answered have ended.
    private func sortReturned() {
        while var request = returned.popLast() {
            guard free.count < kept, isKnownUniquelyReferenced(&request) else { continue }
            request.reset(kept: keptBytes)
            free.append(request)
        }
    }
}
