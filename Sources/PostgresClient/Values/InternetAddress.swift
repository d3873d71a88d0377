/// An address of IPv4 or IPv6 with the length of its network: an inet.
public struct InternetAddress: PostgresEncodable, PostgresDecodable, Hashable {
    /// 4 or 16 bytes.
    public let bytes: [UInt8]
    public let networkBits: UInt8

    /// Nil unless there are 4 or 16 bytes and no more bits in the network than in them.
    public init?(_ bytes: [UInt8], networkBits: UInt8? = nil) {
        let bits = networkBits ?? UInt8(truncatingIfNeeded: bytes.count * 8)
        guard bytes.count == 4 || bytes.count == 16, Int(bits) <= bytes.count * 8 else { return nil }
        self.bytes = bytes
        self.networkBits = bits
    }

    public static var parameterType: PostgresType { .inet }
    public func encode(into buffer: inout ParameterBuffer) {
        // PGSQL_AF_INET and PGSQL_AF_INET6, not the numbers of the system.
        buffer.append(UInt8(bytes.count == 4 ? 2 : 3))
        buffer.append(networkBits)
        buffer.append(UInt8(0))
        buffer.append(UInt8(bytes.count))
        bytes.withUnsafeBytes { buffer.append(bytes: $0) }
    }
    public static func accepts(_ type: PostgresType) -> Bool { type == .inet }
    public init?(cell: UnsafeRawBufferPointer) {
        guard cell.count >= 4, cell.count == 4 + Int(cell[3]) else { return nil }
        self.init([UInt8](cell[4...]), networkBits: cell[1])
    }
    public static var blank: InternetAddress { loopback }

    private static let loopback = InternetAddress(loopback: ())
    private init(loopback: Void) {
        bytes = [127, 0, 0, 1]
        networkBits = 32
    }
}
