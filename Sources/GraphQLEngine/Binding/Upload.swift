public import GraphQLSchema

/// A file that came with a request: the Swift type of `scalar Upload @swift(type: "Upload")`.
///
/// What it says of itself is what the client said, which may be anything. Its bytes are in a file without a name in any
/// folder, which is gone with the request, or with the last `Upload` that somebody still holds.
public struct Upload: InputDecodable, OutputLeaf {
    /// As the client named it; empty when it did not. No path to write to.
    public let fileName: String
    /// The media type the client claims; `application/octet-stream` when it claims none.
    public let contentType: String
    public let size: Int
    /// Where this process can open the file to read it, as long as an `Upload` of it is held.
    public let path: String
    private let read: @Sendable (Range<Int>) async throws -> [UInt8]

    /// - Parameter read: reads a range of the bytes without holding up a loop; keeps the file.
    public init(
        fileName: String,
        contentType: String,
        size: Int,
        path: String,
        read: @escaping @Sendable (Range<Int>) async throws -> [UInt8]
    ) {
        self.fileName = fileName
        self.contentType = contentType
        self.size = size
        self.path = path
        self.read = read
    }

    /// The bytes of the range, as far as the file has them; without a range all of them.
    public func bytes(_ range: Range<Int>? = nil) async throws -> [UInt8] {
        let range = (range ?? 0..<size).clamped(to: 0..<size)
        return range.isEmpty ? [] : try await read(range)
    }

    /// A file that is answered is answered by its name.
    public func write(to buffer: inout ResponseBuffer) { buffer.write(fileName) }

    /// The value is the key under which the transport has put the file beside the request, which nobody else can know.
    public static func decode(_ value: InputItem, _ decoder: inout InputDecoder) -> Upload? {
        guard case .string(let key) = value, let upload = decoder.uploads[key] else {
            return decoder.refuse("a file, sent by a multipart request")
        }
        return upload
    }
}
