import GraphQLLanguage
import GraphQLSchema

/// Which module each definition belongs to: the section `# == module: Name` it stands in. What stands before the first
/// section belongs to none.
struct Sections {
    /// The modules in the order of the text; empty where the schema is generated as one.
    let modules: [String]
    private var starts: [(offset: Int, module: String)] = []

    /// - Parameter folders: the modules there are files for; nil where all goes to one file.
    static func read(_ source: SchemaSource, folders: [String]?) -> (Sections, [Diagnostic]) {
        var faults: [Diagnostic] = []
        var found: [(offset: Int, module: String)] = []
        for (offset, module) in headings(in: source.document.bytes[..<source.textEnd]) {
            func fault(_ message: String) { faults.append(Diagnostic(source.location(ofOffset: offset), nil, message)) }
            if let earlier = found.first(where: { $0.module.lowercased() == module.lowercased() }) {
                let line = source.location(ofOffset: earlier.offset).line
                fault(
                    "The section \"\(module)\"\(definition(behind: offset, in: source)) collides with the section "
                        + "\"\(earlier.module)\" of line \(line): both would be generated to one file. Join them."
                )
            } else if folders != nil, let objection = objection(to: module) {
                fault("A section cannot be called \"\(module)\": \(objection).")
            } else if let folders, !folders.contains(module) {
                fault("The section \"\(module)\" has no folder \"\(module)\" beside the other modules' resolvers.")
            }
            found.append((offset, module))
        }
        guard let folders else { return (Sections(modules: []), faults) }
        let sections = Sections(modules: found.map(\.module), starts: found)
        for folder in folders where !sections.modules.contains(folder) {
            let start = SourceLocation(line: 1, column: 1)
            faults.append(Diagnostic(start, nil, "The folder \"\(folder)\" has no section \"# == module: \(folder)\"."))
        }
        return (sections, faults)
    }

    /// The module of what stands at a node; nil where all is one.
    func module(of origin: SourceReference?, in document: Document) -> String? {
        guard let origin else { return nil }
        let offset = Int(document[origin.node].start)
        return starts.last { $0.offset <= offset }?.module
    }

    /// Files and functions are called by a module's name.
    private static func objection(to module: String) -> String? {
        if !SwiftNames.isIdentifier(module) { return "it is no name in Swift" }
        return module.lowercased() == "schema" ? "the file of what belongs to no section is called so" : nil
    }

    private static func headings(in text: ArraySlice<UInt8>) -> [(offset: Int, module: String)] {
        let mark = Array("# == module:".utf8)
        var headings: [(Int, String)] = []
        // A byte order mark is no part of the first line.
        var start = text.startIndex + (text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
        while start < text.endIndex {
            let end =
                text[start...].firstIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") } ?? text.endIndex
            if text[start..<end].starts(with: mark) {
                let words = text[(start + mark.count)..<end].split {
                    $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t")
                }
                if let name = words.first { headings.append((start, String(decoding: name, as: UTF8.self))) }
            }
            start = end + 1
        }
        return headings
    }

    /// What the section begins with, so that the message names something of the schema.
    private static func definition(behind offset: Int, in source: SchemaSource) -> String {
        let document = source.document
        let first = document.children(of: 0).first {
            Int(document[$0].start) > offset && Int(document[$0].start) < source.textEnd && document[$0].hasText
        }
        return first.map { " (\(document.text(of: $0)) …)" } ?? ""
    }
}
