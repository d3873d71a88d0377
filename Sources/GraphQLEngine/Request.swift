public import GraphQLLanguage
public import GraphQLSchema

/// What a client asks: https://spec.graphql.org/September2025/#sec-Executing-Requests
public struct Request: Sendable {
    /// The document's UTF-8 text.
    public var document: [UInt8]
    public var operationName: String?
    /// An object, or null.
    public var variables: Value
    /// What an error does to the data around it.
    public var onError: ErrorBehavior
    /// Files that came with the request, by the strings that stand for them among the variables.
    public var uploads: [String: Upload]
    /// Whether the client wants to know how its request was executed; the engine tells if its options let it.
    public var asksForTrace: Bool

    public init(
        document: [UInt8],
        operationName: String? = nil,
        variables: Value = .null,
        onError: ErrorBehavior = .propagate,
        uploads: [String: Upload] = [:],
        asksForTrace: Bool = false
    ) {
        self.document = document
        self.operationName = operationName
        self.variables = variables
        self.onError = onError
        self.uploads = uploads
        self.asksForTrace = asksForTrace
    }
}

/// A request whose document is valid and says which operation to run; its variables are not looked at yet.
public struct PreparedRequest: Sendable {
    let document: PreparedDocument
    let operation: PreparedOperation
    let variables: Value
    let onError: ErrorBehavior
    let uploads: [String: Upload]
    let asksForTrace: Bool
    let view: SchemaView

    public var operationType: OperationType { operation.type }
    /// Whether the answer comes in parts if the client takes them: `@defer` or `@stream` stands in the operation.
    public var mayBeIncremental: Bool { operation.mayBeIncremental }
    /// The operation's name in the document; empty when it has none.
    public var operationName: String { operation.name }
    /// Tells it from the other operations that this process has seen, by the document's text and by its place there.
    public var operationKey: Int { document.hash &+ Int(operation.node) &* 0x9e37_79b9 }
    /// The document as it was sent, for as long as the request is about.
    public var documentText: [UInt8] { document.document.bytes }
}

/// What comes of looking at a request.
public enum Preparation: Sendable {
    case ready(PreparedRequest)
    /// The request cannot run: the answer says why.
    case refused(Response)
}

/// The request parameter `onError` of the working draft.
public enum ErrorBehavior: String, Sendable {
    /// A null where none may be takes its parent with it.
    case propagate = "PROPAGATE"
    /// An error makes its own position null, whatever its type, and nothing else.
    case null = "NULL"
    /// The first error makes the whole data null.
    case halt = "HALT"
}

/// An answer, and what a transport has to know about it.
public struct Response: Sendable {
    /// The whole response as JSON.
    public let body: ResponseBody
    public let outcome: Outcome
    /// Whether the body has a `data` member, be it null.
    public let hasData: Bool
    /// Whether more parts of the answer follow.
    public let hasNext: Bool

    /// An answer with data, or a later part of one.
    init(_ buffer: consuming ResponseBuffer, _ outcome: Outcome, hasNext: Bool = false) {
        body = ResponseBody(buffer)
        self.outcome = outcome
        hasData = true
        self.hasNext = hasNext
    }

    /// The answer to a request that is refused before it runs.
    public init(refusing errors: [GraphQLError], _ outcome: Outcome = .invalidRequest) {
        var buffer = ResponseBuffer()
        buffer.write(byte: UInt8(ascii: "{"))
        buffer.write(errors: errors)
        buffer.write(byte: UInt8(ascii: "}"))
        body = ResponseBody(buffer)
        self.outcome = outcome
        hasData = false
        hasNext = false
    }

    /// Reads the list of errors alone, as JSON, of an answer without data: protocols of events send it by itself.
    public func withErrorList<Result>(_ read: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result? {
        guard !hasData else { return nil }
        return try body.withBytes { bytes in
            try read(UnsafeRawBufferPointer(rebasing: bytes["{\"errors\":".utf8.count..<(bytes.count - 1)]))
        }
    }

    /// A copy of the body.
    public var bytes: [UInt8] { body.withBytes(Array.init) }

    public enum Outcome: Sendable, Equatable {
        /// The document is no GraphQL.
        case syntaxError
        /// The document breaks a rule, a limit, or does not say which operation to run.
        case invalidRequest
        /// The variables do not fit.
        case invalidVariables
        /// The context did not let it in.
        case throttled
        /// The operation ran; `hasErrors` tells whether any field failed.
        case executed(hasErrors: Bool)
    }
}

/// The finished bytes of a response; as many connections as want can send them.
public final class ResponseBody: Sendable {
    private let buffer: FinishedBuffer

    init(_ buffer: consuming ResponseBuffer) { self.buffer = FinishedBuffer(buffer) }

    public var count: Int { buffer.value.count }

    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try buffer.value.withBytes(body)
    }

    /// Unchecked because a buffer holds raw memory; from here on nobody can write to it.
    private struct FinishedBuffer: ~Copyable, @unchecked Sendable {
        let value: ResponseBuffer
        init(_ value: consuming ResponseBuffer) { self.value = value }
    }
}
