import GraphQLLanguage
import GraphQLSchema

extension Facts {
    func hasNonNullDefault(_ variable: VariableDefinitionFact) -> Bool {
        variable.defaultValue != 0 && nodes[Int(variable.defaultValue)].kind != .nullValue
    }

    /// https://spec.graphql.org/September2025/#IsVariableUsageAllowed()
    func isAllowed(_ use: VariableUseFact, _ variable: VariableDefinitionFact) -> Bool {
        guard use.type.isKnown, variable.type.isKnown else { return true }
        if use.type.isNonNull, !variable.type.isNonNull {
            guard use.hasDefault || hasNonNullDefault(variable) else { return false }
            return variable.type.isSubtype(of: use.type.nullable)
        }
        return variable.type.isSubtype(of: use.type)
    }

    /// A field of a `@oneOf` input object takes no variable that may be null. (graphql-js 16 overlooks it where the
    /// object itself stands at a non-null position; the specification makes no such difference.)
    ///
    /// https://spec.graphql.org/September2025/#sec-All-Variable-Usages-Are-Allowed
    func isNullableInOneOf(_ use: VariableUseFact, _ variable: VariableDefinitionFact) -> Bool {
        guard use.type.isKnown, use.parent.isKnown, variable.type.isKnown, !variable.type.isNonNull else {
            return false
        }
        return !use.parent.isList && index.isOneOf[use.parent.type.index]
    }
}

extension TypeReference {
    /// Whether a variable of this type fits where another input type is expected.
    ///
    /// https://spec.graphql.org/September2025/#AreTypesCompatible()
    func isSubtype(of other: TypeReference) -> Bool {
        guard type == other.type, listDepth == other.listDepth else { return false }
        var own = self
        var expected = other
        while true {
            if expected.isNonNull, !own.isNonNull { return false }
            guard own.isList else { return true }
            own = own.element
            expected = expected.element
        }
    }
}
