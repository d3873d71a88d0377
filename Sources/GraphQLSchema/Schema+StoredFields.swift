extension Schema {
    /// Whether a field is answered by a property of its parent's value: a leaf, or lists of them, without arguments.
    /// `@resolver` makes a leaf a field that is resolved like any other.
    ///
    /// The generator and the executor share this rule.
    public func isStored(_ field: FieldDefinition) -> Bool {
        self[field.type.type].isLeaf && field.arguments.isEmpty
            && !field.appliedDirectives.contains { $0.name == "resolver" }
    }
}
