internal import Glibc
package import PostgresClient

extension InternetAddress {
    /// As people write it; IPv6 in the form that does not abbreviate.
    package var text: String {
        if bytes.count == 4 { return bytes.map(String.init).joined(separator: ".") }
        return stride(from: 0, to: 16, by: 2)
            .map { String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16) }.joined(separator: ":")
    }

    /// An address with the length of its network, as in 10.0.0.0/8.
    package var range: String { "\(text)/\(networkBits)" }

    /// Nil for what is neither an address nor a range of them, such as 10.0.0.0/8; bits beyond the network become zero.
    package init?(text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let first = parts.first, text.utf8.count <= 64, !text.utf8.contains(0) else { return nil }
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, first, &bytes) == 1 {
            bytes.removeLast(12)
        } else if inet_pton(AF_INET6, first, &bytes) != 1 {
            return nil
        }
        guard parts.count == 2 else {
            self.init(bytes)
            return
        }
        guard let bits = UInt8(parts[1]), String(bits) == parts[1], Int(bits) <= bytes.count * 8 else { return nil }
        for index in bytes.indices {
            let kept = min(8, max(0, Int(bits) - index * 8))
            bytes[index] &= kept == 0 ? 0 : ~UInt8(0) << UInt8(8 - kept)
        }
        self.init(bytes, networkBits: bits)
    }

    /// Whether it is of this network. An IPv4 address that came as an IPv6 one is the same address.
    package func isIn(_ network: InternetAddress) -> Bool {
        let (own, theirs) = (unmapped, network.unmapped)
        guard own.bytes.count == theirs.bytes.count else { return false }
        let bits = Int(theirs.networkBits)
        let whole = bits / 8
        guard own.bytes.prefix(whole) == theirs.bytes.prefix(whole) else { return false }
        guard bits % 8 != 0 else { return true }
        let mask = ~UInt8(0) << UInt8(8 - bits % 8)
        return own.bytes[whole] & mask == theirs.bytes[whole] & mask
    }

    /// As IPv4 where it came as an IPv6 one, as it does to a server that listens to both.
    package var unmapped: InternetAddress {
        let prefix: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
        guard bytes.count == 16, Array(bytes.prefix(12)) == prefix, networkBits >= 96 else { return self }
        return InternetAddress(Array(bytes.suffix(4)), networkBits: networkBits - 96) ?? self
    }
}
