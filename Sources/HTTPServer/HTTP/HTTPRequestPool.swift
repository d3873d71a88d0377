/// Requests whose memory waits for the next ones of the same loop.
final class HTTPRequestPool {
    private var free: ContiguousArray<HTTPRequest> = []
    private let kept = 64
    private let keptBytes = 16_384

    func take() -> HTTPRequest { free.popLast() ?? HTTPRequest() }

    /// Takes the request back, unless a handler still holds it: then it lives on for that handler alone.
    func give(_ request: consuming HTTPRequest) {
        guard free.count < kept, isKnownUniquelyReferenced(&request) else { return }
        request.reset(kept: keptBytes)
        free.append(request)
    }
}
