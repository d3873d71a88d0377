@testable import FileStore

/// Bytes in memory, for tests of what is otherwise read from a disk.
struct Bytes: RandomAccessBytes {
    let content: [UInt8]
    var count: Int { content.count }

    init(_ content: [UInt8]) { self.content = content }

    func bytes(_ range: Range<Int>) throws -> [UInt8] { Array(content[range.clamped(to: 0..<content.count)]) }
}

/// An archive of the format of PKWARE, with entries that say of themselves what a test wants.
struct Archive {
    private var content: [UInt8] = []
    private var list: [UInt8] = []
    private var count = 0

    /// Adds an entry that is not packed. `unpacked` and `packed` are what the list says; else it says the truth.
    mutating func add(_ name: String, _ data: [UInt8], unpacked: Int? = nil, packed: Int? = nil) {
        let start = content.count
        let common: [UInt8] =
            [20, 0, 0, 0, 0, 0, 0, 0, 0, 0] + number(0, 4) + number(packed ?? data.count, 4)
            + number(unpacked ?? data.count, 4) + number(name.utf8.count, 2)
        content += [0x50, 0x4b, 3, 4] + common + number(0, 2) + Array(name.utf8) + data
        list += [0x50, 0x4b, 1, 2, 20, 0] + common + number(0, 2) + number(0, 2) + number(0, 8) + number(start, 4)
        list += Array(name.utf8)
        count += 1
    }

    func bytes(comment: String = "", count stated: Int? = nil) -> [UInt8] {
        let places = number(stated ?? count, 2)
        return content + list + [0x50, 0x4b, 5, 6, 0, 0, 0, 0] + places + places + number(list.count, 4)
            + number(content.count, 4) + number(comment.utf8.count, 2) + Array(comment.utf8)
    }

    private func number(_ value: Int, _ length: Int) -> [UInt8] {
        (0..<length).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
