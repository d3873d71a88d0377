/// The number of a named type in its schema.
@frozen public struct TypeID: Hashable, Sendable, Comparable {
    public let rawValue: Int32

    @inlinable public init(_ index: Int) { rawValue = Int32(truncatingIfNeeded: index) }
    @inlinable public var index: Int { Int(rawValue) }
    @inlinable public static func < (left: TypeID, right: TypeID) -> Bool { left.rawValue < right.rawValue }
}

/// A named type inside lists and non-null marks, such as `[[Int!]]!`, in two machine words.
@frozen public struct TypeReference: Hashable, Sendable {
    /// More lists in each other than this are refused when a schema is built.
    public static let maximumListDepth = 62

    public let type: TypeID
    /// How many lists stand around the named type.
    public let listDepth: UInt8
    /// Bit 0 is the outermost position: it is set where that position is non-null.
    @usableFromInline let nonNull: UInt64

    @inlinable public init(_ type: TypeID) {
        self.init(type: type, listDepth: 0, nonNull: 0)
    }

    @inlinable init(type: TypeID, listDepth: UInt8, nonNull: UInt64) {
        self.type = type
        self.listDepth = listDepth
        self.nonNull = nonNull
    }

    @inlinable public var isNonNull: Bool { nonNull & 1 != 0 }
    @inlinable public var isList: Bool { listDepth > 0 }

    /// The same type without its outermost `!`.
    @inlinable public var nullable: TypeReference {
        TypeReference(type: type, listDepth: listDepth, nonNull: nonNull & ~1)
    }

    /// The same type with `!`.
    @inlinable public var required: TypeReference {
        TypeReference(type: type, listDepth: listDepth, nonNull: nonNull | 1)
    }

    /// What a list holds; the reference must be a list.
    @inlinable public var element: TypeReference {
        TypeReference(type: type, listDepth: listDepth - 1, nonNull: nonNull >> 1)
    }

    /// A list of this type.
    @inlinable public var list: TypeReference {
        TypeReference(type: type, listDepth: listDepth + 1, nonNull: nonNull << 1)
    }
}
