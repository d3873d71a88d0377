import Testing

@testable import Data

@Suite struct BatchesTests {
    @Test func `work is done until there is less of it than may be done at a time`() async throws {
        var left = 25
        let done = try await Batches.run(of: 10) { limit in
            let part = min(left, limit)
            left -= part
            return part
        }
        #expect(done == 25 && left == 0)
    }

    @Test func `work that does not become less ends`() async throws {
        #expect(try await Batches.run(of: 10, rounds: 7) { $0 } == 70)
    }
}
