import GraphQLEngine

final class RequestContext: ExecutionContext, @unchecked Sendable {}

extension Query {
    static func hello(in context: RequestContext) async throws -> String { "world" }
}

extension Mutation {
    static func upload(_ arguments: MutationUploadArguments, in context: RequestContext) async throws -> File {
        try await File(arguments.file)
    }

    static func uploadIfAny(
        _ arguments: MutationUploadIfAnyArguments,
        in context: RequestContext
    ) async throws -> File? {
        guard case .value(let file) = arguments.file else { return nil }
        return try await File(file)
    }

    static func uploadMany(
        _ arguments: MutationUploadManyArguments,
        in context: RequestContext
    ) async throws -> [File] {
        var files: [File] = []
        for file in arguments.files { files.append(try await File(file)) }
        return files
    }

    static func uploadNested(
        _ arguments: MutationUploadNestedArguments,
        in context: RequestContext
    ) async throws -> File {
        try await File(arguments.input.file, name: arguments.input.title)
    }
}

extension File {
    /// Reads the file piece by piece, so that its size does not matter.
    fileprivate init(_ upload: Upload, name: String? = nil) async throws {
        var sum: Int32 = 0
        var start = 0
        while start < upload.size {
            for byte in try await upload.bytes(start..<start + 65_536) { sum &+= Int32(byte) }
            start += 65_536
        }
        self.init(
            name: name ?? upload.fileName,
            contentType: upload.contentType,
            size: Int32(clamping: upload.size),
            beginning: String(decoding: try await upload.bytes(0..<100), as: UTF8.self),
            sum: sum
        )
    }
}
