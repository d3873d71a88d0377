/// What the header of a part says (RFC 7578 section 4).
struct MultipartHead: Equatable {
    let name: String
    let fileName: String?
    let contentType: String?

    /// - Parameter bytes: the fields, each but the last with its line end.
    init(_ bytes: ArraySlice<UInt8>) throws(MultipartViolation) {
        var disposition: FieldParameters?
        var contentType: String?
        for var line in bytes.split(separator: 0x0a, omittingEmptySubsequences: false) {
            if line.endIndex < bytes.endIndex {
                guard line.last == 0x0d else { throw .badHead }
                line.removeLast()
            }
            guard !line.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7f }),
                let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
                line[..<colon].allSatisfy(FieldParameters.isToken),
                let value = String(validating: line[(colon + 1)...], as: UTF8.self)
            else { throw .badHead }
            switch String(decoding: line[..<colon], as: UTF8.self).lowercased() {
            case "content-disposition":
                guard disposition == nil, let read = FieldParameters(value) else { throw .badHead }
                disposition = read
            case "content-type":
                guard contentType == nil, let read = FieldParameters(value) else { throw .badHead }
                contentType = read.value
            case "content-transfer-encoding":
                // Encodings are deprecated here: content that needs decoding would be taken for what it is not.
                guard let read = FieldParameters(value), ["binary", "7bit", "8bit"].contains(read.value) else {
                    throw .badHead
                }
            default: break
            }
        }
        guard let disposition, disposition.value == "form-data", let name = disposition["name"], !name.isEmpty else {
            throw .badHead
        }
        self.name = name
        fileName = disposition["filename"]
        self.contentType = contentType
    }
}

/// `value; name=token; name="text"`, as Content-Type and Content-Disposition have it.
struct FieldParameters: Equatable {
    /// In lower case.
    let value: String
    private var parameters: [String: String] = [:]

    /// Nil for a text that is not of this form, or says something twice.
    init?(_ text: String) {
        var rest = Substring(text)
        func skipBlanks() { rest = rest.drop { $0 == " " || $0 == "\t" } }
        skipBlanks()
        let first = rest.prefix { $0 != ";" && $0 != " " && $0 != "\t" }
        guard !first.isEmpty else { return nil }
        value = first.lowercased()
        rest = rest[first.endIndex...]
        skipBlanks()
        while rest.first == ";" {
            rest.removeFirst()
            skipBlanks()
            // Some clients end the list with a semicolon.
            if rest.isEmpty { break }
            let name = rest.prefix { $0.utf8.allSatisfy(Self.isToken) }.lowercased()
            rest = rest.dropFirst(name.count)
            guard !name.isEmpty, rest.first == "=" else { return nil }
            rest.removeFirst()
            guard let text = rest.first == "\"" ? Self.quoted(&rest) : Self.token(&rest),
                parameters.updateValue(text, forKey: name) == nil
            else { return nil }
            skipBlanks()
        }
        guard rest.isEmpty else { return nil }
    }

    subscript(name: String) -> String? { parameters[name] }

    private static func token(_ rest: inout Substring) -> String? {
        let token = rest.prefix { $0 != ";" && $0 != " " && $0 != "\t" && $0 != "\"" }
        rest = rest.dropFirst(token.count)
        return token.isEmpty ? nil : String(token)
    }

    /// A text in quotes. Browsers write `%22` for a quote and leave backslashes as they are; other clients escape both.
    private static func quoted(_ rest: inout Substring) -> String? {
        var text = ""
        rest.removeFirst()
        while let character = rest.popFirst() {
            if character == "\"" { return text }
            if character == "\\", let next = rest.first, next == "\"" || next == "\\" {
                text.append(next)
                rest.removeFirst()
            } else {
                text.append(character)
            }
        }
        return nil
    }

    static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
