import EventLoop
import GraphQLEngine
import HTTPServer

/// Answers as server-sent events, one connection for each operation:
/// https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverSSE.md
struct EventStreamWriter {
    private let stream: HTTPResponseStream

    init(_ stream: HTTPResponseStream) { self.stream = stream }

    /// JSON as the engine writes it has no line ends, so that one line of data holds all of it.
    func next(_ response: Response) {
        stream.write { out in
            out.append("event: next\ndata: ")
            response.body.withBytes { out.append($0) }
            out.append("\n\n")
        }
    }

    func complete() {
        // Browsers do not tell of events without data.
        stream.write { $0.append("event: complete\ndata: \n\n") }
        stream.finish()
    }

    /// Ends the stream and not the operation: clients are to ask for it anew, as they do when a connection breaks.
    func end() { stream.finish() }

    func finish(with response: Response) {
        next(response)
        complete()
    }

    /// Returns when the client has taken most of what was written.
    func writable() async throws { try await stream.writable() }

    /// Sends a comment every now and then, so that nobody on the way takes the connection for dead.
    func heartbeat(every interval: Duration, on loop: EventLoop) -> Timer {
        Heartbeat.start(on: loop, every: interval) { [stream] in
            if stream.isOpen { stream.write { $0.append(":\n\n") } }
        }
    }
}

/// A timer that sets itself again.
enum Heartbeat {
    static func start(on loop: EventLoop, every interval: Duration, _ beat: @escaping () -> Void) -> Timer {
        weak var again: Timer?
        let timer = loop.timer {
            beat()
            again?.set(after: interval.nanoseconds)
        }
        again = timer
        timer.set(after: interval.nanoseconds)
        return timer
    }
}
