public import GraphQLLanguage

extension Schema {
    /// Builds a schema from its text and holds it against all rules of the type system.
    public init(sdl: String, limits: ParserLimits = .schema) throws(InvalidSchema) {
        let document: Document
        do throws(SyntaxError) { document = try Document(parsing: sdl, limits: limits) } catch {
            throw InvalidSchema(error)
        }
        try self.init(building: document)
    }

    /// Builds a schema from a parsed text and holds it against all rules of the type system.
    public init(building document: Document) throws(InvalidSchema) {
        let errors = SDLRule.errors(in: document, rules: SDLRule.all)
        guard errors.isEmpty else { throw InvalidSchema(.document, errors) }
        self = try SchemaBuilder.build([document]).checked()
    }

    /// The schema with what a text adds to it, held against all rules of the type system.
    ///
    /// Types keep their numbers; those that are new come behind them.
    public func extended(by document: Document) throws(InvalidSchema) -> Schema {
        let errors = SDLRule.errors(in: document, extending: self, rules: SDLRule.all)
        guard errors.isEmpty else { throw InvalidSchema(.document, errors) }
        return try SchemaBuilder.extend(self, by: document).checked()
    }

    private func checked() throws(InvalidSchema) -> Schema {
        let errors = problems()
        guard errors.isEmpty else { throw InvalidSchema(.typeSystem, errors) }
        return self
    }

    // MARK: Without checks

    /// Builds a schema from a text, without holding it against any rule but those of the syntax.
    public init(unchecked sdl: String) throws(SyntaxError) {
        self.init(unchecked: [try Document(parsing: sdl, limits: .schema)])
    }

    /// Builds a schema from documents that describe it together, without holding them against any rule.
    public init(unchecked documents: [Document]) {
        self = SchemaBuilder.build(documents)
    }

    /// The schema with what a text adds to it, held against no rule.
    public func extended(unchecked document: Document) -> Schema {
        SchemaBuilder.extend(self, by: document)
    }
}

extension ParserLimits {
    /// Limits for the texts of schemas, which come from the developer.
    public static let schema = ParserLimits(depth: 1_000, bytes: 256 << 20)
}
