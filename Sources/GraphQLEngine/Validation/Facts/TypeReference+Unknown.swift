import GraphQLSchema

extension TypeReference {
    /// Stands where no type is known, because something before it is wrong.
    static let unknown = TypeReference(TypeID(-1))

    @inline(__always)
    var isKnown: Bool { type.rawValue >= 0 }
}
