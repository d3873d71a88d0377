import Glibc
import SchemaGenCore
import Testing

/// Each folder of `Cases` is a case: `schema.graphql`, and either the Swift it becomes in `expected`, or what is said
/// against it in `diagnostics.txt`. `ATRIUM_RECORD=1 swift test --filter GoldenTests` writes what comes out.
@Suite struct GoldenTests {
    static let cases = CaseFolder.cases()

    @Test func `there are cases`() { #expect(Self.cases.count >= 5) }

    @Test(arguments: cases) func `a schema becomes what its case says`(_ name: String) throws {
        let folder = CaseFolder(name: name)
        let text = try #require(folder.read("schema.graphql"))
        switch Generator.generate(GenerationRequest(text: text, target: "App", modules: folder.modules)) {
        case .refused(let diagnostics):
            let lines = diagnostics.map { $0.line(file: "schema.graphql") + "\n" }.joined()
            folder.expect("diagnostics.txt", toBe: lines)
        case .files(let files):
            #expect(folder.read("diagnostics.txt") == nil, "the case was expected to fail")
            for file in files { folder.expect("expected/\(file.name).expected", toBe: file.text) }
        }
    }

    @Test(arguments: cases.filter { CaseFolder(name: $0).read("diagnostics.txt") == nil })
    func `what a schema becomes compiles with a program for it`(_ name: String) async throws {
        let folder = CaseFolder(name: name)
        let program = String(decoding: try #require(folder.read("Program.swift.txt")), as: UTF8.self)
        let compiled = try await CompiledProgram(
            schema: try #require(folder.read("schema.graphql")),
            modules: folder.modules,
            sources: ["Program.swift": program]
        )
        #expect(compiled.status == 0 && compiled.output.isEmpty, "\(compiled.output)")
    }
}

/// A folder of a golden case.
struct CaseFolder {
    let name: String
    private static let root = TextFile.folder + "Cases"

    /// A case that has modules says so in a file, as the folders of resolvers do in a package.
    var modules: [String]? {
        read("modules.txt").map { String(decoding: $0, as: UTF8.self).split(separator: "\n").map(String.init) }
    }

    static func cases() -> [String] {
        guard let folder = opendir(root) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    func expect(_ file: String, toBe text: String) {
        if getenv("ATRIUM_RECORD") != nil { write(text, to: file) }
        let expected = read(file).map { String(decoding: $0, as: UTF8.self) }
        #expect(expected == text, "\(name)/\(file) differs; record and read the difference")
    }

    func read(_ file: String) -> [UInt8]? { TextFile.read("\(Self.root)/\(name)/\(file)") }

    private func write(_ text: String, to file: String) {
        mkdir("\(Self.root)/\(name)/expected", 0o755)
        TextFile.write(text, to: "\(Self.root)/\(name)/\(file)")
    }
}
