/// One difference between two schemas, and what it means for clients of the older one.
public struct SchemaChange: Hashable, Sendable {
    public enum Severity: Int, Sendable, Comparable {
        /// Nothing that worked stops working.
        case safe
        /// Documents stay valid, and may behave differently.
        case dangerous
        /// Documents that were valid are not any more.
        case breaking

        public static func < (left: Severity, right: Severity) -> Bool { left.rawValue < right.rawValue }
    }

    public let kind: Kind
    public let severity: Severity
    /// What has changed, as a schema coordinate: `Type.field(argument:)`.
    public let coordinate: String
    public let description: String
    /// Whether graphql-js 16 finds the change too.
    public let isReference: Bool

    /// What kind of change it is, by the name that graphql-js gives it where it has one.
    public enum Kind: String, Sendable, CaseIterable {
        // Breaking.
        case typeRemoved = "TYPE_REMOVED"
        case typeChangedKind = "TYPE_CHANGED_KIND"
        case typeRemovedFromUnion = "TYPE_REMOVED_FROM_UNION"
        case valueRemovedFromEnum = "VALUE_REMOVED_FROM_ENUM"
        case requiredInputFieldAdded = "REQUIRED_INPUT_FIELD_ADDED"
        case implementedInterfaceRemoved = "IMPLEMENTED_INTERFACE_REMOVED"
        case fieldRemoved = "FIELD_REMOVED"
        case fieldChangedKind = "FIELD_CHANGED_KIND"
        case requiredArgAdded = "REQUIRED_ARG_ADDED"
        case argRemoved = "ARG_REMOVED"
        case argChangedKind = "ARG_CHANGED_KIND"
        case directiveRemoved = "DIRECTIVE_REMOVED"
        case directiveArgRemoved = "DIRECTIVE_ARG_REMOVED"
        case requiredDirectiveArgAdded = "REQUIRED_DIRECTIVE_ARG_ADDED"
        case directiveRepeatableRemoved = "DIRECTIVE_REPEATABLE_REMOVED"
        case directiveLocationRemoved = "DIRECTIVE_LOCATION_REMOVED"
        case directiveArgChangedKind = "DIRECTIVE_ARG_CHANGED_KIND"
        case rootTypeChanged = "ROOT_TYPE_CHANGED"
        case oneOfAdded = "ONE_OF_ADDED"

        // Dangerous.
        case valueAddedToEnum = "VALUE_ADDED_TO_ENUM"
        case typeAddedToUnion = "TYPE_ADDED_TO_UNION"
        case optionalInputFieldAdded = "OPTIONAL_INPUT_FIELD_ADDED"
        case optionalArgAdded = "OPTIONAL_ARG_ADDED"
        case implementedInterfaceAdded = "IMPLEMENTED_INTERFACE_ADDED"
        case argDefaultValueChange = "ARG_DEFAULT_VALUE_CHANGE"
        case inputFieldDefaultValueChange = "INPUT_FIELD_DEFAULT_VALUE_CHANGE"
        case directiveArgDefaultValueChange = "DIRECTIVE_ARG_DEFAULT_VALUE_CHANGE"
        case specifiedByChanged = "SPECIFIED_BY_CHANGED"

        // Safe.
        case typeAdded = "TYPE_ADDED"
        case fieldAdded = "FIELD_ADDED"
        case fieldChangedKindSafe = "FIELD_CHANGED_KIND_SAFE"
        case argChangedKindSafe = "ARG_CHANGED_KIND_SAFE"
        case argDefaultValueAdded = "ARG_DEFAULT_VALUE_ADDED"
        case inputFieldDefaultValueAdded = "INPUT_FIELD_DEFAULT_VALUE_ADDED"
        case directiveArgChangedKindSafe = "DIRECTIVE_ARG_CHANGED_KIND_SAFE"
        case directiveArgDefaultValueAdded = "DIRECTIVE_ARG_DEFAULT_VALUE_ADDED"
        case directiveAdded = "DIRECTIVE_ADDED"
        case directiveRepeatableAdded = "DIRECTIVE_REPEATABLE_ADDED"
        case directiveLocationAdded = "DIRECTIVE_LOCATION_ADDED"
        case optionalDirectiveArgAdded = "OPTIONAL_DIRECTIVE_ARG_ADDED"
        case rootTypeAdded = "ROOT_TYPE_ADDED"
        case oneOfRemoved = "ONE_OF_REMOVED"
        case deprecationChanged = "DEPRECATION_CHANGED"
        case descriptionChanged = "DESCRIPTION_CHANGED"
    }
}

extension SchemaChange.Kind {
    var severity: SchemaChange.Severity {
        switch self {
        case .typeRemoved, .typeChangedKind, .typeRemovedFromUnion, .valueRemovedFromEnum, .requiredInputFieldAdded,
            .implementedInterfaceRemoved, .fieldRemoved, .fieldChangedKind, .requiredArgAdded, .argRemoved,
            .argChangedKind, .directiveRemoved, .directiveArgRemoved, .requiredDirectiveArgAdded,
            .directiveRepeatableRemoved, .directiveLocationRemoved, .directiveArgChangedKind, .rootTypeChanged,
            .oneOfAdded:
            .breaking
        case .valueAddedToEnum, .typeAddedToUnion, .optionalInputFieldAdded, .optionalArgAdded,
            .implementedInterfaceAdded, .argDefaultValueChange, .inputFieldDefaultValueChange,
            .directiveArgDefaultValueChange, .specifiedByChanged:
            .dangerous
        default: .safe
        }
    }

    /// Whether graphql-js 16 has the kind.
    var isReference: Bool {
        switch self {
        case .directiveArgChangedKind, .rootTypeChanged, .oneOfAdded, .inputFieldDefaultValueChange,
            .directiveArgDefaultValueChange, .specifiedByChanged:
            false
        default: severity > .safe
        }
    }
}
