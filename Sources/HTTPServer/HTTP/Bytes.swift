import Glibc

extension UnsafeRawBufferPointer {
    func equals(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        guard let baseAddress else { return true }
        return memcmp(baseAddress, text.utf8Start, count) == 0
    }

    func equals(_ other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        guard let baseAddress, let otherAddress = other.baseAddress else { return true }
        return memcmp(baseAddress, otherAddress, count) == 0
    }

    /// Compares with a text in lower-case ASCII.
    func equalsIgnoringCase(_ lowercase: StaticString) -> Bool {
        guard count == lowercase.utf8CodeUnitCount else { return false }
        for index in 0..<count where HTTPCharacter.lowercase(self[index]) != lowercase.utf8Start[index] { return false }
        return true
    }

    func hasPrefixIgnoringCase(_ lowercase: StaticString) -> Bool {
        let length = lowercase.utf8CodeUnitCount
        return count >= length && UnsafeRawBufferPointer(rebasing: self[..<length]).equalsIgnoringCase(lowercase)
    }

    /// Without spaces and tabs at both ends.
    var trimmed: UnsafeRawBufferPointer {
        var (first, last) = (0, count)
        while first < last, HTTPCharacter.isBlank(self[first]) { first += 1 }
        while last > first, HTTPCharacter.isBlank(self[last - 1]) { last -= 1 }
        return UnsafeRawBufferPointer(rebasing: self[first..<last])
    }

    /// Calls `body` with each trimmed, non-empty member of a list.
    func forEachMember(separator: Character = ",", _ body: (UnsafeRawBufferPointer) -> Void) {
        guard let mark = separator.asciiValue else { return }
        var start = 0
        while start <= count {
            var end = start
            while end < count, self[end] != mark { end += 1 }
            let member = UnsafeRawBufferPointer(rebasing: self[start..<end]).trimmed
            if !member.isEmpty { body(member) }
            start = end + 1
        }
    }

    /// Whether a comma-separated list has the member, in any case.
    func hasMember(_ lowercase: StaticString) -> Bool {
        var isFound = false
        forEachMember { if $0.equalsIgnoringCase(lowercase) { isFound = true } }
        return isFound
    }

    /// The bytes as text; what is no UTF-8 becomes U+FFFD.
    var text: String { String(decoding: self, as: UTF8.self) }
}
