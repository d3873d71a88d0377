/// The cursors of events: a place in one topic.
extension CursorSigner {
    package func cursor(of topic: String, at seq: Int) -> String {
        let place = withUnsafeBytes(of: Int64(seq).bigEndian) { Array($0) }
        return seal(place, for: Self.purpose(topic))
    }

    /// Nil for a cursor of elsewhere: its subscriber is told to begin anew.
    package func seq(_ cursor: String, in topic: String) -> Int? {
        guard let place = open(cursor, for: Self.purpose(topic)), place.count == 8 else { return nil }
        return Int(truncatingIfNeeded: place.reduce(Int64(0)) { $0 << 8 | Int64($1) })
    }

    private static func purpose(_ topic: String) -> String { "events of \(topic)" }
}
