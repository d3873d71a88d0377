import Testing

@Suite struct SourceStyleTests {
    @Test func `no file is too long to hold one idea`() throws {
        for file in try SourceTree.swiftFiles(in: "Sources") {
            #expect(file.lines.count <= 800, "\(file.path) has \(file.lines.count) lines")
        }
    }

    @Test func `nothing is forced`() throws {
        for file in try SourceTree.swiftFiles(in: "Sources") {
            for line in file.code where line.text.contains("try!") || line.text.contains(" as! ") {
                Issue.record("\(file.path):\(line.number): what can fail is handled")
            }
        }
    }

    @Test func `no folder is named for things that belong nowhere`() throws {
        let homeless: Set = ["Common", "Helpers", "Misc", "New", "Shared", "Utilities", "Utils"]
        for file in try SourceTree.swiftFiles(in: "Sources") {
            #expect(homeless.isDisjoint(with: Set(file.path.split(separator: "/").map(String.init))), "\(file.path)")
        }
    }
}
