public import EventLoop

/// One request: the head as it came, indexed, and the body when it was collected.
///
/// The object and its memory are used again for a later request once nobody holds it any more.
/// `@unchecked Sendable`: written by its connection until a handler gets it, and never after that. So no two accesses to
/// what the parser fills can meet, and those are not checked for it: they are most of what a head costs.
public final class HTTPRequest: @unchecked Sendable {
    /// How the end of the body is found.
    enum Framing: Equatable {
        case none
        case length(Int)
        case chunked
    }

    /// A piece of `bytes`.
    struct Slice {
        var start: UInt32 = 0
        var end: UInt32 = 0

        var count: Int { Int(end - start) }
        var range: Range<Int> { Int(start)..<Int(end) }
    }

    struct Field {
        let name: Slice
        let value: Slice
    }

    /// Other modules would check the access to a stored property, whatever this one says of it.
    public internal(set) var method: HTTPMethod {
        get { parsedMethod }
        set { parsedMethod = newValue }
    }
    @exclusivity(unchecked) private var parsedMethod = HTTPMethod.get
    /// 1 for HTTP/1.1, 0 for HTTP/1.0.
    @exclusivity(unchecked) public internal(set) var minorVersion = 1
    /// Where the request came from; nil only for a parser without a connection.
    @exclusivity(unchecked) public internal(set) var peer: SocketAddress?
    /// Whether it came over TLS.
    @exclusivity(unchecked) public internal(set) var isEncrypted = false
    /// The bytes of a streamed body, for a handler whose policy asked for a stream.
    @exclusivity(unchecked) public internal(set) var bodyStream: HTTPBodyStream?

    @exclusivity(unchecked) var bytes = ByteBuffer()
    @exclusivity(unchecked) var fields: ContiguousArray<Field> = []
    @exclusivity(unchecked) var targetSlice = Slice()
    @exclusivity(unchecked) var pathSlice = Slice()
    @exclusivity(unchecked) var querySlice: Slice?
    @exclusivity(unchecked) var authoritySlice: Slice?
    @exclusivity(unchecked) var framing = Framing.none
    @exclusivity(unchecked) var isKeptAlive = true
    @exclusivity(unchecked) var expectsContinue = false
    @exclusivity(unchecked) var collectedBody = ByteBuffer()
    /// Told apart by this, where requests are identified.
    @exclusivity(unchecked) var number: UInt64 = 0
    /// The id the client gave.
    @exclusivity(unchecked) var idSlice: Slice?
    /// When its first byte came, for the access log.
    @exclusivity(unchecked) var startTime: UInt64 = 0

    init() {}

    /// The target as sent, such as `/search?q=1`.
    public var target: HTTPBytes { view(targetSlice) }
    /// The path as sent, not decoded; `*` for the asterisk form of OPTIONS.
    public var path: HTTPBytes { view(pathSlice) }
    /// What follows the first `?`, not decoded.
    public var query: HTTPBytes? { querySlice.map(view) }
    /// Host and port: of the target in absolute form, else of the Host field.
    public var authority: HTTPBytes? { authoritySlice.map(view) }

    /// The length the client announced; nil for a chunked body.
    public var contentLength: Int? {
        switch framing {
        case .none: 0
        case .length(let length): length
        case .chunked: nil
        }
    }

    /// The value of the first field of that name, which is to be written in lower case.
    public subscript(name: StaticString) -> HTTPBytes? { place(of: name).map { view(fields[$0].value) } }

    /// The value of the field of that name, if there is one only.
    public func sole(_ name: StaticString) -> HTTPBytes? {
        guard let place = place(of: name), self.place(of: name, from: place + 1) == nil else { return nil }
        return view(fields[place].value)
    }

    /// The values of all fields of that name.
    public func values(_ name: StaticString) -> [HTTPBytes] {
        var values: [HTTPBytes] = []
        var start = 0
        while let place = place(of: name, from: start) {
            values.append(view(fields[place].value))
            start = place + 1
        }
        return values
    }

    /// All fields in the order they came.
    public var allFields: [(name: HTTPBytes, value: HTTPBytes)] {
        fields.map { (view($0.name), view($0.value)) }
    }

    /// Whether any field of that name lists the member, in any case.
    public func has(_ name: StaticString, member: StaticString) -> Bool {
        values(name).contains { $0.withUnsafeBytes { $0.hasMember(member) } }
    }

    /// Where the next field of that name is. Names are looked at as bytes: most are told apart by their length.
    func place(of name: StaticString, from start: Int = 0) -> Int? {
        bytes.withUnsafeBytes { all in
            for place in start..<fields.count {
                let slice = fields[place].name
                guard slice.count == name.utf8CodeUnitCount else { continue }
                if UnsafeRawBufferPointer(rebasing: all[slice.range]).equalsIgnoringCase(name) { return place }
            }
            return nil
        }
    }

    /// The collected body; the pointer is valid inside `read` only.
    public func withBody<Result>(_ read: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try collectedBody.withUnsafeBytes(read)
    }

    func view(_ slice: Slice) -> HTTPBytes { HTTPBytes(owner: self, start: slice.start, end: slice.end) }

    /// The memory of what came.
    var heldBytes: Int { bytes.capacity + collectedBody.capacity }

    /// Forgets everything for the next request; memory beyond `kept` bytes is given back.
    func reset(kept: Int) {
        if bytes.capacity > kept { bytes.release() } else { bytes.clear() }
        if collectedBody.capacity > kept { collectedBody.release() } else { collectedBody.clear() }
        fields.removeAll(keepingCapacity: true)
        method = .get
        minorVersion = 1
        peer = nil
        isEncrypted = false
        bodyStream = nil
        querySlice = nil
        authoritySlice = nil
        framing = .none
        isKeptAlive = true
        expectsContinue = false
        number = 0
        idSlice = nil
    }
}

/// Bytes of a request's head. Keeps the request, so that it may be held as long as needed.
public struct HTTPBytes: Sendable {
    let owner: HTTPRequest
    let start: UInt32
    let end: UInt32

    public var count: Int { Int(end - start) }
    /// The bytes as text; what is no UTF-8 becomes U+FFFD.
    public var string: String { withUnsafeBytes { $0.text } }

    public func equals(_ text: StaticString) -> Bool { withUnsafeBytes { $0.equals(text) } }
    public func equals(_ bytes: [UInt8]) -> Bool {
        withUnsafeBytes { own in bytes.withUnsafeBytes { own.equals($0) } }
    }
    /// Compares with a text in lower-case ASCII.
    public func equalsIgnoringCase(_ lowercase: StaticString) -> Bool {
        withUnsafeBytes { $0.equalsIgnoringCase(lowercase) }
    }

    public func withUnsafeBytes<Result>(_ read: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try owner.bytes.withUnsafeBytes { all in
            try read(UnsafeRawBufferPointer(rebasing: all[Int(start)..<Int(end)]))
        }
    }
}
