public import GraphQLEngine
public import GraphQLSchema
internal import PostgresClient

/// A moment as clients see it: https://www.rfc-editor.org/rfc/rfc3339
public struct DateTime: Sendable, Hashable, OutputLeaf, InputDecodable {
    let microseconds: Int64

    init(microseconds: Int64) { self.microseconds = microseconds }
    init(_ time: Timestamp) { microseconds = time.microseconds }

    var timestamp: Timestamp { Timestamp(microseconds: microseconds) }

    public func write(to buffer: inout ResponseBuffer) { buffer.write(text) }

    public static func decode(_ value: InputItem, _ decoder: inout InputDecoder) -> DateTime? {
        guard case .string(let text) = value, let time = DateTime(text: text) else {
            return decoder.refuse("a moment by RFC 3339, such as 2026-01-15T10:30:00Z")
        }
        return time
    }

    /// `2026-01-15T10:30:00.000Z`
    var text: String { timestamp.rfc3339 }
}
