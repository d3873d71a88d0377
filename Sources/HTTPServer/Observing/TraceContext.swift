/// The place of a request in a distributed trace: https://www.w3.org/TR/trace-context-1/
public struct TraceContext: Sendable, Equatable {
    /// 32 hexadecimal digits.
    public let traceID: String
    /// The caller's span, 16 digits; nil where the trace begins here.
    public let parentID: String?
    /// This request's own span, 16 digits.
    public let spanID: String
    /// Whether the caller keeps the trace.
    public let isSampled: Bool

    /// What to send along with calls this request causes.
    public var traceparent: String { "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")" }

    /// Continues the trace of a `traceparent` field; nil when it is not one, and is to be ignored (section 3.2.2.5).
    init?(_ field: UnsafeRawBufferPointer, spanID: String) {
        // A later version may have more behind a further hyphen.
        let isLater = field.count > 55 && field[55] == UInt8(ascii: "-") && !field.starts(with: "00".utf8)
        guard field.count == 55 || isLater, !field.starts(with: "ff".utf8) else { return nil }
        for index in 0..<55 {
            let isHyphen = index == 2 || index == 35 || index == 52
            guard isHyphen ? field[index] == UInt8(ascii: "-") : Self.isLowercaseDigit(field[index]) else { return nil }
        }
        let (trace, parent) = (field[3..<35], field[36..<52])
        let zero = UInt8(ascii: "0")
        guard trace.contains(where: { $0 != zero }), parent.contains(where: { $0 != zero }),
            let flags = HTTPCharacter.hexadecimal(field[54])
        else { return nil }
        traceID = String(decoding: trace, as: UTF8.self)
        parentID = String(decoding: parent, as: UTF8.self)
        self.spanID = spanID
        isSampled = flags & 1 == 1
    }

    /// Begins a trace.
    init(beginning number: UInt64) {
        traceID = RequestNumbers.text(number) + RequestNumbers.text(~number)
        parentID = nil
        spanID = RequestNumbers.text(number)
        isSampled = false
    }

    private static func isLowercaseDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte
    }
}

extension HTTPRequest {
    /// The trace the request belongs to: the caller's, or one that begins here.
    public var trace: TraceContext {
        let values = self.values("traceparent")
        // Two of them say nothing.
        if values.count == 1,
            let trace = values[0].withUnsafeBytes({ TraceContext($0, spanID: RequestNumbers.text(number)) })
        {
            return trace
        }
        return TraceContext(beginning: number)
    }
}
