internal import CLinux
import Glibc

/// An IPv4 or IPv6 address with a port.
public struct SocketAddress: Sendable, Hashable, CustomStringConvertible {
    /// In network order; IPv4 uses the first four bytes.
    private var bytes: (UInt64, UInt64)
    private let isIPv6: Bool
    public var port: UInt16

    /// Reads a numeric address such as `127.0.0.1` or `::1`; nil when it is neither.
    public init?(_ text: String, port: UInt16) {
        bytes = (0, 0)
        self.port = port
        if withUnsafeMutablePointer(to: &bytes, { inet_pton(AF_INET, text, $0) }) == 1 {
            isIPv6 = false
        } else if withUnsafeMutablePointer(to: &bytes, { inet_pton(AF_INET6, text, $0) }) == 1 {
            isIPv6 = true
        } else {
            return nil
        }
    }

    /// 127.0.0.1; port 0 lets the kernel choose.
    public static func loopback(port: UInt16 = 0) -> SocketAddress {
        SocketAddress(bytes: (UInt64(UInt32(0x7f00_0001).bigEndian), 0), isIPv6: false, port: port)
    }

    init?(_ storage: sockaddr_storage) {
        var storage = storage
        switch Int32(storage.ss_family) {
        case AF_INET:
            let address = withUnsafeBytes(of: &storage) { $0.load(as: sockaddr_in.self) }
            self.init(
                bytes: (UInt64(address.sin_addr.s_addr), 0),
                isIPv6: false,
                port: UInt16(bigEndian: address.sin_port)
            )
        case AF_INET6:
            var address = withUnsafeBytes(of: &storage) { $0.load(as: sockaddr_in6.self) }
            let bytes = withUnsafeBytes(of: &address.sin6_addr) { $0.load(as: (UInt64, UInt64).self) }
            self.init(bytes: bytes, isIPv6: true, port: UInt16(bigEndian: address.sin6_port))
        default:
            return nil
        }
    }

    private init(bytes: (UInt64, UInt64), isIPv6: Bool, port: UInt16) {
        self.bytes = bytes
        self.isIPv6 = isIPv6
        self.port = port
    }

    /// What one client may have: an address of IPv4, or the 64 bits of IPv6 that a subscriber gets, with port 0.
    var network: SocketAddress {
        // Within the first 64 bits that are zero are addresses of IPv4, and this machine's own.
        SocketAddress(bytes: (bytes.0, isIPv6 && bytes.0 == 0 ? bytes.1 : 0), isIPv6: isIPv6, port: 0)
    }

    var family: Int32 { isIPv6 ? AF_INET6 : AF_INET }

    func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        if isIPv6 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            withUnsafeMutableBytes(of: &address.sin6_addr) { $0.storeBytes(of: bytes, as: (UInt64, UInt64).self) }
            return withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
                }
            }
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(truncatingIfNeeded: bytes.0)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// The four or sixteen bytes of the address, in network order.
    public var octets: [UInt8] {
        withUnsafeBytes(of: bytes) { Array($0.prefix(isIPv6 ? 16 : 4)) }
    }

    /// The address without the port.
    public var host: String {
        withUnsafePointer(to: bytes) { pointer in
            withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { text in
                guard let name = inet_ntop(family, pointer, text.baseAddress, socklen_t(text.count)) else { return "" }
                return String(cString: name)
            }
        }
    }

    public var description: String { isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)" }

    public static func == (one: SocketAddress, other: SocketAddress) -> Bool {
        one.bytes == other.bytes && one.isIPv6 == other.isIPv6 && one.port == other.port
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(bytes.0)
        hasher.combine(bytes.1)
        hasher.combine(port)
    }
}
