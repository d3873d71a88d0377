import EventLoop
import Glibc
import Synchronization

/// Lines to a descriptor, which no loop ever waits for: what it does not take stays in a bounded buffer, and what does not
/// fit into that is counted and dropped.
///
/// Loops gather the lines of a turn and hand them over at its end.
public final class Log: Sendable {
    public let form: LogLine.Form
    /// Lines that are less serious are not written.
    public let level: LogLevel
    private let descriptor: Int32
    private let maximumBytes: Int
    private let pending = Mutex(Pending())

    private struct Pending {
        var bytes: [UInt8] = []
        var dropped: UInt64 = 0
    }

    /// Lines by their levels.
    private let written = Mutex([UInt64](repeating: 0, count: LogLevel.allCases.count))

    /// - Parameter form: nil for text on a terminal and JSON elsewhere.
    public init(
        _ descriptor: Int32 = 1,
        form: LogLine.Form? = nil,
        level: LogLevel = .info,
        maximumBytes: Int = 1 << 20
    ) {
        self.level = level
        self.descriptor = descriptor
        self.maximumBytes = maximumBytes
        self.form = form ?? (isatty(descriptor) == 1 ? .text : .json)
    }

    /// Lines lost because nobody read the log.
    public var dropped: UInt64 { pending.withLock { $0.dropped } }

    /// How many lines there were of each level, those that were lost among them.
    public var counts: [(level: LogLevel, lines: UInt64)] {
        let written = written.withLock { $0 }
        return LogLevel.allCases.map { ($0, written[$0.rank]) }
    }

    public func writes(_ level: LogLevel) -> Bool { level >= self.level }

    public func write(_ level: LogLevel, _ message: StaticString, _ values: [(StaticString, LogValue)] = []) {
        write(level) { [form] time in LogLine.render(form, level, message, values, at: time) }
    }

    func write(_ level: LogLevel, _ render: (timespec) -> String) {
        guard writes(level) else { return }
        written.withLock { $0[level.rank] &+= 1 }
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let line = render(time)
        if let loop = EventLoop.current {
            loop.local(of: self) { LoopLog(self, loop) }.add(line)
        } else {
            take(Array(line.utf8) + [0x0a])
        }
    }

    /// Writes what is left, waiting up to a second for a reader.
    public func flush() {
        for _ in 0..<100 {
            if pass(waiting: 10) { return }
        }
    }

    /// Takes lines over; false when some of them still wait for the reader.
    @discardableResult
    fileprivate func take(_ lines: [UInt8]) -> Bool {
        pending.withLock { pending in
            if pending.bytes.count + lines.count <= maximumBytes {
                pending.bytes += lines
            } else {
                pending.dropped &+= UInt64(lines.count { $0 == 0x0a })
            }
        }
        return pass(waiting: 0)
    }

    /// A pipe that is ready takes a page without blocking, and so much is written at once. True when all is.
    private func pass(waiting milliseconds: Int32) -> Bool {
        pending.withLock { pending in
            var start = 0
            defer { pending.bytes.removeFirst(start) }
            while start < pending.bytes.count {
                var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                guard poll(&state, 1, milliseconds) > 0 else { return false }
                let end = min(pending.bytes.count, start + 4_096)
                let written = pending.bytes[start..<end].withUnsafeBytes {
                    Glibc.write(descriptor, $0.baseAddress, $0.count)
                }
                // Nobody will ever read it.
                if written < 0, errno != EAGAIN, errno != EINTR { start = pending.bytes.count }
                guard written > 0 else { return start == pending.bytes.count }
                start += written
            }
            return true
        }
    }
}

/// The lines of one loop's turn.
private final class LoopLog: EndOfTurnHandler {
    private let log: Log
    private unowned let loop: EventLoop
    private var lines: [UInt8] = []
    private var isScheduled = false
    private var retry: Timer?

    init(_ log: Log, _ loop: EventLoop) {
        self.log = log
        self.loop = loop
    }

    func add(_ line: String) {
        lines += line.utf8
        lines.append(0x0a)
        guard !isScheduled else { return }
        isScheduled = true
        loop.atEndOfTurn(self)
    }

    func endOfTurn() {
        isScheduled = false
        if !log.take(lines) {
            let retry = retry ?? loop.timer { [unowned self] in endOfTurn() }
            retry.set(after: 50_000_000)
            self.retry = retry
        }
        lines.removeAll(keepingCapacity: true)
    }
}
