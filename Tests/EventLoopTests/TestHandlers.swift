import EventLoop
import Synchronization

/// Sends back what it receives, and remembers how its streams ended.
final class EchoHandler: StreamHandler, Sendable {
    let log: HandlerLog
    init(_ log: HandlerLog = HandlerLog()) { self.log = log }

    func received(_ bytes: UnsafeMutableRawBufferPointer, on stream: StreamConnection) {
        stream.write { $0.append(UnsafeRawBufferPointer(bytes)) }
    }
    func inputEnded(on stream: StreamConnection) { stream.closeAfterFlush() }
    func outputDrained(on stream: StreamConnection) { log.note("drained") }
    func drain(on stream: StreamConnection) {
        stream.write { $0.append("bye") }
        stream.closeAfterFlush()
    }
    func closed(_ reason: StreamCloseReason, on stream: StreamConnection) { log.note("closed \(reason)") }
}

/// A handler made of one closure for input; everything else closes or is ignored.
final class ClosureHandler: StreamHandler {
    let log: HandlerLog
    let onInput: (UnsafeMutableRawBufferPointer, StreamConnection) -> Void

    init(_ log: HandlerLog, _ onInput: @escaping (UnsafeMutableRawBufferPointer, StreamConnection) -> Void) {
        self.log = log
        self.onInput = onInput
    }

    func received(_ bytes: UnsafeMutableRawBufferPointer, on stream: StreamConnection) { onInput(bytes, stream) }
    func inputEnded(on stream: StreamConnection) { stream.closeAfterFlush() }
    func outputDrained(on stream: StreamConnection) { log.note("drained") }
    func drain(on stream: StreamConnection) { log.note("drain") }
    func closed(_ reason: StreamCloseReason, on stream: StreamConnection) { log.note("closed \(reason)") }
}

/// Notes taken on loops, awaited by tests.
final class HandlerLog: Sendable {
    private struct State {
        var notes: [String] = []
        var waiting: [(note: String, continuation: CheckedContinuation<Void, Never>)] = []
    }
    private let state = Mutex(State())

    var notes: [String] { state.withLock { $0.notes } }

    func note(_ text: String) {
        let woken = state.withLock { state in
            state.notes.append(text)
            let woken = state.waiting.filter { $0.note == text }
            state.waiting.removeAll { $0.note == text }
            return woken
        }
        for one in woken { one.continuation.resume() }
    }

    /// Returns when `text` has been noted.
    func wait(for text: String) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.notes.contains(text) { return true }
                state.waiting.append((text, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}
