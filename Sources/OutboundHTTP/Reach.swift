import Glibc

/// Which addresses a request may connect to, whatever name leads there.
package enum Reach: Sendable, Equatable {
    /// What everybody can reach: for addresses that come from people.
    case publicOnly
    /// Everything: for what an operator has configured.
    case anywhere

    /// Whether four or sixteen bytes in network order may be connected to.
    func admits(_ octets: [UInt8]) -> Bool {
        switch self {
        case .anywhere: true
        case .publicOnly: octets.count == 16 ? Self.isPublicIPv6(octets) : Self.isPublicIPv4(octets)
        }
    }

    /// Whether a host of an address may be one, as far as its text tells: a name may still lead to an address that is
    /// refused when it is connected to.
    package func mayAdmit(host: String) -> Bool {
        guard self == .publicOnly else { return !host.isEmpty }
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if let octets = Self.octets(isBracketed ? String(host.dropFirst().dropLast()) : host) { return admits(octets) }
        guard !isBracketed, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: ":") }) else {
            return false
        }
        // Names of this network have no dot; what ends with digits is an address in one of its older forms.
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count > 1, let last = labels.last?.utf8.first,
            !["localhost", "local", "internal"].contains(labels.last)
        else { return false }
        return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(last | 0x20)
    }

    /// https://www.iana.org/assignments/iana-ipv4-special-registry
    private static func isPublicIPv4(_ octets: [UInt8]) -> Bool {
        guard octets.count == 4 else { return false }
        switch (octets[0], octets[1], octets[2]) {
        case (0, _, _), (10, _, _), (127, _, _), (224..., _, _): return false
        case (100, 64...127, _), (169, 254, _), (172, 16...31, _), (192, 168, _), (198, 18...19, _): return false
        case (192, 0, 0), (192, 0, 2), (192, 88, 99), (198, 51, 100), (203, 0, 113): return false
        default: return true
        }
    }

    /// Global unicast alone, and of that nothing that carries an address of IPv4 or is for examples:
    /// https://www.iana.org/assignments/iana-ipv6-special-registry
    private static func isPublicIPv6(_ octets: [UInt8]) -> Bool {
        if octets[..<12] == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff] { return isPublicIPv4(Array(octets[12...])) }
        guard octets[0] & 0xe0 == 0x20 else { return false }
        let (first, second) = (UInt16(octets[0]) << 8 | UInt16(octets[1]), UInt16(octets[2]) << 8 | UInt16(octets[3]))
        // 2001::/23 has protocols and not hosts, 2001:db8::/32 examples, 2002::/16 addresses of IPv4.
        return !(first == 0x2001 && (second < 0x0200 || second == 0x0db8)) && first != 0x2002 && first != 0x3fff
    }

    /// The bytes of a numeric address.
    static func octets(_ text: UnsafePointer<CChar>) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 { return Array(bytes[..<4]) }
        return inet_pton(AF_INET6, text, &bytes) == 1 ? bytes : nil
    }

    /// The bytes of a socket's address.
    static func octets(_ address: UnsafeRawPointer, family: Int32) -> [UInt8] {
        switch family {
        case AF_INET: withUnsafeBytes(of: address.loadUnaligned(as: sockaddr_in.self).sin_addr) { Array($0) }
        case AF_INET6: withUnsafeBytes(of: address.loadUnaligned(as: sockaddr_in6.self).sin6_addr) { Array($0) }
        default: []
        }
    }
}
