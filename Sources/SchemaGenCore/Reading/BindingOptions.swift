import GraphQLSchema

/// What `@binding` on the schema says.
struct BindingOptions {
    /// The class of the context that resolvers get.
    var context = "RequestContext"
    /// The Swift module that has the types, where they are apart from the binding.
    var types: String?
    /// What the binding imports: the modules of the row types and of the context.
    var imports: [String] = []
    /// `public` or `package`: who sees the types.
    var access = "public"
    /// Directives that are for readers of the schema alone.
    var inert: [String] = []

    static func read(_ source: SchemaSource) -> (BindingOptions, [Diagnostic]) {
        guard let directive = source.schema.appliedDirectives["binding"] else { return (BindingOptions(), []) }
        var options = BindingOptions()
        options.context = directive.string("context") ?? options.context
        options.types = directive.string("types")
        options.imports = directive.strings("imports")
        options.access = directive.string("access") ?? options.access
        options.inert = directive.strings("inert")
        var faults: [Diagnostic] = []
        func fault(_ argument: String, _ message: String) {
            faults.append(source.fault(at: directive.origin, "@binding(\(argument):)", message))
        }
        if !["public", "package"].contains(options.access) {
            fault("access", "The access level is \"public\" or \"package\", not \"\(options.access)\".")
        }
        if !SwiftNames.isType(options.context) { fault("context", "\"\(options.context)\" is no Swift type.") }
        if let types = options.types, !SwiftNames.isIdentifier(types) { fault("types", "\"\(types)\" is no module.") }
        for name in options.imports where !SwiftNames.isIdentifier(name) {
            fault("imports", "\"\(name)\" is no module.")
        }
        return (options, faults)
    }
}
