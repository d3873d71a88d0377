/// The fields of a response, already in wire form, so that a set used again and again is built once.
public struct HTTPFields: Sendable {
    /// Why a field was refused.
    public enum Refusal: Error, Equatable {
        /// The name is no token.
        case badName
        /// A control character, such as the line end of a response-splitting attack.
        case badValue
        /// The server itself writes this field.
        case ownedByServer
    }

    public static let none = HTTPFields()

    private(set) var bytes: [UInt8] = []
    /// Whether the content type is worth compressing.
    private(set) var isCompressible = false
    private(set) var hasContentEncoding = false

    public init() {}

    /// For fields known when the program is written. A bad one is a mistake in the program.
    public init(_ fields: KeyValuePairs<StaticString, StaticString>) {
        for (name, value) in fields {
            do { try append(name, value.description) } catch {
                preconditionFailure("field \(name) cannot be sent: \(error)")
            }
        }
    }

    /// Adds a field whose value may come from anywhere. The name is to be written in lower case.
    public mutating func append(_ name: StaticString, _ value: String) throws(Refusal) {
        let nameBytes = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        guard !nameBytes.isEmpty, nameBytes.allSatisfy(HTTPCharacter.isToken) else { throw .badName }
        for owned in HTTPFields.owned where nameBytes.equalsIgnoringCase(owned) { throw .ownedByServer }
        var value = value
        let isBad = value.withUTF8 { HTTPFieldLine.containsControl(UnsafeRawBufferPointer($0)) }
        if isBad { throw .badValue }
        if nameBytes.equalsIgnoringCase("content-type") { isCompressible = HTTPFields.isTextual(value) }
        if nameBytes.equalsIgnoringCase("content-encoding") { hasContentEncoding = true }
        bytes += nameBytes
        bytes += [0x3a, 0x20]
        bytes += value.utf8
        bytes += [0x0d, 0x0a]
    }

    private static let owned: [StaticString] = ["content-length", "transfer-encoding", "connection", "date"]

    /// Text, JSON and XML shrink; images and archives do not.
    private static func isTextual(_ type: String) -> Bool {
        let essence = type.prefix { $0 != ";" }.lowercased()
        return essence.hasPrefix("text/") || essence.hasSuffix("json") || essence.hasSuffix("xml")
            || essence.hasSuffix("javascript")
    }
}
