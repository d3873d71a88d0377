import Foundation
import GraphQLLanguage
import Testing

/// Replays the texts of Fuzz/Corpus: seeds, and whatever the fuzzer has found.
@Suite struct FuzzCorpusTests {
    private static let files: [URL] = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Fuzz/Corpus")
        let files = try? FileManager.default.contentsOfDirectory(at: root, includingPropertiesForKeys: nil)
        return (files ?? []).sorted { $0.path < $1.path }
    }()

    @Test func `there is a corpus`() {
        #expect(Self.files.count > 10)
    }

    @Test(arguments: files)
    func `the properties of the language hold`(file: URL) throws {
        let bytes = Array(try Data(contentsOf: file))
        try LanguageProperties.check(bytes)
        // Cut anywhere, it must be refused or read, but never break anything.
        for length in stride(from: 0, to: min(bytes.count, 600), by: 3) {
            try LanguageProperties.check(Array(bytes[..<length]))
        }
    }

    @Test func `bytes that are no text break nothing`() throws {
        var random = SplitMix64(state: 1)
        for _ in 0..<300 {
            try LanguageProperties.check((0..<Int.random(in: 0..<60, using: &random)).map { _ in .random(in: 0...255) })
        }
    }
}

/// The same numbers in every run.
private struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
