import EventLoop

/// Keeps requests from servers that have failed again and again, so that nobody waits for them: a circuit for each.
///
/// closed → open when `failures` in a row have failed; open → half open when its time is over, for one request, the probe;
/// half open → closed when the probe succeeds, → open for twice as long when it fails.
struct CircuitBreakers {
    private enum Circuit {
        case closed(failures: Int)
        case open(until: UInt64, length: UInt64)
        case halfOpen(length: UInt64)
    }

    private let options: CircuitOptions
    /// Servers without failures have no entry.
    private var circuits: [String: Circuit] = [:]

    init(_ options: CircuitOptions) { self.options = options }

    /// Those that are not closed.
    var openCount: Int {
        circuits.values.count { if case .closed = $0 { false } else { true } }
    }

    /// Whether a request may go to this server now; each that may is to be reported.
    mutating func admits(_ origin: String, at now: UInt64) -> Bool {
        switch circuits[origin] {
        case nil, .closed: return true
        case .halfOpen: return false
        case .open(let until, let length):
            guard now >= until else { return false }
            circuits[origin] = .halfOpen(length: length)
            return true
        }
    }

    mutating func succeeded(_ origin: String) { circuits[origin] = nil }

    mutating func failed(_ origin: String, at now: UInt64) {
        let length: UInt64
        switch circuits[origin] {
        case nil where circuits.count >= options.servers: return
        case nil where options.failures > 1: return circuits[origin] = .closed(failures: 1)
        case .closed(let failures) where failures + 1 < options.failures:
            return circuits[origin] = .closed(failures: failures + 1)
        case nil, .closed: length = options.opensFor.nanoseconds
        // A request from before the circuit was opened tells nothing new.
        case .open: return
        case .halfOpen(let last): length = min(last * 2, options.opensAtMost.nanoseconds)
        }
        circuits[origin] = .open(until: now &+ length, length: length)
    }

    /// The request ended without telling anything of the server: another one may be the probe.
    mutating func abandoned(_ origin: String, at now: UInt64) {
        if case .halfOpen(let length) = circuits[origin] { circuits[origin] = .open(until: now, length: length) }
    }
}
