import GraphQLLanguage
import GraphQLSchema

extension Facts {
    /// Whether a field is selected on an object type. Fields on two different ones are never answered together.
    func isOnObject(_ field: FieldFact) -> Bool { field.parent >= 0 && index.kinds[Int(field.parent)] == .object }

    /// What a field returns, where that takes part in merging: meta-fields do not.
    func mergedType(of field: FieldFact) -> TypeReference {
        guard field.definition >= 0 else { return .unknown }
        let definition = index.fields[Int(field.definition)]
        return definition.isMetaField ? .unknown : definition.type
    }

    /// Whether values of two types cannot stand in the same place of a response. Objects can: their fields are compared.
    ///
    /// https://spec.graphql.org/September2025/#SameResponseShape()
    func haveDifferentShapes(_ left: TypeReference, _ right: TypeReference) -> Bool {
        guard left.isKnown, right.isKnown, left != right else { return false }
        var one = left
        var other = right
        while true {
            if one.isNonNull != other.isNonNull || one.isList != other.isList { return true }
            guard one.isList else { break }
            one = one.element
            other = other.element
        }
        return one.type != other.type && (index.isLeaf(one.type.rawValue) || index.isLeaf(other.type.rawValue))
    }
}
