import GraphQLLanguage
import GraphQLSchema

/// The number of a name in one document. Equal names have equal numbers; names that mean nothing in the schema have
/// one too.
typealias NameID = Int32

/// The names of one document, each once, with the symbol it has in the schema.
///
/// Numbers are dense, so tables by name are small arrays whatever the size of the schema.
struct DocumentNames {
    struct Entry {
        let key: NameKey
        let start: Int32
        let symbol: Symbol
    }

    private(set) var entries: [Entry] = []
    private var slots: [Int32]
    private let text: UnsafeBufferPointer<UInt8>
    private let table: NameTable

    init(_ text: UnsafeBufferPointer<UInt8>, expected: Int, in table: NameTable) {
        self.text = text
        self.table = table
        var size = 64
        while size < expected { size *= 2 }
        slots = Array(repeating: -1, count: size)
        entries.reserveCapacity(expected / 4)
    }

    var count: Int { entries.count }

    @inline(__always)
    mutating func intern(from start: UInt32, to end: UInt32) -> NameID {
        let start = Int(start)
        let key = NameKey(text, from: start, to: Int(end), hasher: table.hasher)
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: key.hash) & mask
        while true {
            let id = slots[slot]
            if id < 0 { break }
            let entry = entries[Int(id)]
            if entry.key.equals(key, text, at: Int(entry.start), text, at: start) { return id }
            slot = (slot + 1) & mask
        }
        return add(key, at: start, slot)
    }

    private mutating func add(_ key: NameKey, at start: Int, _ slot: Int) -> NameID {
        let id = NameID(truncatingIfNeeded: entries.count)
        let symbol = table.symbol(of: key, in: text, at: start)
        entries.append(Entry(key: key, start: Int32(truncatingIfNeeded: start), symbol: symbol))
        slots[slot] = id
        if entries.count * 2 > slots.count { grow() }
        return id
    }

    private mutating func grow() {
        slots = Array(repeating: -1, count: slots.count * 2)
        let mask = slots.count - 1
        for (id, entry) in entries.enumerated() {
            var slot = Int(truncatingIfNeeded: entry.key.hash) & mask
            while slots[slot] >= 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(truncatingIfNeeded: id)
        }
    }

    @inline(__always)
    func symbol(_ name: NameID) -> Symbol { entries[Int(name)].symbol }

    func string(_ name: NameID) -> String {
        let entry = entries[Int(name)]
        let start = Int(entry.start)
        return String(decoding: text[start..<(start + Int(entry.key.length))], as: UTF8.self)
    }
}
