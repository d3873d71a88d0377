/// What the fields of one head say about where the message ends and how the connection goes on.
struct FramingFields {
    private var hosts = 0
    private var hostIsBad = false
    private var contentLength: Int?
    private var isChunked = false
    private var codings = 0
    private var hasUnknownCoding = false
    private var saysClose = false
    private var saysKeepAlive = false

    /// Looks at one field as it comes; most names are told apart by their length alone.
    mutating func note(
        _ name: UnsafeRawBufferPointer,
        _ value: UnsafeRawBufferPointer,
        slice: HTTPRequest.Slice,
        of request: HTTPRequest
    ) -> HTTPViolation? {
        switch name.count {
        case 4 where name.equalsIgnoringCase("host"):
            hosts += 1
            if !HTTPHost.isValid(value) { hostIsBad = true }
            // The authority of an absolute target counts more than the field (RFC 9112 section 3.2.2).
            if request.authoritySlice == nil { request.authoritySlice = slice }
        case 6 where name.equalsIgnoringCase("expect"):
            guard value.equalsIgnoringCase("100-continue") else { return .badExpectation }
            request.expectsContinue = true
        case 10 where name.equalsIgnoringCase("connection"):
            if value.hasMember("close") { saysClose = true }
            if value.hasMember("keep-alive") { saysKeepAlive = true }
        case 14 where name.equalsIgnoringCase("content-length"):
            // Equal duplicates are refused too: nothing that counts sends them.
            guard contentLength == nil else { return .duplicateContentLength }
            guard let length = FramingFields.decimal(value) else { return .badContentLength }
            contentLength = length
        case 17 where name.equalsIgnoringCase("transfer-encoding"):
            noteCodings(value)
        default: break
        }
        return nil
    }

    private mutating func noteCodings(_ value: UnsafeRawBufferPointer) {
        codings += 1
        if value.isEmpty { hasUnknownCoding = true }
        value.forEachMember { coding in
            if coding.equalsIgnoringCase("chunked"), !isChunked {
                isChunked = true
            } else {
                hasUnknownCoding = true
            }
        }
    }

    /// Decides at the end of the head (RFC 9112 section 6.3).
    func settle(_ request: HTTPRequest) -> HTTPViolation? {
        if hosts > 1 { return .duplicateHost }
        if hostIsBad { return .badHost }
        if hosts == 0, request.minorVersion == 1 { return .missingHost }
        if codings > 0 {
            if request.minorVersion == 0 { return .transferEncodingInHTTP10 }
            if contentLength != nil { return .lengthAndTransferEncoding }
            // Without chunked in the one field the end cannot be found; with others beside it the content cannot be read.
            if codings > 1 || !isChunked { return .badTransferEncoding }
            if hasUnknownCoding { return .unknownTransferCoding }
            request.framing = .chunked
        } else if let contentLength, contentLength > 0 {
            request.framing = .length(contentLength)
        }
        if request.minorVersion == 0 { request.expectsContinue = false }
        request.isKeptAlive = !saysClose && (request.minorVersion == 1 || saysKeepAlive)
        return nil
    }

    /// Digits only, and a number that fits: `+5`, `5,5`, `0x5`, `5 ` and the empty text are none.
    static func decimal(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard !bytes.isEmpty else { return nil }
        var value = 0
        for byte in bytes {
            guard HTTPCharacter.isDigit(byte) else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int(byte - 0x30))
            if overflow || carry { return nil }
            value = sum
        }
        return value
    }
}
