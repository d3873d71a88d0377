@testable import HTTPServer

/// What a parser made of some input, in a form that does not depend on how the input was split.
struct ParserOutcome: Equatable {
    struct Message: Equatable {
        var line = ""
        var fields: [String] = []
        var body: [UInt8] = []
        var isComplete = false
    }

    var messages: [Message] = []
    var violation: HTTPViolation?

    /// Feeds the pieces one after another.
    init(_ pieces: [[UInt8]], limits: HTTPServerConfiguration = HTTPServerConfiguration()) {
        var parser = HTTPRequestParser(limits)
        let pool = HTTPRequestPool()
        for piece in pieces {
            piece.withUnsafeBytes { bytes in
                var position = 0
                while read(&parser, bytes, &position, pool) {}
            }
        }
    }

    init(_ text: String, limits: HTTPServerConfiguration = HTTPServerConfiguration()) {
        self.init([Array(text.utf8)], limits: limits)
    }

    private mutating func read(
        _ parser: inout HTTPRequestParser,
        _ bytes: UnsafeRawBufferPointer,
        _ position: inout Int,
        _ pool: HTTPRequestPool
    ) -> Bool {
        switch parser.next(bytes, &position, pool: pool) {
        case .needMore: return false
        case .head(let request):
            messages.append(
                Message(
                    line: "\(request.method) \(request.path.string) \(request.query?.string ?? "-") "
                        + "\(request.authority?.string ?? "-") 1.\(request.minorVersion)",
                    fields: request.allFields.map { "\($0.name.string)=\($0.value.string)" },
                    isComplete: request.framing == .none
                )
            )
        case .body(let range): messages[messages.count - 1].body += bytes[range]
        case .end: messages[messages.count - 1].isComplete = true
        case .violation(let violation):
            self.violation = violation
            return false
        }
        return true
    }
}

/// The text as one piece, and cut in two at every place, and in single bytes.
func everySplit(of text: String) -> [[[UInt8]]] {
    let bytes = Array(text.utf8)
    return [[bytes], bytes.map { [$0] }] + (1..<max(2, bytes.count)).map { [Array(bytes[..<$0]), Array(bytes[$0...])] }
}
