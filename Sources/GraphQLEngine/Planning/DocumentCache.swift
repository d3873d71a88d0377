import Synchronization

/// Keeps prepared documents by their text, the least recently used ones leave first when the bytes run out.
final class DocumentCache: Sendable {
    private let state: Mutex<State>

    /// - Parameter byteLimit: how many bytes of document text are kept; what is made of a text is a small multiple.
    init(byteLimit: Int) { state = Mutex(State(byteLimit: byteLimit)) }

    /// What the cache has seen, for metrics.
    struct Counts: Sendable, Equatable {
        var hits = 0
        var misses = 0
        var evictions = 0
        var bytes = 0
        var documents = 0
    }

    var counts: Counts { state.withLock { $0.counts } }

    func find(_ text: [UInt8]) -> PreparedDocument? { state.withLock { $0.find(text) } }

    func insert(_ document: PreparedDocument, for text: [UInt8]) { state.withLock { $0.insert(document, for: text) } }

    /// A list of entries in the order of their last use, woven through a dictionary.
    private struct State {
        let byteLimit: Int
        var counts = Counts()
        private var slots: [[UInt8]: Int] = [:]
        private var entries: [Entry] = []
        private var free: [Int] = []
        private var newest = -1
        private var oldest = -1

        init(byteLimit: Int) { self.byteLimit = byteLimit }

        struct Entry {
            var text: [UInt8]
            var document: PreparedDocument?
            var newer = -1
            var older = -1
        }

        mutating func find(_ text: [UInt8]) -> PreparedDocument? {
            guard let slot = slots[text] else {
                counts.misses += 1
                return nil
            }
            counts.hits += 1
            if slot != newest {
                unlink(slot)
                linkAsNewest(slot)
            }
            return entries[slot].document
        }

        mutating func insert(_ document: PreparedDocument, for text: [UInt8]) {
            guard text.count <= byteLimit, slots[text] == nil else { return }
            let entry = Entry(text: text, document: document)
            let slot: Int
            if let reused = free.popLast() {
                slot = reused
                entries[slot] = entry
            } else {
                slot = entries.count
                entries.append(entry)
            }
            slots[text] = slot
            linkAsNewest(slot)
            counts.bytes += text.count
            counts.documents += 1
            while counts.bytes > byteLimit { evictOldest() }
        }

        private mutating func evictOldest() {
            let slot = oldest
            unlink(slot)
            let text = entries[slot].text
            slots[text] = nil
            counts.bytes -= text.count
            counts.documents -= 1
            counts.evictions += 1
            entries[slot] = Entry(text: [], document: nil)
            free.append(slot)
        }

        private mutating func unlink(_ slot: Int) {
            let (newer, older) = (entries[slot].newer, entries[slot].older)
            if newer >= 0 { entries[newer].older = older } else { newest = older }
            if older >= 0 { entries[older].newer = newer } else { oldest = newer }
        }

        private mutating func linkAsNewest(_ slot: Int) {
            entries[slot].newer = -1
            entries[slot].older = newest
            if newest >= 0 { entries[newest].newer = slot } else { oldest = slot }
            newest = slot
        }
    }
}
