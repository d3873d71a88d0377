package import EventLoop
internal import Glibc
package import OutboundHTTP

/// Files as objects of a bucket; on this machine is only what is on its way there.
///
/// What is left waits as `incoming/name`, and the first that is left stays: it is copied, not moved, when it is claimed, so
/// that whoever claims it at the same moment claims the same bytes. Readers are sent to addresses of the bucket itself.
package struct S3Storage: FileStorage {
    private let options: S3Options
    private let client: OutboundClient
    private let local: FolderStorage
    private let clock: @Sendable () -> Int

    /// - Parameter local: for what is on its way.
    package init(
        _ options: S3Options,
        through client: OutboundClient,
        local: FolderStorage,
        clock: @escaping @Sendable () -> Int = { Int(time(nil)) }
    ) {
        self.options = options
        self.client = client
        self.local = local
        self.clock = clock
    }

    package var pool: BlockingPool { local.pool }
    package var temporaryFolder: String { local.temporaryFolder }

    // MARK: Keeping

    package func keep(copyOf path: String, as key: String) async throws -> [UInt8] {
        try FolderStorage.check(key: key)
        guard let file = try await local.pool.run({ try DiskFile(path) }) else { throw DiskFailure("open", ENOENT) }
        return try await put(file, as: key)
    }

    package func newFile() async throws -> NewDiskFile { try await local.newFile() }

    package func leave(_ file: NewDiskFile, as name: String) async throws {
        try FolderStorage.check(name: name)
        let content = try await local.pool.run { try file.reading() }
        // 412: somebody has left it before.
        _ = try await put(content, as: "incoming/\(name)", [("if-none-match", "*")], alsoGood: [412])
    }

    package func claim(_ name: String, as key: String) async throws -> Bool {
        try FolderStorage.check(name: name)
        try FolderStorage.check(key: key)
        if try await ask("HEAD", key, alsoGood: [404]).status != 404 { return true }
        let source = S3Address("", "\(options.bucket)/incoming/\(name)").path
        let answer = try await ask("PUT", key, fields: [("x-amz-copy-source", source)], alsoGood: [404])
        if answer.status == 404 { return false }
        // A copy that breaks off after it has begun to answer says so in an answer that is otherwise good.
        let xml = S3Answer(answer.body)
        guard xml.kind == "CopyObjectResult" else { throw S3Failure(status: answer.status, code: xml.errorCode) }
        return true
    }

    private func put(
        _ file: DiskFile,
        as key: String,
        _ fields: [(name: String, value: String)] = [],
        alsoGood: Set<Int> = []
    ) async throws -> [UInt8] {
        let digest = try await local.pool.run { try file.digest() }
        _ = try await ask("PUT", key, fields: fields, file: file, digest: digest, alsoGood: alsoGood)
        return digest
    }

    // MARK: Reading

    package func open(_ key: String) async throws -> DiskFile? {
        try FolderStorage.check(key: key)
        let copy = try await local.newFile()
        guard try await ask("GET", key, into: copy, alsoGood: [404]).status != 404 else { return nil }
        return try await local.pool.run { try copy.reading() }
    }

    package func content(_ key: String, for reader: FileReader) async throws -> StoredContent? {
        try FolderStorage.check(key: key)
        let query = [
            (name: "response-content-type", value: reader.mediaType),
            (name: "response-content-disposition", value: reader.disposition),
        ]
        let address = S3Address(options.base, key, query)
        let method = reader.wantsHead ? "HEAD" : "GET"
        return .elsewhere(signature.address(method, address, forSeconds: reader.seconds))
    }

    // MARK: Removing

    package func remove(_ keys: [String]) async throws {
        for key in keys {
            try FolderStorage.check(key: key)
            _ = try await ask("DELETE", key, alsoGood: [404])
        }
    }

    package func removeLeftovers(olderThan seconds: Int, limit: Int) async throws -> Int {
        var removed = try await local.removeLeftovers(olderThan: seconds, limit: limit)
        let before = S3Signature.text(of: clock() - seconds)
        var page: String?
        repeat {
            var query = [(name: "list-type", value: "2"), (name: "prefix", value: "incoming/")]
            if let page { query.append(("continuation-token", page)) }
            let answer = S3Answer(try await ask("GET", "", query: query).body)
            for object in answer.objects where removed < limit {
                // The same order as in texts without punctuation.
                let changedAt = object.changedAt.filter { $0.isNumber || $0 == "T" }.prefix(15)
                guard object.key.hasPrefix("incoming/"), changedAt < before.dropLast() else { continue }
                _ = try await ask("DELETE", object.key, alsoGood: [404])
                removed += 1
            }
            page = answer.nextPage
        } while page != nil && removed < limit
        return removed
    }

    // MARK: Requests

    private var signature: S3Signature {
        S3Signature(
            region: options.region,
            accessKey: options.accessKey,
            secretKey: options.secretKey,
            seconds: clock()
        )
    }

    private func ask(
        _ method: String,
        _ key: String,
        query: [(name: String, value: String)] = [],
        fields: [(name: String, value: String)] = [],
        file: DiskFile? = nil,
        digest: [UInt8]? = nil,
        into sink: NewDiskFile? = nil,
        alsoGood: Set<Int> = []
    ) async throws -> OutboundResponse {
        let address = S3Address(options.base, key, query)
        var request = OutboundRequest(method, address.text)
        request.fields = signature.fields(
            method,
            address,
            fields,
            payload: Hexadecimal.text(digest ?? S3Hash.sha256(""))
        )
        request.bodySource = file
        request.sink = sink
        request.deadline = .seconds(options.transferSeconds)
        request.maximumBytes = sink == nil ? 4 << 20 : 1 << 40
        // Which bucket it is was configured, and it may be one of the same network.
        request.reach = .anywhere
        let answer = try await client.send(request)
        guard (200..<300).contains(answer.status) || alsoGood.contains(answer.status) else {
            throw S3Failure(status: answer.status, code: S3Answer(answer.body).errorCode)
        }
        return answer
    }
}

/// What S3 refused.
package struct S3Failure: Error, Equatable, CustomStringConvertible {
    package let status: Int
    package let code: String?

    package var description: String { "S3 answered \(status) \(code ?? "")" }
}

extension DiskFile: OutboundBodySource {}
extension NewDiskFile: OutboundBodySink {}
