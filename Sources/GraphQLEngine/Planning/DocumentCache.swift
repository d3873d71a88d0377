import Synchronization

/// What an engine's cache of documents has seen, for metrics.
public struct DocumentCacheCounts: Sendable, Equatable {
    public var hits = 0
    public var misses = 0
    public var evictions = 0
    /// What is kept weighs about so much.
    public var bytes = 0
    public var documents = 0
}

/// Keeps prepared documents by their text, the least recently used ones leave first when the bytes run out.
///
/// What is made of a document later, its plans and the answers they keep, counts as it comes: a short text can have
/// large ones.
final class DocumentCache: Sendable {
    private let state: Mutex<State>

    /// - Parameter byteLimit: how much what is kept may weigh.
    init(byteLimit: Int) { state = Mutex(State(byteLimit: byteLimit)) }

    var counts: DocumentCacheCounts { state.withLock { $0.counts } }

    func find(_ key: Key) -> PreparedDocument? { state.withLock { $0.find(key) } }

    func insert(_ document: PreparedDocument, for key: Key) { state.withLock { $0.insert(document, for: key) } }

    /// Counts what was made of a document, if it is still kept.
    func grow(_ document: PreparedDocument, by bytes: Int) { state.withLock { $0.grow(document, by: bytes) } }

    /// A text with its hash, so that a text is hashed once however often it is looked up.
    struct Key: Sendable {
        let text: [UInt8]
        /// What else decides about a document: the view of the schema, and whether introspection is allowed.
        let variant: Int
        let hash: Int

        init(_ text: [UInt8], variant: Int = 0) {
            self.text = text
            self.variant = variant
            // Seeded anew in each process: nobody can make texts that meet. All bytes at once: an array hashes them one
            // by one.
            var hasher = Hasher()
            text.withUnsafeBytes { hasher.combine(bytes: $0) }
            hasher.combine(variant)
            hash = hasher.finalize()
        }

        /// Eight bytes at once: arrays compare them one by one.
        func isSame(as other: Key) -> Bool {
            guard variant == other.variant, text.count == other.text.count else { return false }
            return text.withUnsafeBytes { mine in
                other.text.withUnsafeBytes { theirs in
                    let inWords = mine.count & ~7
                    for offset in stride(from: 0, to: inWords, by: 8) {
                        let word = mine.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                        guard word == theirs.loadUnaligned(fromByteOffset: offset, as: UInt64.self) else {
                            return false
                        }
                    }
                    return mine[inWords...].elementsEqual(theirs[inWords...])
                }
            }
        }
    }

    /// A list of entries in the order of their last use, woven through a dictionary.
    private struct State {
        let byteLimit: Int
        var counts = DocumentCacheCounts()
        private var slots: [Int: Int] = [:]
        private var entries: [Entry] = []
        private var free: [Int] = []
        private var newest = -1
        private var oldest = -1

        init(byteLimit: Int) { self.byteLimit = byteLimit }

        struct Entry {
            var key: Key
            var document: PreparedDocument?
            var bytes = 0
            var newer = -1
            var older = -1
        }

        mutating func find(_ key: Key) -> PreparedDocument? {
            guard let slot = slots[key.hash], entries[slot].key.isSame(as: key) else {
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

        mutating func insert(_ document: PreparedDocument, for key: Key) {
            let bytes = document.bytes
            guard bytes <= byteLimit, slots[key.hash] == nil else { return }
            let entry = Entry(key: key, document: document, bytes: bytes)
            let slot: Int
            if let reused = free.popLast() {
                slot = reused
                entries[slot] = entry
            } else {
                slot = entries.count
                entries.append(entry)
            }
            slots[key.hash] = slot
            linkAsNewest(slot)
            counts.bytes += bytes
            counts.documents += 1
            while counts.bytes > byteLimit { evictOldest() }
        }

        mutating func grow(_ document: PreparedDocument, by bytes: Int) {
            guard let slot = slots[document.hash], entries[slot].document === document else { return }
            entries[slot].bytes += bytes
            counts.bytes += bytes
            // A document that is too large by itself leaves alone, not behind all others.
            if entries[slot].bytes > byteLimit { evict(slot) }
            while counts.bytes > byteLimit { evictOldest() }
        }

        private mutating func evictOldest() { evict(oldest) }

        private mutating func evict(_ slot: Int) {
            unlink(slot)
            slots[entries[slot].key.hash] = nil
            counts.bytes -= entries[slot].bytes
            counts.documents -= 1
            counts.evictions += 1
            entries[slot] = Entry(key: Key([]), document: nil)
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
