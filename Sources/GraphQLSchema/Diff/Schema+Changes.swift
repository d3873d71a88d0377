extension Schema {
    /// What has changed since an older schema: breaking, dangerous and safe changes, in the order of the older schema.
    ///
    /// Those of ``SchemaChange/isReference`` are what graphql-js's `findBreakingChanges` and `findDangerousChanges`
    /// find, in their words.
    public func changes(since old: Schema) -> [SchemaChange] {
        var comparison = SchemaComparison(old, self)
        comparison.compare()
        return comparison.changes
    }
}
