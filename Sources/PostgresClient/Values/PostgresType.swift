/// The number by which PostgreSQL knows a type: https://www.postgresql.org/docs/15/datatype-oid.html
public struct PostgresType: Sendable, Hashable {
    public let oid: UInt32
    @inlinable public init(_ oid: UInt32) { self.oid = oid }

    /// Left to the server, which infers it from where the parameter stands.
    @inlinable public static var inferred: PostgresType { PostgresType(0) }
    @inlinable public static var bool: PostgresType { PostgresType(16) }
    @inlinable public static var bytea: PostgresType { PostgresType(17) }
    @inlinable public static var name: PostgresType { PostgresType(19) }
    @inlinable public static var int8: PostgresType { PostgresType(20) }
    @inlinable public static var int2: PostgresType { PostgresType(21) }
    @inlinable public static var int4: PostgresType { PostgresType(23) }
    @inlinable public static var text: PostgresType { PostgresType(25) }
    @inlinable public static var json: PostgresType { PostgresType(114) }
    @inlinable public static var float4: PostgresType { PostgresType(700) }
    @inlinable public static var float8: PostgresType { PostgresType(701) }
    @inlinable public static var inet: PostgresType { PostgresType(869) }
    @inlinable public static var bpchar: PostgresType { PostgresType(1_042) }
    @inlinable public static var varchar: PostgresType { PostgresType(1_043) }
    @inlinable public static var date: PostgresType { PostgresType(1_082) }
    @inlinable public static var time: PostgresType { PostgresType(1_083) }
    @inlinable public static var timestamptz: PostgresType { PostgresType(1_184) }
    @inlinable public static var interval: PostgresType { PostgresType(1_186) }
    @inlinable public static var numeric: PostgresType { PostgresType(1_700) }
    @inlinable public static var uuid: PostgresType { PostgresType(2_950) }
    @inlinable public static var jsonb: PostgresType { PostgresType(3_802) }

    /// The array of these; nil for types without a number that never changes.
    public var array: PostgresType? {
        switch oid {
        case 16: PostgresType(1_000)
        case 17: PostgresType(1_001)
        case 19: PostgresType(1_003)
        case 20: PostgresType(1_016)
        case 21: PostgresType(1_005)
        case 23: PostgresType(1_007)
        case 25: PostgresType(1_009)
        case 114: PostgresType(199)
        case 700: PostgresType(1_021)
        case 701: PostgresType(1_022)
        case 869: PostgresType(1_041)
        case 1_042: PostgresType(1_014)
        case 1_043: PostgresType(1_015)
        case 1_082: PostgresType(1_182)
        case 1_083: PostgresType(1_183)
        case 1_184: PostgresType(1_185)
        case 1_186: PostgresType(1_187)
        case 1_700: PostgresType(1_231)
        case 2_950: PostgresType(2_951)
        case 3_802: PostgresType(3_807)
        default: nil
        }
    }

    /// Made by an extension or a user: citext and enums are texts on the wire, and have numbers of their own.
    @inlinable public var isUserDefined: Bool { oid >= 16_384 }
}
