/// Which rules of the type system a schema is held against.
public enum TypeSystemRules: Sendable {
    /// What graphql-js 16 checks.
    case reference
    /// All that the specification of September 2025 says: also defaults, directives and what they are given.
    case complete
}

extension Schema {
    /// Everything that is wrong with the schema, in its order. Nothing is: the schema can be used.
    ///
    /// https://spec.graphql.org/September2025/#sec-Type-System
    public func problems(_ rules: TypeSystemRules = .complete) -> [GraphQLError] {
        var report = TypeSystemReport(self)
        RootTypeRules.check(self, &report)
        DirectiveDefinitionRules.check(self, &report)
        var interfaces = ImplementationRules(self)
        var inputCycles = InputCycleRule(self)
        for (index, type) in types.enumerated() where !BuiltIns.typeNames.contains(type.name) {
            NameRules.check(type.name, at: type.origins.first, &report)
            switch type.kind {
            case .scalar: break
            case .object, .interface:
                FieldRules.check(type, in: self, &report)
                interfaces.check(TypeID(index), &report)
            case .union: UnionRules.check(type, in: self, &report)
            case .enum: EnumRules.check(type, &report)
            case .inputObject:
                InputObjectRules.check(type, in: self, &report)
                inputCycles.check(TypeID(index), &report)
            }
        }
        guard rules == .complete else { return report.errors }
        DistinctRootTypesRule.check(self, &report)
        ImplementedDeprecationRule.check(self, &report)
        DirectiveReferenceRule.check(self, &report)
        // Values are coerced only to types that are sound.
        guard report.errors.isEmpty else { return report.errors }
        DefaultCycleRule.check(self, &report)
        guard report.errors.isEmpty else { return report.errors }
        DefaultValueRule.check(self, &report)
        AppliedDirectiveRule.check(self, &report)
        return report.errors
    }
}
