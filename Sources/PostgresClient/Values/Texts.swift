extension String: PostgresEncodable, PostgresDecodable {
    /// Inferred, so that a comparison with a citext column stays one without case.
    @inlinable public static var parameterType: PostgresType { .inferred }
    @inlinable public static var elementType: PostgresType { .text }
    @inlinable public func encode(into buffer: inout ParameterBuffer) { buffer.append(utf8: self) }
    @inlinable public static func accepts(_ type: PostgresType) -> Bool {
        type == .text || type == .varchar || type == .bpchar || type == .name || type.isUserDefined
    }
    @inlinable public init?(cell: UnsafeRawBufferPointer) { self = String(decoding: cell, as: UTF8.self) }
    @inlinable public static var blank: String { "" }
}

/// A closed set of texts: an enum whose raw values are what the column holds.
public protocol PostgresEnumeration: PostgresEncodable, PostgresDecodable, CaseIterable, RawRepresentable
where RawValue == String {}

extension PostgresEnumeration {
    @inlinable public static var parameterType: PostgresType { .inferred }
    @inlinable public static var elementType: PostgresType { .text }
    @inlinable public func encode(into buffer: inout ParameterBuffer) { buffer.append(utf8: rawValue) }
    @inlinable public static func accepts(_ type: PostgresType) -> Bool { String.accepts(type) }
    @inlinable public init?(cell: UnsafeRawBufferPointer) {
        self.init(rawValue: String(decoding: cell, as: UTF8.self))
    }
    public static var blank: Self {
        guard let first = allCases.first else { preconditionFailure("an enumeration has cases") }
        return first
    }
}

/// A bytea.
public struct Bytes: PostgresEncodable, PostgresDecodable, Hashable {
    public var content: [UInt8]
    @inlinable public init(_ content: [UInt8]) { self.content = content }

    @inlinable public static var parameterType: PostgresType { .bytea }
    @inlinable public func encode(into buffer: inout ParameterBuffer) {
        content.withUnsafeBytes { buffer.append(bytes: $0) }
    }
    @inlinable public static func accepts(_ type: PostgresType) -> Bool { type == .bytea }
    @inlinable public init?(cell: UnsafeRawBufferPointer) { content = [UInt8](cell) }
    @inlinable public static var blank: Bytes { Bytes([]) }
}

/// The text of a jsonb or json value, neither parsed nor checked.
public struct JSONText: PostgresEncodable, PostgresDecodable, Hashable {
    public var text: String
    @inlinable public init(_ text: String) { self.text = text }

    @inlinable public static var parameterType: PostgresType { .jsonb }
    @inlinable public func encode(into buffer: inout ParameterBuffer) {
        // The version of jsonb's binary format: https://github.com/postgres/postgres/blob/REL_15_STABLE/src/backend/utils/adt/jsonb.c
        buffer.append(UInt8(1))
        buffer.append(utf8: text)
    }
    @inlinable public static func accepts(_ type: PostgresType) -> Bool { type == .jsonb || type == .json }
    @inlinable public init?(cell: UnsafeRawBufferPointer) {
        let start = cell.first == 1 ? 1 : 0
        text = String(decoding: UnsafeRawBufferPointer(rebasing: cell[start...]), as: UTF8.self)
    }
    @inlinable public static var blank: JSONText { JSONText("null") }
}
