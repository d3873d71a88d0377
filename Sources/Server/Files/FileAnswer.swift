import Actions
import Data
import EventLoop
import FileStore
import GraphQLTransport
import HTTPServer
import PostgresClient

/// One file as an answer: all of it or a range, or that the client has it already.
///
/// Whatever the file holds, it cannot act in the name of the server: its type is what its bytes were found to be and the
/// browser is told not to guess; what could act is a download; and even what is shown is in a sandbox.
struct FileAnswer {
    private let file: FileLink.Opened
    private let crossOrigin: CrossOriginPolicy
    private let tag: String

    init(_ file: FileLink.Opened, _ crossOrigin: CrossOriginPolicy) {
        self.file = file
        self.crossOrigin = crossOrigin
        let digest = file.row.sha256?.content ?? []
        tag = "\"" + Hexadecimal.text(digest.prefix(16)) + "\""
    }

    func send(_ request: HTTPRequest, _ responder: HTTPResponder) async throws {
        var fields = try makeFields()
        crossOrigin.addFields(to: &fields, for: request)
        if request["if-none-match"].map({ EntityTags($0.string).matches(tag) }) ?? false {
            return responder.respond(.notModified, fields)
        }
        switch file.content {
        case .here(let content): try await send(content, fields, request, responder)
        case .elsewhere(let address):
            var fields = HTTPFields(["cache-control": "no-store", "referrer-policy": "no-referrer"])
            crossOrigin.addFields(to: &fields, for: request)
            try fields.append("location", address)
            responder.respond(.found, fields)
        }
    }

    private func send(
        _ content: DiskFile,
        _ given: HTTPFields,
        _ request: HTTPRequest,
        _ responder: HTTPResponder
    ) async throws {
        var fields = given
        let size = content.count
        switch ByteRange.wanted(by: request, of: size, tag: tag) {
        case .all: try await send(0..<size, of: content, .ok, fields, request, responder)
        case .some(let range):
            try fields.append("content-range", "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)")
            try await send(range, of: content, .partialContent, fields, request, responder)
        case .none:
            var refusal = HTTPFields(["cache-control": "no-store", "accept-ranges": "bytes"])
            try refusal.append("content-range", "bytes */\(size)")
            responder.respond(.rangeNotSatisfiable, refusal)
        }
    }

    /// Reads a piece only when the client has taken the one before.
    private func send(
        _ range: Range<Int>,
        of content: DiskFile,
        _ status: HTTPStatus,
        _ fields: HTTPFields,
        _ request: HTTPRequest,
        _ responder: HTTPResponder
    ) async throws {
        let stream = responder.stream(status, fields, contentLength: range.count)
        guard request.method != .head else { return stream.finish() }
        var position = range.lowerBound
        while position < range.upperBound {
            try await stream.writable()
            let bytes = try await file.read(position..<min(position + 65_536, range.upperBound), of: content)
            // A file that has become shorter: the answer is cut, which the client sees.
            if bytes.isEmpty { return }
            stream.write(bytes)
            position += bytes.count
        }
        stream.finish()
    }

    private func makeFields() throws -> HTTPFields {
        var fields = Self.fixed
        try fields.append("content-type", file.servedType)
        try fields.append("content-disposition", file.disposition)
        try fields.append("etag", tag)
        try fields.append("cache-control", "private, max-age=\(file.remainingSeconds)")
        return fields
    }

    private static let fixed = HTTPFields([
        "accept-ranges": "bytes",
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; sandbox",
        // Pages of the application, wherever they are, may show pictures; the address is the permission.
        "cross-origin-resource-policy": "cross-origin",
        "referrer-policy": "no-referrer",
        // Read only by pages that may read the answer at all.
        "access-control-expose-headers": "accept-ranges, content-disposition, content-range, etag",
    ])
}
