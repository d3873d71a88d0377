import GraphQLLanguage
import GraphQLSchema
import Testing

@testable import GraphQLEngine

/// The fast search for conflicts and the comparison of pairs have to agree on whether there are any.
@Suite struct ConflictDetectionTests {
    @Test(arguments: 0..<40)
    func `detector and reporter agree on random documents`(seed: UInt64) throws {
        var documents = RandomDocuments(seed: seed)
        var conflicts = 0
        for _ in 0..<50 {
            let text = documents.next()
            let document = try Document(parsing: text)
            let answers = document.answers
            #expect(answers.detector == answers.reporter, "\(text)")
            if answers.reporter { conflicts += 1 }
        }
        // Neither all nor none, or the test would say nothing.
        #expect(conflicts > 5 && conflicts < 48)
    }
}

extension Document {
    /// Whether either one finds a conflict.
    fileprivate var answers: (detector: Bool, reporter: Bool) {
        nodes.withUnsafeBufferPointer { nodes in
            bytes.withUnsafeBufferPointer { text in
                let facts = Facts(self, nodes, text, ValidationFixture.validator.index)
                var detector = ConflictDetector(facts, maxSteps: .max)
                var reporter = ConflictReporter(maxComparisons: 1_000_000)
                var found = false
                for set in facts.selectionSets where !found {
                    found = !reporter.conflicts(within: set.node, maximum: 1, facts).isEmpty
                }
                return (detector.detect(facts) == .conflict, found)
            }
        }
    }
}

/// Small documents in which fields often answer under the same key, with fragments that may spread each other in
/// circles.
private struct RandomDocuments {
    private var state: UInt64
    private static let types = ["Dog", "Cat", "Being", "Owned", "Pet", "Human", "Unknown"]
    private static let leaves = [
        "name", "name", "name(surname: true)", "name(surname: false)", "nickname", "barkVolume", "meowVolume", "iq",
        "x: name", "x: nickname", "x: iq", "y: barkVolume", "y: meowVolume", "__typename", "x: __typename",
    ]
    private static let objects = ["owner", "mother", "z: owner", "z: mother", "pets", "z: pets", "relatives"]

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> String {
        let fragments = below(4)
        var text = "{ being { " + selections(depth: 3, fragments) + "} }"
        for fragment in 0..<fragments {
            text += " fragment F\(fragment) on \(pick(Self.types)) { \(selections(depth: 2, fragments))}"
        }
        return text
    }

    private mutating func selections(depth: Int, _ fragments: Int) -> String {
        var text = ""
        for _ in 0...below(3) {
            switch below(8) {
            case 0 where fragments > 0: text += "...F\(below(fragments)) "
            case 1 where depth > 0, 2 where depth > 0:
                text += "... on \(pick(Self.types)) { \(selections(depth: depth - 1, fragments))} "
            case 3 where depth > 0, 4 where depth > 0:
                text += "\(pick(Self.objects)) { \(selections(depth: depth - 1, fragments))} "
            default: text += pick(Self.leaves) + " "
            }
        }
        return text
    }

    private mutating func pick(_ items: [String]) -> String { items[below(items.count)] }

    private mutating func below(_ limit: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(limit))
    }
}
