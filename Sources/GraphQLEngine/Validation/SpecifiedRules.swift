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

    /// What the September 2025 specification has besides.
    public static let additional: [ValidationRule] = [
        knownOperationTypes,
        noConditionsOnSubscriptionRoot,
    ]

    /// The rules for `@defer` and `@stream`, which engines use that deliver incrementally.
    public static let incremental: [ValidationRule] = [
        deferStreamDirectiveOnRootField,
        deferStreamDirectiveOnValidOperations,
        deferStreamDirectiveLabel,
        streamDirectiveOnListField,
    ]

    /// Rules that are only used where they are asked for.
    public static let optional: [ValidationRule] = [noDeprecated, noSchemaIntrospection]

    /// The rule of a name.
    public static func named(_ name: String) -> ValidationRule? {
        (specified + additional + incremental + optional).first { $0.name == name }
    }
}
