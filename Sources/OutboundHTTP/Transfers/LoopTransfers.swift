internal import CCurl
import EventLoop

/// The transfers of one loop: libcurl's multi handle, told of sockets and of time by the loop:
/// https://curl.se/libcurl/c/curl_multi_socket_action.html
///
/// `@unchecked Sendable`: confined to its loop.
final class LoopTransfers: @unchecked Sendable {
    private let loop: EventLoop
    private let options: OutboundOptions
    private let multi: UnsafeMutableRawPointer?
    private var watches: [Int32: Watch] = [:]
    private lazy var timer = loop.timer { [weak self] in self?.act(-1, 0) }
    private var running: [ObjectIdentifier: Transfer] = [:]
    private var waiting: ContiguousArray<Transfer> = []
    private var isClosed = false
    private var counters = OutboundMetrics()

    init(_ loop: EventLoop, _ options: OutboundOptions) {
        self.loop = loop
        self.options = options
        multi = curl_multi_init()
        guard let multi else { return }
        let owner = Unmanaged.passUnretained(self).toOpaque()
        atrium_curl_multi_set_callbacks(multi, watchSocket, setCurlTimer, owner)
        atrium_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, options.keptConnections)
    }

    deinit {
        if let multi {
            atrium_curl_multi_set_callbacks(multi, nil, nil, nil)
            curl_multi_cleanup(multi)
        }
    }

    var metrics: OutboundMetrics {
        var metrics = counters
        metrics.running = running.count
        metrics.waiting = waiting.count
        return metrics
    }

    func counted(_ fault: OutboundFault) -> OutboundFault {
        counters.count(fault)
        return fault
    }

    /// Comes back when the transfer is over, its deadline is, or the caller is cancelled.
    func run(_ transfer: Transfer) async throws -> OutboundResponse {
        try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                transfer.continuation = continuation
                begin(transfer)
            }
        } onCancel: {
            loop.execute { self.cancel(transfer) }
        }
    }

    func close() {
        isClosed = true
        for transfer in waiting { finish(transfer, .failure(OutboundFault.closed)) }
        for transfer in Array(running.values) { finish(transfer, .failure(OutboundFault.closed)) }
        timer.cancel()
        for watch in watches.values { watch.cancel() }
        watches = [:]
    }

    private func begin(_ transfer: Transfer) {
        if transfer.isCancelled { return finish(transfer, .failure(CancellationError())) }
        if isClosed { return finish(transfer, .failure(OutboundFault.closed)) }
        if running.count >= options.concurrency, waiting.count >= options.queue {
            return finish(transfer, .failure(OutboundFault.busy))
        }
        let deadline = loop.timer { [weak self, weak transfer] in
            guard let self, let transfer else { return }
            // Of a server that was never asked it tells nothing.
            finish(transfer, .failure(transfer.isRunning ? OutboundFault.deadlineExceeded : .busy))
        }
        deadline.set(at: EventLoop.monotonicTime() &+ transfer.deadline.nanoseconds)
        transfer.timer = deadline
        waiting.append(transfer)
        startWaiting()
    }

    private func startWaiting() {
        while running.count < options.concurrency, !waiting.isEmpty, !isClosed {
            let transfer = waiting.removeFirst()
            running[ObjectIdentifier(transfer)] = transfer
            transfer.isRunning = true
            guard curl_multi_add_handle(multi, transfer.handle.pointer) == CURLM_OK else {
                finish(transfer, .failure(OutboundFault.broken("libcurl took no more")))
                continue
            }
        }
    }

    private func cancel(_ transfer: Transfer) {
        transfer.isCancelled = true
        finish(transfer, .failure(CancellationError()))
    }

    /// Tells the caller, once, and lets the next one begin. Never called by libcurl itself.
    private func finish(_ transfer: Transfer, _ result: Result<OutboundResponse, any Error>) {
        guard let continuation = transfer.continuation else { return }
        transfer.continuation = nil
        transfer.timer?.cancel()
        transfer.timer = nil
        if transfer.isRunning {
            transfer.isRunning = false
            curl_multi_remove_handle(multi, transfer.handle.pointer)
            running[ObjectIdentifier(transfer)] = nil
        } else {
            waiting.removeAll { $0 === transfer }
        }
        switch result {
        case .success: counters.answered += 1
        case .failure(let fault as OutboundFault): counters.count(fault)
        case .failure: counters.cancelled += 1
        }
        continuation.resume(with: result)
        startWaiting()
    }

    /// Lets libcurl go on with a socket that is ready, or with what was due.
    private func act(_ socket: Int32, _ readiness: Int32) {
        guard !isClosed else { return }
        var left: Int32 = 0
        curl_multi_socket_action(multi, socket, readiness, &left)
        var code = CURLE_OK
        while let pointer = atrium_curl_multi_next_done(multi, &code) {
            var owner: UnsafeMutableRawPointer?
            atrium_curl_get_owner(pointer, &owner)
            guard let owner else { continue }
            let transfer = Unmanaged<Transfer>.fromOpaque(owner).takeUnretainedValue()
            finish(transfer, transfer.outcome(code).mapError { $0 })
        }
    }

    // MARK: What libcurl wants

    fileprivate func watch(_ socket: Int32, for what: Int32) {
        guard what != CURL_POLL_REMOVE else {
            watches.removeValue(forKey: socket)?.cancel()
            return
        }
        // A socket that cannot be watched is silent, and ends by the deadline.
        guard let watch = watches[socket] ?? (try? loop.watch(socket, { [weak self] in self?.ready(socket, $0) }))
        else {
            return
        }
        watches[socket] = watch
        switch what {
        case CURL_POLL_IN: watch.interest = .readable
        case CURL_POLL_OUT: watch.interest = .writable
        case CURL_POLL_INOUT: watch.interest = [.readable, .writable]
        default: watch.interest = []
        }
    }

    private func ready(_ socket: Int32, _ readiness: Readiness) {
        var what: Int32 = 0
        if !readiness.isDisjoint(with: [.readable, .peerClosed]) { what |= CURL_CSELECT_IN }
        if readiness.contains(.writable) { what |= CURL_CSELECT_OUT }
        if !readiness.isDisjoint(with: .failed) { what |= CURL_CSELECT_ERR }
        act(socket, what)
    }

    fileprivate func setTimer(milliseconds: Int) {
        guard !isClosed else { return }
        if milliseconds < 0 { timer.rest() } else { timer.set(after: UInt64(milliseconds) * 1_000_000) }
    }
}

private func watchSocket(
    _ easy: UnsafeMutableRawPointer?,
    _ socket: curl_socket_t,
    _ what: Int32,
    _ owner: UnsafeMutableRawPointer?,
    _ unused: UnsafeMutableRawPointer?
) -> Int32 {
    if let owner { Unmanaged<LoopTransfers>.fromOpaque(owner).takeUnretainedValue().watch(socket, for: what) }
    return 0
}

private func setCurlTimer(
    _ multi: UnsafeMutableRawPointer?,
    _ milliseconds: Int,
    _ owner: UnsafeMutableRawPointer?
) -> Int32 {
    if let owner {
        Unmanaged<LoopTransfers>.fromOpaque(owner).takeUnretainedValue().setTimer(milliseconds: milliseconds)
    }
    return 0
}
