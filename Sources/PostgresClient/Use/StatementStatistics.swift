internal import CLibPQ
public import EventLoop

/// What the statements of a loop's pool took, each by its name, which says where it is declared. Texts of clients never get
/// here, so there are as many as the program has; beyond a limit they are counted together.
///
/// Confined to its loop.
public final class StatementStatistics {
    /// What one statement took: from the turn in which it was sent to the one in which it was answered, behind those sent before
    /// it on its connection.
    public struct Entry: Sendable {
        public let name: String
        public internal(set) var durations = LatencySketch()
        /// The same in the classes of metrics.
        public internal(set) var classes = Histogram()
        /// Given or changed.
        public internal(set) var rows: UInt64 = 0
        public internal(set) var errors: UInt64 = 0

        init(_ name: String) { self.name = name }

        static func += (total: inout Entry, one: Entry) {
            total.durations += one.durations
            total.classes += one.classes
            total.rows &+= one.rows
            total.errors &+= one.errors
        }
    }

    private let limit: Int
    /// By the indices of the statements.
    private var entries: ContiguousArray<Entry?> = []
    /// Runs of statements beyond the limit.
    public private(set) var untold: UInt64 = 0

    init(limit: Int) { self.limit = limit }

    /// Those that ran, in the order in which the program has used them first.
    public var all: [Entry] { entries.compactMap(\.self) }

    /// - Parameter result: what the server gave; nil where it refused.
    func note(_ text: StatementText, nanoseconds: UInt64, _ result: OpaquePointer?) {
        let index = text.index
        guard index < limit else {
            if limit > 0 { untold &+= 1 }
            return
        }
        while entries.count <= index { entries.append(nil) }
        if entries[index] == nil { entries[index] = Entry(text.name) }
        entries[index]?.durations.add(nanoseconds: nanoseconds)
        entries[index]?.classes.add(nanoseconds: nanoseconds)
        if let result {
            entries[index]?.rows &+= UInt64(Self.rows(of: result))
        } else {
            entries[index]?.errors &+= 1
        }
    }

    private static func rows(of result: OpaquePointer) -> Int {
        let given = Int(PQntuples(result))
        guard given == 0, let text = PQcmdTuples(result) else { return given }
        return Int(String(cString: text)) ?? 0
    }
}

extension [StatementStatistics.Entry] {
    /// Those of several loops together, statements of one name being one.
    public static func merged(_ loops: [[StatementStatistics.Entry]]) -> [StatementStatistics.Entry] {
        var merged: [StatementStatistics.Entry] = []
        var places: [String: Int] = [:]
        for entry in loops.joined() {
            if let place = places[entry.name] {
                merged[place] += entry
            } else {
                places[entry.name] = merged.count
                merged.append(entry)
            }
        }
        return merged
    }
}
