/// A small generator with a seed, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }
}

extension SplitMix {
    /// Changes the bytes in up to four places: overwritten, inserted, removed, doubled, or swapped for a nasty one.
    mutating func mutate(_ bytes: [UInt8], nasty: [[UInt8]]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<below(5) where !bytes.isEmpty {
            let place = below(bytes.count)
            switch below(6) {
            case 0: bytes[place] = UInt8(truncatingIfNeeded: next())
            case 1: bytes[place] ^= 1 << UInt8(below(8))
            case 2: bytes.insert(UInt8(truncatingIfNeeded: next()), at: place)
            case 3: bytes.removeSubrange(place..<min(bytes.count, place + 1 + below(4)))
            case 4:
                let end = min(bytes.count, place + 1 + below(12))
                bytes.insert(contentsOf: bytes[place..<end], at: below(bytes.count))
            default: bytes.insert(contentsOf: nasty[below(nasty.count)], at: place)
            }
        }
        return bytes
    }

    /// The bytes in pieces of random sizes, some of them empty.
    mutating func split(_ bytes: [UInt8]) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + below(1 + below(bytes.count - start + 8)))
            pieces.append(Array(bytes[start..<end]))
            start = end
        }
        return pieces
    }
}
