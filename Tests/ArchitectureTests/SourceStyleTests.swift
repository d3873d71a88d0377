import Testing

@Suite struct SourceStyleTests {
    @Test func `no file is too long to hold one idea`() throws {
        for file in try SourceTree.swiftFiles(in: "Sources") {
            #expect(file.lines.count <= 800, "\(file.path) has \(file.lines.count) lines")
        }
    }

    @Test func `nothing is forced`() throws {
        for file in try SourceTree.swiftFiles(in: "Sources") {
            for line in file.code where isForced(line.text) {
                Issue.record("\(file.path):\(line.number): what can fail is handled")
            }
        }
    }

    @Test(arguments: [
        ("try! run()", true), ("x as! Int", true), ("base! + 1", true), ("find(1)!.name", true), ("_a!", true),
        ("a != b", false), ("f()!=b", false), ("!isOpen", false), ("  name: String!", false), ("[__Type!]!", false),
    ])
    func `what is forced is found, and types of schemas are not`(line: String, isFound: Bool) {
        #expect(isForced(line[...]) == isFound)
    }

    /// Names of types begin with a capital: in the text of a schema `!` stands behind those.
    private func isForced(_ line: Substring) -> Bool {
        line.contains("try!") || line.contains(" as! ") || line.contains(/(\b_?[a-z]\w*|\))!(?!=)/)
    }

    @Test func `no folder is named for things that belong nowhere`() throws {
        let homeless: Set = ["Common", "Helpers", "Misc", "New", "Shared", "Utilities", "Utils"]
        for file in try SourceTree.swiftFiles(in: "Sources") {
            #expect(homeless.isDisjoint(with: Set(file.path.split(separator: "/").map(String.init))), "\(file.path)")
        }
    }
}
