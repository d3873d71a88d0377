/// The list of what is in a ZIP archive. Nothing is unpacked; what the list says is only believed as far as it makes an
/// archive suspicious.
///
/// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT sections 4.3.12 and 4.3.16
struct ArchiveDirectory {
    /// Bounds of what is read, and of what an archive may be.
    struct Limits {
        var entries = 10_000
        var directoryBytes = 2 << 20
        var unpackedBytes = 1 << 30
        /// How many bytes may come of each packed one, once they are many.
        var ratio = 200
        /// Up to so many bytes no ratio is too high.
        var harmlessBytes = 16 << 20
    }

    private(set) var names: [[UInt8]] = []
    private(set) var unpackedBytes = 0
    private(set) var packedBytes = 0

    /// Throws `.damaged` for what is no archive, `.expansion` for one that is too much.
    init(_ source: some RandomAccessBytes, _ limits: Limits = Limits()) throws {
        let tailStart = max(0, source.count - 65_557)
        let tail = try source.bytes(tailStart..<source.count)
        guard let end = Self.endRecord(in: tail) else { throw FileFault.damaged }
        let (count, size) = (tail.littleEndian(end + 10, 2), tail.littleEndian(end + 12, 4))
        let start = tail.littleEndian(end + 16, 4)
        // The markers of archives beyond 4 GiB, and lists that nobody needs.
        guard count <= limits.entries, size <= limits.directoryBytes else { throw FileFault.expansion }
        guard start + size <= tailStart + end, let list = try source.all(start, size) else { throw FileFault.damaged }
        try read(list, count)
        // Entries that share their packed bytes are how small archives become huge.
        guard packedBytes <= source.count, unpackedBytes <= limits.unpackedBytes,
            unpackedBytes <= limits.harmlessBytes || unpackedBytes / limits.ratio <= packedBytes
        else { throw FileFault.expansion }
    }

    private static func endRecord(in tail: [UInt8]) -> Int? {
        guard tail.count >= 22 else { return nil }
        return stride(from: tail.count - 22, through: 0, by: -1).first { place in
            tail[place] == 0x50 && tail.has("PK\u{05}\u{06}", at: place)
                && tail.littleEndian(place + 20, 2) == tail.count - place - 22
        }
    }

    private mutating func read(_ list: [UInt8], _ count: Int) throws {
        var position = 0
        for _ in 0..<count {
            guard list.count - position >= 46, list.has("PK\u{01}\u{02}", at: position) else { throw FileFault.damaged }
            let name = list.littleEndian(position + 28, 2)
            let rest = list.littleEndian(position + 30, 2) + list.littleEndian(position + 32, 2)
            guard list.count - position - 46 >= name + rest else { throw FileFault.damaged }
            packedBytes += list.littleEndian(position + 20, 4)
            unpackedBytes += list.littleEndian(position + 24, 4)
            names.append(Array(list[position + 46..<position + 46 + name]))
            position += 46 + name + rest
        }
    }

    /// Whether something in it has a name that ends so.
    func hasName(endingIn end: StaticString) -> Bool {
        end.withUTF8Buffer { end in names.contains { $0.suffix(end.count).elementsEqual(end) } }
    }

    func hasName(beginningWith start: StaticString) -> Bool { names.contains { $0.has(start) } }
}
