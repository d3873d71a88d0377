import EventLoop

/// Keeps requests from servers that have failed again and again, so that nobody waits for them: a circuit for each.
///
/// closed → open when `failures` in a row have failed; open → half open when its time is over, for one request, the probe;
/// half open → closed when the probe succeeds, → open for twice as long when it fails.
struct CircuitBreakers {
    private enum Circuit {
        case closed(failures: Int, at: UInt64)
        case open(until: UInt64, length: UInt64)
        case halfOpen(length: UInt64)
    }

    private let options: CircuitOptions
    /// Servers without failures have no entry, and those of long ago none when there is no room for others: anybody names
    /// servers that are not there.
    private var circuits: [String: Circuit] = [:]
    private var clearedAt: UInt64 = 0

    init(_ options: CircuitOptions) { self.options = options }

    /// Those by which requests are refused now.
    func openCount(at now: UInt64) -> Int { circuits.values.count { Self.refuses($0, at: now) } }

    /// Whether requests to this server are refused now. One whose time is over waits for a probe, and refuses nobody.
    func isOpen(_ origin: String, at now: UInt64) -> Bool {
        circuits[origin].map { Self.refuses($0, at: now) } ?? false
    }

    private static func refuses(_ circuit: Circuit, at now: UInt64) -> Bool {
        switch circuit {
        case .closed: false
        case .open(let until, _): now < until
        case .halfOpen: true
        }
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
        if circuits[origin] == nil, circuits.count >= options.servers { clear(at: now) }
        switch circuits[origin] {
        case nil where circuits.count >= options.servers: return
        case nil where options.failures > 1: return circuits[origin] = .closed(failures: 1, at: now)
        case .closed(let failures, _) where failures + 1 < options.failures:
            return circuits[origin] = .closed(failures: failures + 1, at: now)
        case nil, .closed: length = options.opensFor.nanoseconds
        // A request from before the circuit was opened tells nothing new.
        case .open: return
        case .halfOpen(let last): length = min(last * 2, options.opensAtMost.nanoseconds)
        }
        circuits[origin] = .open(until: now &+ length, length: length)
    }

    /// Forgets those that nobody has asked for as long as a circuit is open at most; seldom, as all are looked at.
    private mutating func clear(at now: UInt64) {
        guard clearedAt == 0 || now >= clearedAt &+ options.opensFor.nanoseconds else { return }
        clearedAt = now
        let kept = options.opensAtMost.nanoseconds
        circuits = circuits.filter { _, circuit in
            switch circuit {
            case .closed(_, let at): now < at &+ kept
            case .open(let until, _): now < until &+ kept
            case .halfOpen: true
            }
        }
    }

    /// The request ended without telling anything of the server: another one may be the probe.
    mutating func abandoned(_ origin: String, at now: UInt64) {
        if case .halfOpen(let length) = circuits[origin] { circuits[origin] = .open(until: now, length: length) }
    }
}
