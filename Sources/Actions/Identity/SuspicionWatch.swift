internal import PostgresClient
internal import Synchronization

/// Counts what those do who may mean no good, and tells of them once it is enough: of each once in a while, and of all together so
/// often in a minute, as what is told is nothing that strangers should write. Each kind has room and lines of its own: what anybody
/// can cause hides nothing else.
package final class SuspicionWatch: Sendable {
    package struct Options: Sendable {
        /// Addresses and accounts that are watched at a time for each kind. Beyond, one that was seen first long ago makes room.
        package var watched = 10_000
        /// What is told of each kind in a minute; beyond, it is counted.
        package var linesPerMinute = 60

        package init() {}
    }

    /// All of it since the start.
    package struct Counts: Sendable {
        /// Told or not.
        package fileprivate(set) var suspicions: [Suspicion.Kind: UInt64] = [:]
        package fileprivate(set) var untold: UInt64 = 0
        package fileprivate(set) var signIns: [SignInRefusal: UInt64] = [:]
        package fileprivate(set) var keys: [KeyRefusal: UInt64] = [:]
    }

    fileprivate struct Entry: Sendable {
        let since: Timestamp
        var times = 0
        /// The beginnings of the hashes of what was tried, until there are enough.
        var tried: [UInt64] = []
    }

    /// Who is watched for something, and what may still be told of it.
    fileprivate struct Watched: Sendable {
        var table: BoundedTable<String, Entry>
        var minute: Int64 = 0
        var left = 0
    }

    fileprivate struct State: Sendable {
        var watched: [Suspicion.Kind: Watched]
        var counts = Counts()
    }

    private static let signInWindow: Int64 = 600_000_000
    private static let refusalsTold = 10
    private static let accountsTold = 5

    private let options: Options
    private let state: Mutex<State>

    package init(_ options: Options = Options()) {
        self.options = options
        let none = Watched(table: BoundedTable(limit: options.watched))
        state = Mutex(State(watched: Dictionary(uniqueKeysWithValues: Suspicion.Kind.allCases.map { ($0, none) })))
    }

    package var counts: Counts { state.withLock { $0.counts } }

    /// Counts a suspicion; whether it is to be told.
    func tells(_ kind: Suspicion.Kind, at now: Timestamp) -> Bool {
        state.withLock { $0.tells(kind, at: now, options) }
    }

    /// The same, where it is told once in a while of each.
    func tells(_ kind: Suspicion.Kind, of subject: String, everySeconds seconds: Int64, at now: Timestamp) -> Bool {
        state.withLock { state in
            let times = state.note(kind, of: subject, within: seconds * 1_000_000, at: now) {
                $0.times += 1
                return $0.times
            }
            return times == 1 && state.tells(kind, at: now, options)
        }
    }

    func count(_ refusal: KeyRefusal) { state.withLock { $0.counts.keys[refusal, default: 0] &+= 1 } }

    func count(_ refusal: SignInRefusal) { state.withLock { $0.counts.signIns[refusal, default: 0] &+= 1 } }

    /// An address was not let in; what is to be told of it.
    ///
    /// - Parameter account: the hash of what it wanted to sign in to; nil where that is not known.
    func refused(_ address: String, account: [UInt8]?, at now: Timestamp) -> [Suspicion.Kind] {
        state.withLock { state in
            var told: [Suspicion.Kind] = []
            let times = state.note(.signInsRefused, of: address, within: Self.signInWindow, at: now) {
                $0.times += 1
                return $0.times
            }
            if times == Self.refusalsTold, state.tells(.signInsRefused, at: now, options) {
                told.append(.signInsRefused)
            }
            guard let account else { return told }
            let mark = account.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
            let isEnough = state.note(.accountsTried, of: address, within: Self.signInWindow, at: now) { entry in
                guard entry.tried.count < Self.accountsTold, !entry.tried.contains(mark) else { return false }
                entry.tried.append(mark)
                return entry.tried.count == Self.accountsTold
            }
            if isEnough, state.tells(.accountsTried, at: now, options) { told.append(.accountsTried) }
            return told
        }
    }
}

extension SuspicionWatch.State {
    fileprivate mutating func tells(
        _ kind: Suspicion.Kind,
        at now: Timestamp,
        _ options: SuspicionWatch.Options
    ) -> Bool {
        counts.suspicions[kind, default: 0] &+= 1
        let minute = now.microseconds / 60_000_000
        let isTold = watched[kind]?.takesLine(in: minute, options.linesPerMinute) ?? false
        if !isTold { counts.untold &+= 1 }
        return isTold
    }

    /// Changes what is known of somebody, which is forgotten when they were seen first so long ago.
    fileprivate mutating func note<Result>(
        _ kind: Suspicion.Kind,
        of subject: String,
        within microseconds: Int64,
        at now: Timestamp,
        _ change: (inout SuspicionWatch.Entry) -> Result
    ) -> Result {
        let known = watched[kind]?.table[subject]
        var entry = SuspicionWatch.Entry(since: now)
        if let known, (0..<microseconds).contains(now.microseconds - known.since.microseconds) { entry = known }
        let result = change(&entry)
        if known == nil {
            watched[kind]?.table.insert(entry, for: subject) { _, old in
                Double(now.microseconds - old.since.microseconds)
            }
        } else {
            watched[kind]?.table[subject] = entry
        }
        return result
    }
}

extension SuspicionWatch.Watched {
    fileprivate mutating func takesLine(in minute: Int64, _ most: Int) -> Bool {
        if minute != self.minute { (self.minute, left) = (minute, most) }
        guard left > 0 else { return false }
        left -= 1
        return true
    }
}
