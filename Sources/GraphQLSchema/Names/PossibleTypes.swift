/// Which object types each composite type can be, as rows of bits.
@usableFromInline struct PossibleTypes: Sendable {
    @usableFromInline let wordsPerRow: Int
    @usableFromInline let bits: [UInt64]

    init(_ schema: Schema) {
        let wordsPerRow = (schema.types.count + 63) / 64
        var bits = [UInt64](repeating: 0, count: wordsPerRow * schema.types.count)
        for (index, type) in schema.types.enumerated() where type.isComposite {
            if type.kind == .object { bits[index * wordsPerRow + index / 64] |= 1 << UInt64(index % 64) }
            for possible in type.possibleTypes where type.isAbstract {
                bits[index * wordsPerRow + possible.index / 64] |= 1 << UInt64(possible.index % 64)
            }
        }
        self.wordsPerRow = wordsPerRow
        self.bits = bits
    }

    @inlinable func contains(_ object: Int, of type: Int) -> Bool {
        bits[type * wordsPerRow + object / 64] & (1 << UInt64(object % 64)) != 0
    }

    @inlinable func overlap(_ left: Int, _ right: Int) -> Bool {
        for word in 0..<wordsPerRow where bits[left * wordsPerRow + word] & bits[right * wordsPerRow + word] != 0 {
            return true
        }
        return false
    }
}
