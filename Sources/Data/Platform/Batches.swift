/// Work that is done so many at a time, in a transaction each, so that none is long and nobody waits for all of it.
package enum Batches {
    /// Does the work until there is less of it than may be done at a time; how much there was in all.
    ///
    /// - Parameters:
    ///   - rounds: how often at most; what is left then is found by the next run. It bounds work that does not become less.
    ///   - work: does as much of it as it is told at most, and answers how much that was.
    package static func run(
        of size: Int,
        rounds: Int = 10_000,
        _ work: (_ limit: Int) async throws -> Int
    ) async throws -> Int {
        var done = 0
        for _ in 0..<rounds {
            let count = try await work(size)
            done += count
            if count < size { break }
        }
        return done
    }
}
