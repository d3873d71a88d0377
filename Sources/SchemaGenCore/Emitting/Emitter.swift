/// Writes the files of one target: the types, the binding, or both.
struct Emitter {
    let model: SchemaModel
    let emitsTypes: Bool
    let emitsBinding: Bool

    init(_ model: SchemaModel, for target: String) {
        self.model = model
        emitsTypes = model.options.types.map { $0 == target } ?? true
        emitsBinding = model.options.types != target
    }

    var access: String { model.options.access }

    func files() -> [GeneratedFile] {
        model.modules.map { module in
            GeneratedFile(name: GeneratedFile.name(ofModule: module), text: text(of: module))
        }
    }

    private func text(of module: String?) -> String {
        var body = SwiftText()
        if emitsTypes { emitTypes(of: module, to: &body) }
        var seesEngine = false
        if emitsBinding { seesEngine = emitBinding(of: module, to: &body) }
        var head = "// Generated from schema.graphql: change that.\n\n"
        for line in imports(of: module, seesEngine: seesEngine) { head += line + "\n" }
        return head + "\n" + body.text
    }

    /// - Parameter seesEngine: whether conformances to the engine's protocols can be seen from outside.
    private func imports(of module: String?, seesEngine: Bool) -> [String] {
        var imports: [String: String] = [:]
        for name in model.scalarImports where emitsTypes || emitsBinding {
            imports[name] = emitsTypes ? access + " " : ""
        }
        if emitsBinding {
            for name in model.options.imports { imports[name, default: ""] += "" }
            imports["GraphQLEngine"] = seesEngine || module == nil ? access + " " : ""
            if let types = model.options.types { imports[types] = seesEngine ? access + " " : "" }
            if module == nil {
                imports["GraphQLLanguage"] = access + " "
            }
        }
        return imports.keys.sorted().map { "\(imports[$0, default: ""])import \($0)" }
    }
}
