import EventLoop

/// `field-name ":" OWS field-value OWS` (RFC 9112 section 5).
enum HTTPFieldLine {
    static func read(
        _ line: Range<Int>,
        of request: HTTPRequest,
        noting framing: inout FramingFields
    ) -> HTTPViolation? {
        request.bytes.withUnsafeBytes { all in
            let bytes = UnsafeRawBufferPointer(rebasing: all[line])
            // A line that begins with a blank continues the one before (obs-fold), which recipients read differently.
            if HTTPCharacter.isBlank(bytes[0]) { return .lineFolding }
            guard let colon = bytes.firstIndex(where: { !HTTPCharacter.isToken($0) }) else { return .missingColon }
            guard bytes[colon] == UInt8(ascii: ":") else {
                return HTTPCharacter.isBlank(bytes[colon]) ? .spaceBeforeColon : .badFieldName
            }
            guard colon > 0 else { return .badFieldName }
            if containsControl(UnsafeRawBufferPointer(rebasing: bytes[(colon + 1)...])) { return .badFieldValue }
            var (start, end) = (colon + 1, bytes.count)
            while start < end, HTTPCharacter.isBlank(bytes[start]) { start += 1 }
            while end > start, HTTPCharacter.isBlank(bytes[end - 1]) { end -= 1 }
            let field = HTTPRequest.Field(
                name: HTTPRequest.Slice(start: UInt32(line.lowerBound), end: UInt32(line.lowerBound + colon)),
                value: HTTPRequest.Slice(
                    start: UInt32(line.lowerBound + start),
                    end: UInt32(line.lowerBound + end)
                )
            )
            request.fields.append(field)
            return framing.note(
                UnsafeRawBufferPointer(rebasing: bytes[..<colon]),
                UnsafeRawBufferPointer(rebasing: bytes[start..<end]),
                slice: field.value,
                of: request
            )
        }
    }

    /// Looks at eight bytes at a time: a control, or DEL, or NUL, or a bare CR hides in none of them.
    static func containsControl(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let low: UInt64 = 0x0101_0101_0101_0101
        let high: UInt64 = 0x8080_8080_8080_8080
        var index = 0
        while index + 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            let delete = word ^ (low &* 0x7f)
            let suspicious = ((word &- low &* 0x20) | (delete &- low)) & ~word & high
            if suspicious != 0 {
                for offset in index..<(index + 8) where HTTPCharacter.isControl(bytes[offset]) { return true }
            }
            index += 8
        }
        while index < bytes.count {
            if HTTPCharacter.isControl(bytes[index]) { return true }
            index += 1
        }
        return false
    }
}
