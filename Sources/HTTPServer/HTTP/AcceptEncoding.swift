/// What an Accept-Encoding field says about gzip (RFC 9110 section 12.5.3).
enum AcceptEncoding {
    static func acceptsGzip(_ value: UnsafeRawBufferPointer) -> Bool {
        var named: Bool?
        var wildcard = false
        value.forEachMember { member in
            let end = member.firstIndex(of: UInt8(ascii: ";")) ?? member.count
            let coding = UnsafeRawBufferPointer(rebasing: member[..<end]).trimmed
            let isAccepted = !isZero(weight: UnsafeRawBufferPointer(rebasing: member[end...]))
            if coding.equalsIgnoringCase("gzip") || coding.equalsIgnoringCase("x-gzip") { named = isAccepted }
            if coding.equals("*") { wildcard = isAccepted }
        }
        return named ?? wildcard
    }

    /// Whether the parameters hold `q=0`, `q=0.0` and so on, which forbid the coding.
    private static func isZero(weight parameters: UnsafeRawBufferPointer) -> Bool {
        var isZero = false
        parameters.forEachMember(separator: ";") { parameter in
            guard parameter.hasPrefixIgnoringCase("q=") else { return }
            isZero = parameter.dropFirst(2).allSatisfy { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: ".") }
        }
        return isZero
    }
}
