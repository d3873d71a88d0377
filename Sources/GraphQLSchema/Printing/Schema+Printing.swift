/// How a schema is written as text.
public struct SchemaPrintOptions: Sendable {
    /// Everything by name, and not in the order of the schema.
    public var sorts: Bool
    /// The directives that the text of the schema uses, and not only `@deprecated`, `@specifiedBy` and `@oneOf`.
    public var showsDirectives: Bool

    public init(sorts: Bool = false, showsDirectives: Bool = false) {
        self.sorts = sorts
        self.showsDirectives = showsDirectives
    }
}

extension Schema {
    /// The schema as text, without what is built in, and without a line end behind it.
    ///
    /// Extensions are part of what they extend. Comments are lost.
    public func printed(_ options: SchemaPrintOptions = SchemaPrintOptions()) -> String {
        var printer = SchemaPrinter(self, options)
        printer.printAll()
        return printer.output
    }

    /// One type as text.
    public func printed(_ type: TypeID, _ options: SchemaPrintOptions = SchemaPrintOptions()) -> String {
        var printer = SchemaPrinter(self, options)
        printer.print(self[type])
        return printer.output
    }
}
