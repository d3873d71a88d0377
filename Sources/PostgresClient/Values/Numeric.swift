/// An exact decimal number of any length, as PostgreSQL keeps it: a numeric.
public struct Numeric: PostgresEncodable, PostgresDecodable, Hashable, CustomStringConvertible {
    /// Digits to the base of 10,000, the first of them times 10,000 to the power of `weight`.
    let groups: [UInt16]
    let weight: Int16
    let sign: UInt16
    /// Decimal digits behind the point.
    let scale: UInt16

    private static let negative: UInt16 = 0x4000
    private static let notANumber: UInt16 = 0xC000
    private static let infinity: UInt16 = 0xD000
    private static let minusInfinity: UInt16 = 0xF000
    private static let signs = [0, negative, notANumber, infinity, minusInfinity]

    private init(groups: [UInt16], weight: Int16, sign: UInt16, scale: UInt16) {
        self.groups = groups
        self.weight = weight
        self.sign = sign
        self.scale = scale
    }

    /// From digits with an optional sign and point, such as `-12.50`; nil for anything else and beyond 1,000 digits.
    public init?(_ text: String) {
        var digits: [UInt8] = []
        var pointAt: Int?
        var isNegative = false
        guard text.utf8.count <= 1_002 else { return nil }
        for (position, byte) in text.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "-") where position == 0: isNegative = true
            case UInt8(ascii: "+") where position == 0: break
            case UInt8(ascii: ".") where pointAt == nil: pointAt = digits.count
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits.append(byte - UInt8(ascii: "0"))
            default: return nil
            }
        }
        guard !digits.isEmpty else { return nil }
        let whole = pointAt ?? digits.count
        let scale = digits.count - whole
        // Groups are counted from the point: both sides are filled up to four digits.
        digits.insert(contentsOf: [UInt8](repeating: 0, count: (4 - whole % 4) % 4), at: 0)
        digits.append(contentsOf: [UInt8](repeating: 0, count: (4 - scale % 4) % 4))
        var groups = stride(from: 0, to: digits.count, by: 4).map { start in
            digits[start..<(start + 4)].reduce(0 as UInt16) { $0 * 10 + UInt16($1) }
        }
        var weight = (whole + 3) / 4 - 1
        while groups.first == 0 {
            groups.removeFirst()
            weight -= 1
        }
        while groups.last == 0 { groups.removeLast() }
        if groups.isEmpty { weight = 0 }
        let sign = isNegative && !groups.isEmpty ? Numeric.negative : 0
        self.init(groups: groups, weight: Int16(weight), sign: sign, scale: UInt16(scale))
    }

    public var description: String {
        switch sign {
        case Numeric.notANumber: return "NaN"
        case Numeric.infinity: return "Infinity"
        case Numeric.minusInfinity: return "-Infinity"
        default: break
        }
        var text = sign == Numeric.negative ? "-" : ""
        if weight < 0 { text += "0" }
        for index in stride(from: 0, through: Int(weight), by: 1) {
            let group = String(index < groups.count ? groups[index] : 0)
            text += index == 0 ? group : String(repeating: "0", count: 4 - group.count) + group
        }
        guard scale > 0 else { return text }
        var fraction = ""
        var index = Int(weight) + 1
        while fraction.utf8.count < Int(scale) {
            let group = String(index >= 0 && index < groups.count ? groups[index] : 0)
            fraction += String(repeating: "0", count: 4 - group.count) + group
            index += 1
        }
        return text + "." + fraction.prefix(Int(scale))
    }

    public static var parameterType: PostgresType { .numeric }
    public func encode(into buffer: inout ParameterBuffer) {
        buffer.append(UInt16(groups.count))
        buffer.append(weight)
        buffer.append(sign)
        buffer.append(scale)
        for group in groups { buffer.append(group) }
    }
    public static func accepts(_ type: PostgresType) -> Bool { type == .numeric }
    public init?(cell: UnsafeRawBufferPointer) {
        guard cell.count >= 8 else { return nil }
        let count = Int(cell.bigEndian(as: UInt16.self))
        guard cell.count == 8 + count * 2 else { return nil }
        let groups = (0..<count).map { cell.bigEndian(8 + $0 * 2, as: UInt16.self) }
        let sign = cell.bigEndian(4, as: UInt16.self)
        guard groups.allSatisfy({ $0 < 10_000 }), Numeric.signs.contains(sign) else { return nil }
        self.init(
            groups: groups,
            weight: cell.bigEndian(2, as: Int16.self),
            sign: sign,
            scale: cell.bigEndian(6, as: UInt16.self)
        )
    }
    public static var blank: Numeric { Numeric(groups: [], weight: 0, sign: 0, scale: 0) }
}
