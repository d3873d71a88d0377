import EventLoop

/// `method SP request-target SP HTTP-version` (RFC 9112 section 3), with single spaces and nothing else.
enum HTTPRequestLine {
    static func read(_ line: Range<Int>, of request: HTTPRequest) -> HTTPViolation? {
        request.bytes.withUnsafeBytes { all in
            let bytes = UnsafeRawBufferPointer(rebasing: all[line])
            guard let first = bytes.firstIndex(of: 0x20), let last = bytes.lastIndex(of: 0x20), first < last, first > 0
            else { return .malformedRequestLine }
            let name = UnsafeRawBufferPointer(rebasing: bytes[..<first])
            let target = UnsafeRawBufferPointer(rebasing: bytes[(first + 1)..<last])
            guard name.allSatisfy(HTTPCharacter.isToken) else { return .malformedRequestLine }
            guard !target.isEmpty, target.allSatisfy(HTTPCharacter.isTarget) else { return .badTarget }
            if let violation = readVersion(UnsafeRawBufferPointer(rebasing: bytes[(last + 1)...]), of: request) {
                return violation
            }
            guard let method = HTTPMethod(name) else { return .unknownMethod }
            request.method = method
            let offset = line.lowerBound + first + 1
            request.targetSlice = slice(offset, offset + target.count)
            return readTarget(target, at: offset, of: request)
        }
    }

    /// 1.1 and 1.0 are spoken; other versions are named as such only when they are well-formed.
    private static func readVersion(_ text: UnsafeRawBufferPointer, of request: HTTPRequest) -> HTTPViolation? {
        guard text.count == 8, UnsafeRawBufferPointer(rebasing: text[..<5]).equals("HTTP/"), text[6] == 0x2e,
            HTTPCharacter.isDigit(text[5]), HTTPCharacter.isDigit(text[7])
        else { return .malformedRequestLine }
        guard text[5] == 0x31, text[7] <= 0x31 else { return .unsupportedVersion }
        request.minorVersion = Int(text[7] - 0x30)
        return nil
    }

    /// The origin form, the absolute form, and the asterisk form of OPTIONS (RFC 9112 section 3.2).
    private static func readTarget(
        _ target: UnsafeRawBufferPointer,
        at offset: Int,
        of request: HTTPRequest
    ) -> HTTPViolation? {
        if target[0] == UInt8(ascii: "/") {
            splitQuery(target, from: 0, at: offset, of: request)
            return nil
        }
        if target.equals("*") {
            request.pathSlice = slice(offset, offset + 1)
            return request.method == .options ? nil : .badTarget
        }
        let scheme: Int
        if target.hasPrefixIgnoringCase("http://") {
            scheme = 7
        } else if target.hasPrefixIgnoringCase("https://") {
            scheme = 8
        } else {
            return .badTarget
        }
        let rest = target[scheme...]
        let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? target.count
        guard end > scheme, HTTPHost.isValid(UnsafeRawBufferPointer(rebasing: target[scheme..<end])) else {
            return .badTarget
        }
        request.authoritySlice = slice(offset + scheme, offset + end)
        splitQuery(target, from: end, at: offset, of: request)
        return nil
    }

    private static func splitQuery(
        _ target: UnsafeRawBufferPointer,
        from start: Int,
        at offset: Int,
        of request: HTTPRequest
    ) {
        let mark = target[start...].firstIndex(of: UInt8(ascii: "?"))
        request.pathSlice = slice(offset + start, offset + (mark ?? target.count))
        if let mark { request.querySlice = slice(offset + mark + 1, offset + target.count) }
    }

    private static func slice(_ start: Int, _ end: Int) -> HTTPRequest.Slice {
        HTTPRequest.Slice(start: UInt32(start), end: UInt32(end))
    }
}

/// `uri-host [ ":" port ]` (RFC 9110 section 7.2). No user information, no lists, no spaces.
enum HTTPHost {
    static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        isPlain(bytes) || isValidWithSigns(bytes)
    }

    /// Letters, digits, dots and hyphens, and a port behind them: what nearly all clients send, told by one look at each byte.
    static func isPlain(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            let isPart =
                (byte | 0x20) &- UInt8(ascii: "a") < 26 || HTTPCharacter.isDigit(byte) || byte == UInt8(ascii: ".")
                || byte == UInt8(ascii: "-")
            if !isPart { break }
            index += 1
        }
        guard index < bytes.count else { return true }
        guard index > 0, bytes[index] == UInt8(ascii: ":"), bytes.count - index <= 6 else { return false }
        while index + 1 < bytes.count, HTTPCharacter.isDigit(bytes[index + 1]) { index += 1 }
        return index + 1 == bytes.count
    }

    static func isValidWithSigns(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.allSatisfy(HTTPCharacter.isHost) else { return false }
        var portStart: Int?
        if bytes.first == UInt8(ascii: "[") {
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]")), close > 2 else { return false }
            let inside = bytes[1..<close]
            guard inside.allSatisfy({ HTTPCharacter.hexadecimal($0) != nil || $0 == 0x3a || $0 == 0x2e }) else {
                return false
            }
            guard !bytes[(close + 1)...].contains(where: { $0 == 0x5b || $0 == 0x5d }) else { return false }
            if close + 1 < bytes.count {
                guard bytes[close + 1] == 0x3a else { return false }
                portStart = close + 2
            }
        } else {
            guard !bytes.contains(where: { $0 == 0x5b || $0 == 0x5d }) else { return false }
            if let colon = bytes.firstIndex(of: 0x3a) {
                guard colon > 0 else { return false }
                portStart = colon + 1
            }
        }
        guard let portStart else { return true }
        let port = bytes[portStart...]
        return port.count <= 5 && port.allSatisfy(HTTPCharacter.isDigit)
    }
}
