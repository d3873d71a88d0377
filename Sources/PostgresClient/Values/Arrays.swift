// One-dimensional arrays: https://github.com/postgres/postgres/blob/REL_15_STABLE/src/backend/utils/adt/arrayfuncs.c,
// array_recv. A header of dimensions, a flag and the type of the elements, then for the dimension its length and lower
// bound, then for each element its length, -1 for null, and its bytes.

extension Array: PostgresEncodable where Element: PostgresEncodable {
    @inlinable public static var parameterType: PostgresType {
        Element.elementType.array ?? .inferred
    }

    @inlinable public func encode(into buffer: inout ParameterBuffer) {
        buffer.append(Int32(isEmpty ? 0 : 1))
        buffer.append(Int32(1))
        buffer.append(Element.elementType.oid)
        guard !isEmpty else { return }
        buffer.append(Int32(truncatingIfNeeded: count))
        buffer.append(Int32(1))
        for element in self { buffer.append(element: element) }
    }
}

extension Array: PostgresDecodable where Element: PostgresDecodable {
    @inlinable public static func accepts(_ type: PostgresType) -> Bool {
        type.isUserDefined || ArrayTypes.element(of: type).map(Element.accepts) == true
    }

    @inlinable public init?(cell: UnsafeRawBufferPointer) {
        guard cell.count >= 12 else { return nil }
        let dimensions = cell.bigEndian(as: Int32.self)
        if dimensions == 0 {
            self = []
            return
        }
        guard dimensions == 1, cell.count >= 20 else { return nil }
        guard Element.accepts(PostgresType(cell.bigEndian(8, as: UInt32.self))) else { return nil }
        let count = Int(cell.bigEndian(12, as: Int32.self))
        // Each element takes four bytes at least: a count beyond that is no reason to take memory.
        guard count >= 0, count <= (cell.count - 20) / 4 else { return nil }
        self = []
        reserveCapacity(count)
        var offset = 20
        for _ in 0..<count {
            guard offset + 4 <= cell.count else { return nil }
            let length = Int(cell.bigEndian(offset, as: Int32.self))
            offset += 4
            guard length >= 0, offset + length <= cell.count else { return nil }
            let bytes = UnsafeRawBufferPointer(rebasing: cell[offset..<(offset + length)])
            guard let element = Element(cell: bytes) else { return nil }
            append(element)
            offset += length
        }
    }

    @inlinable public static var blank: [Element] { [] }
}

@usableFromInline enum ArrayTypes {
    @usableFromInline static func element(of array: PostgresType) -> PostgresType? { elements[array] }

    private static let elements: [PostgresType: PostgresType] = {
        let numbers: [UInt32] = [
            16, 17, 19, 20, 21, 23, 25, 114, 700, 701, 869, 1_042, 1_043, 1_082, 1_083, 1_184, 1_186, 1_700, 2_950,
            3_802,
        ]
        var elements: [PostgresType: PostgresType] = [:]
        for number in numbers {
            if let array = PostgresType(number).array { elements[array] = PostgresType(number) }
        }
        return elements
    }()
}
