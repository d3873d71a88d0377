/// Numbers found by an owner (a type, a field) and a symbol: open addressing, filled once.
@usableFromInline struct PairTable: Sendable {
    @usableFromInline private(set) var slots: [Slot]
    @usableFromInline let shift: UInt64

    @usableFromInline struct Slot: Sendable {
        @usableFromInline let pair: UInt64
        @usableFromInline let value: Int32
    }

    @usableFromInline static var empty: UInt64 { @inlinable get { .max } }

    init(capacity: Int) {
        var bits: UInt64 = 4
        while 1 << bits < capacity * 2 { bits += 1 }
        slots = Array(repeating: Slot(pair: Self.empty, value: -1), count: 1 << Int(bits))
        shift = 64 - bits
    }

    @inlinable @inline(__always)
    static func pair(_ owner: Int32, _ symbol: Symbol) -> UInt64 {
        UInt64(UInt32(bitPattern: owner)) << 32 | UInt64(UInt32(bitPattern: symbol))
    }

    @inlinable @inline(__always)
    func slot(of pair: UInt64) -> Int {
        // Fibonacci hashing: the high bits of the product depend on every bit of the pair.
        Int(truncatingIfNeeded: ((pair ^ pair >> 29) &* 0x9E37_79B9_7F4A_7C15) >> shift)
    }

    /// The first value that is set for a pair stays.
    mutating func set(_ owner: Int32, _ symbol: Symbol, to value: Int32) {
        let pair = Self.pair(owner, symbol)
        var slot = slot(of: pair)
        while slots[slot].pair != Self.empty {
            if slots[slot].pair == pair { return }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = Slot(pair: pair, value: value)
    }

    /// The number of a pair, or -1.
    @inlinable @inline(__always)
    func value(_ owner: Int32, _ symbol: Symbol) -> Int32 {
        if symbol < 0 { return -1 }
        let pair = Self.pair(owner, symbol)
        var slot = slot(of: pair)
        while true {
            let entry = slots[slot]
            if entry.pair == pair { return entry.value }
            if entry.pair == Self.empty { return -1 }
            slot = (slot + 1) & (slots.count - 1)
        }
    }
}
