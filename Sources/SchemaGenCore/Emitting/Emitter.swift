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
        for scalar in model.scalars {
            guard let name = scalar.imported else { continue }
            // The compiler warns of what is imported for all to see and used by nothing that they see.
            if isSeen(scalar, in: module) { imports[name] = access + " " } else { imports[name, default: ""] += "" }
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

    /// Whether an input or arguments of a module have a property of a scalar.
    private func isSeen(_ scalar: ScalarModel, in module: String?) -> Bool {
        guard emitsTypes else { return false }
        func uses(_ fields: [InputFieldModel]) -> Bool { fields.contains { $0.swiftType.contains(scalar.swiftType) } }
        return model.inputs.contains { $0.module == module && uses($0.fields) }
            || model.arguments.contains { $0.module == module && uses($0.fields) }
    }
}
