/// What is asked of another server.
package struct OutboundRequest: Sendable {
    package let method: String
    /// With `https` or `http`.
    package let url: String
    package var fields: [(name: String, value: String)] = []
    package var body: [UInt8] = []
    /// A body that is read piece by piece while it is sent, in place of `body`.
    package var bodySource: (any OutboundBodySource)?
    /// Takes the body of an answer with a status of success piece by piece; that of the response is empty then.
    package var sink: (any OutboundBodySink)?
    /// For all of it, waiting for a place included.
    package var deadline = Duration.seconds(10)
    /// Bytes of the answer's body; one that is longer is given up.
    package var maximumBytes = 1 << 20
    package var reach = Reach.publicOnly

    package init(_ method: String, _ url: String) {
        self.method = method
        self.url = url
    }

    /// Nothing of it can end a line of what is sent.
    var isWellFormed: Bool {
        let isMethod = !method.isEmpty && method.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")) ~= $0 }
        return isMethod && url.utf8.count <= 8_192 && url.utf8.allSatisfy { (0x21..<0x7f) ~= $0 }
            && fields.allSatisfy { field in
                !field.name.isEmpty && field.name.utf8.allSatisfy(Self.isTokenByte)
                    && field.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }
            }
    }

    /// https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

/// Bytes that are not in memory. Read on a loop, so that they should be near at hand.
package protocol OutboundBodySource: Sendable {
    var count: Int { get }
    /// How many bytes there were.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws -> Int
}

/// Takes bytes that should not stay in memory.
package protocol OutboundBodySink: Sendable {
    func write(_ bytes: UnsafeRawBufferPointer) throws
}

/// What another server has answered, whatever its status.
package struct OutboundResponse: Sendable {
    package let status: Int
    /// In their order, with names in lower case.
    package let fields: [(name: String, value: String)]
    package let body: [UInt8]

    /// The first field of this name, which is in lower case.
    package subscript(name: String) -> String? { fields.first { $0.name == name }?.value }
}
