public import EventLoop
internal import GraphQLEngine
internal import Synchronization

/// What operations took, each by its name and its document, since the process began and in the last hour.
///
/// Clients name operations and write documents as they like, so that only so many are told apart: who comes when the table is
/// full takes the place of one that was not asked for in a while, or is counted with the others. What is asked for all the time
/// never makes room.
public final class OperationStatistics: Sendable {
    public struct Options: Sendable {
        /// Operations that are told apart.
        public var operations = 500
        /// How long one must have been idle until its place can be taken.
        public var idle = Duration.seconds(300)
        /// The last hour is told in so many parts, of which the oldest is forgotten as a whole.
        public var parts = 6
        public var part = Duration.seconds(600)

        public init() {}
    }

    /// What one operation took.
    public struct Figures: Sendable {
        /// Empty where it has none.
        public let name: String
        /// `query`, `mutation` or `subscription`.
        public let kind: String
        /// Of its document, as persisted queries have it.
        public let sha256: String
        public internal(set) var durations = LatencySketch()
        public internal(set) var errors: UInt64 = 0
        /// How often it was not executed: for its variables, its cost or a limit.
        public internal(set) var refusals: UInt64 = 0
    }

    public enum Range: Sendable {
        /// Between fifty and sixty minutes, as the options stand.
        case lastHour
        case sinceStart
    }

    private let options: Options
    private let table: Mutex<OperationTable>

    public init(_ options: Options = Options()) {
        self.options = options
        table = Mutex(OperationTable(options))
    }

    /// Those that were asked for, what took most time together first.
    public func figures(_ range: Range) -> [Figures] {
        let now = EventLoop.monotonicTime()
        return table.withLock { $0.figures(range, at: now) }.sorted { one, other in
            (one.durations.sum, one.name, one.sha256) > (other.durations.sum, other.name, other.sha256)
        }
    }

    /// How many are told apart now, and how often one was counted with the others.
    public var counts: (told: Int, untold: UInt64) { table.withLock { ($0.count, $0.untold) } }

    func note(_ prepared: PreparedRequest, _ outcome: Response.Outcome, nanoseconds: UInt64, at now: UInt64) {
        let isKnown = table.withLock {
            $0.note(prepared.operationKey, outcome, nanoseconds: nanoseconds, at: now)
        }
        // What is refused takes nothing of what who asks may spend, and so gets no place in the table.
        guard !isKnown, case .executed = outcome else { return }
        // The hash takes longer than anybody should wait for the table.
        let figures = Figures(
            name: String(prepared.operationName.prefix(100)),
            kind: "\(prepared.operationType)",
            sha256: DocumentLookup.hash(prepared.documentText)
        )
        table.withLock {
            guard $0.add(figures, for: prepared.operationKey, at: now) else { return }
            _ = $0.note(prepared.operationKey, outcome, nanoseconds: nanoseconds, at: now)
        }
    }
}

/// The operations that are told apart.
private struct OperationTable {
    private struct Entry {
        let key: Int
        var total: OperationStatistics.Figures
        /// The parts of the last hour, in the places of a ring; each says which part it is.
        var parts: [Part?]
        var lastUse: UInt64
    }

    private struct Part {
        let number: UInt64
        var durations = LatencySketch()
        var errors: UInt64 = 0
        var refusals: UInt64 = 0
    }

    private static let looks = 8

    private let options: OperationStatistics.Options
    private var entries: [Entry] = []
    private var places: [Int: Int] = [:]
    private(set) var untold: UInt64 = 0

    init(_ options: OperationStatistics.Options) { self.options = options }

    var count: Int { entries.count }

    /// False where the operation has no place.
    mutating func note(_ key: Int, _ outcome: Response.Outcome, nanoseconds: UInt64, at now: UInt64) -> Bool {
        guard let place = places[key] else { return false }
        let number = part(at: now)
        let index = Int(number % UInt64(options.parts))
        if entries[place].parts[index]?.number != number { entries[place].parts[index] = Part(number: number) }
        // What is refused costs nothing, and so keeps no place either.
        guard case .executed(let hasErrors) = outcome else {
            entries[place].total.refusals &+= 1
            entries[place].parts[index]?.refusals &+= 1
            return true
        }
        entries[place].lastUse = now
        entries[place].total.durations.add(nanoseconds: nanoseconds)
        entries[place].parts[index]?.durations.add(nanoseconds: nanoseconds)
        guard hasErrors else { return true }
        entries[place].total.errors &+= 1
        entries[place].parts[index]?.errors &+= 1
        return true
    }

    /// Gives an operation a place; false where there is none.
    mutating func add(_ figures: OperationStatistics.Figures, for key: Int, at now: UInt64) -> Bool {
        // Another request of the same kind may have been here first.
        guard places[key] == nil else { return true }
        let entry = Entry(key: key, total: figures, parts: Array(repeating: nil, count: options.parts), lastUse: now)
        if entries.count < options.operations {
            places[key] = entries.count
            entries.append(entry)
            return true
        }
        guard let place = idlePlace(at: now) else {
            untold &+= 1
            return false
        }
        places[entries[place].key] = nil
        places[key] = place
        entries[place] = entry
        return true
    }

    /// Of some that are looked at by chance, the one that was not asked for the longest.
    private func idlePlace(at now: UInt64) -> Int? {
        guard !entries.isEmpty else { return nil }
        let looked = (0..<Self.looks).map { _ in Int.random(in: entries.indices) }
        guard let place = looked.min(by: { entries[$0].lastUse < entries[$1].lastUse }) else { return nil }
        return now >= entries[place].lastUse &+ options.idle.nanoseconds ? place : nil
    }

    func figures(_ range: OperationStatistics.Range, at now: UInt64) -> [OperationStatistics.Figures] {
        guard range == .lastHour else { return entries.map(\.total) }
        let last = part(at: now)
        let first = last - min(last, UInt64(options.parts - 1))
        return entries.compactMap { entry in
            var figures = OperationStatistics.Figures(
                name: entry.total.name,
                kind: entry.total.kind,
                sha256: entry.total.sha256
            )
            for case let part? in entry.parts where part.number >= first {
                figures.durations += part.durations
                figures.errors &+= part.errors
                figures.refusals &+= part.refusals
            }
            return figures.durations.count > 0 || figures.refusals > 0 ? figures : nil
        }
    }

    private func part(at now: UInt64) -> UInt64 { now / max(1, options.part.nanoseconds) }
}
