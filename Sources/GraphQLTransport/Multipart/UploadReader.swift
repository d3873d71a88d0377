import EventLoop
import GraphQLEngine
import GraphQLSchema
import HTTPServer

/// Reads one multipart request: `operations`, then `map`, then the files, each to a file of its own as it comes.
struct UploadReader {
    /// What came, with keys in the operations where the files belong.
    struct Input {
        let operations: Value
        let uploads: [String: Upload]
    }

    /// The part whose content is being read.
    private enum Part {
        case none
        case operations([UInt8])
        case map([UInt8])
        case file(MultipartHead, TemporaryFile, size: Int)
    }

    private let limits: UploadLimits
    private let maximumOperations: Int
    private let pool: BlockingPool
    private var parser: MultipartParser
    private var part = Part.none
    private var operations: Value?
    private var map: UploadMap?
    private var files: [String: Upload] = [:]

    init(boundary: [UInt8], maximumOperations: Int, _ limits: UploadLimits, _ pool: BlockingPool) {
        self.limits = limits
        self.maximumOperations = maximumOperations
        self.pool = pool
        parser = MultipartParser(boundary: boundary, maximumHead: limits.maximumPartHead)
    }

    /// Reads to the end; throws what the client is to be told, or nil when it cannot be told anything.
    mutating func read(_ body: HTTPBodyStream) async throws(UploadFailure) -> Input {
        var total = 0
        while let bytes = try await next(body) {
            total += bytes.count
            guard total <= limits.maximumBytes else { throw .refused(limits.bodyTooLarge) }
            for event in try parsed(bytes) { try await handle(event) }
        }
        do { try parser.finish() } catch { throw .refused(.badForm(error.message)) }
        do throws(Refusal) { return try assembled() } catch { throw .refused(error) }
    }

    private func next(_ body: HTTPBodyStream) async throws(UploadFailure) -> [UInt8]? {
        do { return try await body.next() } catch { throw .gone }
    }

    private mutating func parsed(_ bytes: [UInt8]) throws(UploadFailure) -> [MultipartParser.Event] {
        do throws(MultipartViolation) { return try parser.next(bytes) } catch {
            throw .refused(.badForm(error.message))
        }
    }

    private mutating func handle(_ event: MultipartParser.Event) async throws(UploadFailure) {
        switch (event, part) {
        case (.head(let head), _): part = try await begin(head)
        case (.data(let bytes), .operations(var content)):
            guard content.count + bytes.count <= maximumOperations else {
                throw .refused(.formTooLarge("Part \"operations\" has at most \(maximumOperations) bytes."))
            }
            part = .none
            content += bytes
            part = .operations(content)
        case (.data(let bytes), .map(var content)):
            guard content.count + bytes.count <= limits.maximumMapBytes else {
                throw .refused(.formTooLarge("Part \"map\" has at most \(limits.maximumMapBytes) bytes."))
            }
            part = .none
            content += bytes
            part = .map(content)
        case (.data(let bytes), .file(let head, let file, let size)):
            guard size + bytes.count <= limits.maximumFileBytes else {
                throw .refused(.formTooLarge("A file has at most \(limits.maximumFileBytes) bytes."))
            }
            try await onPool { try file.write(bytes, at: size) }
            part = .file(head, file, size: size + bytes.count)
        case (.data, .none): break
        case (.partEnd, _):
            do throws(Refusal) { try end(part) } catch { throw .refused(error) }
            part = .none
        }
    }

    private func begin(_ head: MultipartHead) async throws(UploadFailure) -> Part {
        if operations == nil {
            guard head.name == "operations" else { throw .refused(.badForm("The first part must be \"operations\".")) }
            return .operations([])
        }
        guard let map else {
            guard head.name == "map" else { throw .refused(.badForm("The second part must be \"map\".")) }
            return .map([])
        }
        guard map.names.contains(head.name) else {
            throw .refused(.badForm("A part follows that part \"map\" does not name."))
        }
        guard files[head.name] == nil else { throw .refused(.badForm("A file is sent twice.")) }
        let folder = limits.folder
        return .file(head, try await onPool { try TemporaryFile(in: folder) }, size: 0)
    }

    private mutating func end(_ part: Part) throws(Refusal) {
        switch part {
        case .none: break
        case .operations(let content): operations = try Self.json(content, "operations")
        case .map(let content): map = try UploadMap(try Self.json(content, "map"), limits)
        case .file(let head, let file, let size):
            let pool = pool
            files[head.name] = Upload(
                fileName: head.fileName ?? "",
                contentType: head.contentType ?? "application/octet-stream",
                size: size,
                path: file.path
            ) { range in
                try await pool.run { try file.read(range) }
            }
        }
    }

    private func assembled() throws(Refusal) -> Input {
        guard var operations else { throw .badForm("There is no part \"operations\".") }
        guard let map else { throw .badForm("There is no part \"map\".") }
        var keys: [String: String] = [:]
        var uploads: [String: Upload] = [:]
        for name in map.names {
            guard let file = files[name] else { throw .badForm("A file that part \"map\" names is missing.") }
            // Nobody can write such a string into the operations, so that no file comes to where it does not belong.
            let key = "upload:\(UInt64.random(in: .min ... .max)):\(UInt64.random(in: .min ... .max))"
            keys[name] = key
            uploads[key] = file
        }
        try map.place(keys, in: &operations)
        return Input(operations: operations, uploads: uploads)
    }

    private static func json(_ content: [UInt8], _ name: String) throws(Refusal) -> Value {
        do { return try Value(json: content) } catch { throw .badForm("Part \"\(name)\" is not JSON: \(error)") }
    }

    private func onPool<Result: Sendable>(
        _ work: @escaping @Sendable () throws -> Result
    ) async throws(UploadFailure) -> Result {
        do { return try await pool.run(work) } catch is BlockingPool.Refusal {
            throw .refused(Refusal(.serviceUnavailable, "Too many uploads at a time.", code: "TOO_MANY_UPLOADS"))
        } catch {
            throw .refused(Refusal(.internalServerError, "The file could not be stored.", code: "INTERNAL"))
        }
    }
}

/// Why an upload is not executed.
enum UploadFailure: Error {
    case refused(Refusal)
    /// There is nobody left to tell: the client has gone, or the connection has already answered.
    case gone
}

extension UploadLimits {
    var bodyTooLarge: Refusal { .formTooLarge("A multipart request has at most \(maximumBytes) bytes.") }
}
