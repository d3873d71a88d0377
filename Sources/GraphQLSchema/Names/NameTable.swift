/// The number of a name in a ``NameTable``; names are numbered in the order in which they were added.
public typealias Symbol = Int32

/// Names as dense numbers: comparing names is then comparing numbers, and tables by name are arrays.
public struct NameTable: Sendable {
    /// Stands for a name that is not in the table.
    public static var unknown: Symbol { @inlinable get { -1 } }

    public let hasher = NameHasher()
    @usableFromInline private(set) var slots: [Symbol]
    @usableFromInline private(set) var keys: [NameKey] = []
    @usableFromInline private(set) var starts: [Int32] = []
    @usableFromInline private(set) var text: [UInt8] = []

    public init() { slots = Array(repeating: Self.unknown, count: 64) }

    public var count: Int { keys.count }

    /// The number of a name, which is added when it is new.
    public mutating func intern(_ name: String) -> Symbol {
        let bytes = Array(name.utf8)
        let key = bytes.withUnsafeBufferPointer { NameKey($0, from: 0, to: $0.count, hasher: hasher) }
        let known = bytes.withUnsafeBufferPointer { symbol(of: key, in: $0, at: 0) }
        if known != Self.unknown { return known }
        if (keys.count + 1) * 2 > slots.count { grow() }
        let number = Symbol(keys.count)
        keys.append(key)
        starts.append(Int32(text.count))
        text += bytes
        insert(number)
        return number
    }

    /// The number of the name that lies in a text.
    @inlinable public func symbol(of key: NameKey, in bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Symbol {
        text.withUnsafeBufferPointer { text in
            let mask = slots.count - 1
            var slot = Int(truncatingIfNeeded: key.hash) & mask
            while true {
                let symbol = slots[slot]
                if symbol == Self.unknown { return symbol }
                let index = Int(symbol)
                if keys[index].equals(key, text, at: Int(starts[index]), bytes, at: start) { return symbol }
                slot = (slot + 1) & mask
            }
        }
    }

    public func symbol(of name: String) -> Symbol {
        var name = name
        return name.withUTF8 { bytes in
            symbol(of: NameKey(bytes, from: 0, to: bytes.count, hasher: hasher), in: bytes, at: 0)
        }
    }

    private mutating func grow() {
        slots = Array(repeating: Self.unknown, count: slots.count * 2)
        for index in keys.indices { insert(Symbol(index)) }
    }

    private mutating func insert(_ symbol: Symbol) {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: keys[Int(symbol)].hash) & mask
        while slots[slot] != Self.unknown { slot = (slot + 1) & mask }
        slots[slot] = symbol
    }
}
