/// Turns the text of a schema into Swift: read, check, model, emit. Each step is a pure function of the one before.
public enum Generator {
    public static func generate(_ request: GenerationRequest) -> Generation {
        let source: SchemaSource
        switch SchemaSource.read(request.text) {
        case .success(let read): source = read
        case .failure(let refusal): return .refused(refusal.diagnostics)
        }

        let (sections, sectionFaults) = Sections.read(source, folders: request.modules)
        let (options, optionFaults) = BindingOptions.read(source)
        let faults =
            sectionFaults + optionFaults + DirectivePlaces.faults(in: source) + BuiltInTypes.faults(in: source)
            + RootAnswers.faults(in: source)
        guard faults.isEmpty else { return .refused(faults.sorted()) }

        let model = SchemaModel(source, sections, options)
        let modelFaults = SwiftNameCollisions.faults(in: model, source) + ValueCycles.faults(in: model, source)
        guard modelFaults.isEmpty else { return .refused(modelFaults.sorted()) }

        return .files(Emitter(model, for: request.target).files())
    }
}

/// What to generate, and from what.
public struct GenerationRequest: Sendable {
    /// The text of the schema.
    public let text: [UInt8]
    /// The name of the Swift module that the files are for.
    public let target: String
    /// The modules of the product, each a section of the schema and a file of the output; nil for one file.
    public let modules: [String]?

    public init(text: [UInt8], target: String, modules: [String]? = nil) {
        self.text = text
        self.target = target
        self.modules = modules
    }
}

public enum Generation: Sendable {
    case files([GeneratedFile])
    case refused([Diagnostic])
}

public struct GeneratedFile: Hashable, Sendable {
    public let name: String
    public let text: String

    /// The file of a module, or of what belongs to no module. The plugin names files by the same rule.
    public static func name(ofModule module: String?) -> String { "\(module ?? "Schema")+Generated.swift" }
}

/// Why a text is no schema to generate from.
struct Refusal: Error {
    let diagnostics: [Diagnostic]
}
