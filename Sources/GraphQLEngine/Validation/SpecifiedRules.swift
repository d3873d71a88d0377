extension ValidationRule {
    /// The rules of graphql-js 16.11, in its order.
    public static let specified: [ValidationRule] = [
        executableDefinitions,
        uniqueOperationNames,
        loneAnonymousOperation,
        singleFieldSubscriptions,
        knownTypeNames,
        fragmentsOnCompositeTypes,
        variablesAreInputTypes,
        scalarLeafs,
        fieldsOnCorrectType,
        uniqueFragmentNames,
        knownFragmentNames,
        noUnusedFragments,
        possibleFragmentSpreads,
        noFragmentCycles,
        uniqueVariableNames,
        noUndefinedVariables,
        noUnusedVariables,
        knownDirectives,
        uniqueDirectivesPerLocation,
        knownArgumentNames,
        uniqueArgumentNames,
        valuesOfCorrectType,
        providedRequiredArguments,
        variablesInAllowedPosition,
        overlappingFieldsCanBeMerged,
        uniqueInputFieldNames,
        maxIntrospectionDepth,
    ]

    /// What the September 2025 specification has besides, and the rules for `@defer` and `@stream`.
    public static let additional: [ValidationRule] = [
        knownOperationTypes,
        noConditionsOnSubscriptionRoot,
        deferStreamDirectiveOnRootField,
        deferStreamDirectiveOnValidOperations,
        deferStreamDirectiveLabel,
        streamDirectiveOnListField,
    ]

    /// Rules that are only used where they are asked for.
    public static let optional: [ValidationRule] = [noDeprecated, noSchemaIntrospection]

    /// The rule of a name.
    public static func named(_ name: String) -> ValidationRule? {
        (specified + additional + optional).first { $0.name == name }
    }
}
