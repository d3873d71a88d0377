extension Int16: PostgresEncodable, PostgresDecodable {
    @inlinable public static var parameterType: PostgresType { .int2 }
    @inlinable public func encode(into buffer: inout ParameterBuffer) { buffer.append(self) }
    @inlinable public static func accepts(_ type: PostgresType) -> Bool { type == .int2 }
    @inlinable public init?(cell: UnsafeRawBufferPointer) {
        guard cell.count == 2 else { return nil }
        self = cell.bigEndian(as: Int16.self)
    }
    @inlinable public static var blank: Int16 { 0 }
}

extension Int32: PostgresEncodable, PostgresDecodable {
    @inlinable public static var parameterType: PostgresType { .int4 }
    @inlinable public func encode(into buffer: inout ParameterBuffer) { buffer.append(self) }
    @inlinable public static func accepts(_ type: PostgresType) -> Bool { type == .int4 || type == .int2 }
    @inlinable public init?(cell: UnsafeRawBufferPointer) {
        switch cell.count {
        case 4: self = cell.bigEndian(as: Int32.self)
        case 2: self = Int32(cell.bigEndian(as: Int16.self))
        default: return nil
        }
    }
    @inlinable public static var blank: Int32 { 0 }
}

extension Int64: PostgresEncodable, PostgresDecodable {
    @inlinable public static var parameterType: PostgresType { .int8 }
    @inlinable public func encode(into buffer: inout ParameterBuffer) { buffer.append(self) }
    @inlinable public static func accepts(_ type: PostgresType) -> Bool { Int.accepts(type) }
    @inlinable public init?(cell: UnsafeRawBufferPointer) {
        guard let number = Int(cell: cell) else { return nil }
        self = Int64(number)
    }
    @inlinable public static var blank: Int64 { 0 }
}

extension Int: PostgresEncodable, PostgresDecodable {
    @inlinable public static var parameterType: PostgresType { .int8 }
    @inlinable public func encode(into buffer: inout ParameterBuffer) { buffer.append(Int64(self)) }
    @inlinable public static func accepts(_ type: PostgresType) -> Bool {
        type == .int8 || type == .int4 || type == .int2
    }
    @inlinable public init?(cell: UnsafeRawBufferPointer) {
        switch cell.count {
        case 8: self = Int(cell.bigEndian(as: Int64.self))
        case 4: self = Int(cell.bigEndian(as: Int32.self))
        case 2: self = Int(cell.bigEndian(as: Int16.self))
        default: return nil
        }
    }
    @inlinable public static var blank: Int { 0 }
}

extension Float: PostgresEncodable, PostgresDecodable {
    @inlinable public static var parameterType: PostgresType { .float4 }
    @inlinable public func encode(into buffer: inout ParameterBuffer) { buffer.append(bitPattern) }
    @inlinable public static func accepts(_ type: PostgresType) -> Bool { type == .float4 }
    @inlinable public init?(cell: UnsafeRawBufferPointer) {
        guard cell.count == 4 else { return nil }
        self = Float(bitPattern: cell.bigEndian(as: UInt32.self))
    }
    @inlinable public static var blank: Float { 0 }
}

extension Double: PostgresEncodable, PostgresDecodable {
    @inlinable public static var parameterType: PostgresType { .float8 }
    @inlinable public func encode(into buffer: inout ParameterBuffer) { buffer.append(bitPattern) }
    @inlinable public static func accepts(_ type: PostgresType) -> Bool { type == .float8 || type == .float4 }
    @inlinable public init?(cell: UnsafeRawBufferPointer) {
        switch cell.count {
        case 8: self = Double(bitPattern: cell.bigEndian(as: UInt64.self))
        case 4: self = Double(Float(bitPattern: cell.bigEndian(as: UInt32.self)))
        default: return nil
        }
    }
    @inlinable public static var blank: Double { 0 }
}

extension Bool: PostgresEncodable, PostgresDecodable {
    @inlinable public static var parameterType: PostgresType { .bool }
    @inlinable public func encode(into buffer: inout ParameterBuffer) { buffer.append(UInt8(self ? 1 : 0)) }
    @inlinable public static func accepts(_ type: PostgresType) -> Bool { type == .bool }
    @inlinable public init?(cell: UnsafeRawBufferPointer) {
        guard cell.count == 1 else { return nil }
        self = cell[0] != 0
    }
    @inlinable public static var blank: Bool { false }
}
