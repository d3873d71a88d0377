import GraphQLEngine
import Testing

@Suite struct LoaderTests {
    @Test func `keys asked for in one turn are loaded in one call, each once`() {
        let calls = Locked(0)
        let values = SerialTestExecutor.run { executor in
            let context = LoadingContext { await executor.waitForEndOfTurn() }
            let loader: Loader<Int, String?> = context.loader("names") { keys in
                calls.increment()
                #expect(keys.sorted() == [1, 2, 3])
                return Dictionary(uniqueKeysWithValues: keys.map { ($0, "n\($0)") })
            }
            async let first = loader.load([1, 2, 1])
            async let second = loader.load([2, 3])
            let results = await (first, second)
            // What was loaded before is not loaded again.
            let third = await loader.load([3, 1])
            return [results.0, results.1, third].map { $0.map { $0 ?? "" }.described }
        }
        #expect(values == ["n1 n2 n1", "n2 n3", "n3 n1"])
        #expect(calls.current == 1)
    }

    @Test func `a key without a value is nil, an empty list or zero`() {
        let described = SerialTestExecutor.run { executor in
            let context = LoadingContext { await executor.waitForEndOfTurn() }
            let one: Loader<Int, String?> = context.loader("one") { _ in [:] }
            let list: Loader<Int, [String]> = context.listLoader("list") { _ in [(1, "a"), (1, "b")] }
            let count: Loader<Int, Int> = context.countLoader("count") { _ in [1: 5] }
            return [
                await one.load([1]).map { $0 ?? "none" }.described,
                await list.load([1, 2]).map { "\($0)" }.described,
                await count.load([1, 2]).map { "\($0)" }.described,
            ]
        }
        #expect(described == ["none", #"["a", "b"] []"#, "5 0"])
    }

    @Test func `a call that fails fails the keys it was for, and no others`() {
        struct Down: Error {}
        let described = SerialTestExecutor.run { executor in
            let context = LoadingContext { await executor.waitForEndOfTurn() }
            let loader: Loader<Int, String?> = context.loader("flaky", keyLimit: 2) { keys in
                if keys.contains(3) { throw Down() }
                return Dictionary(uniqueKeysWithValues: keys.map { ($0, "n\($0)") })
            }
            return await loader.load([1, 2, 3, 4]).map { $0 ?? "" }.described
        }
        #expect(described == "n1 n2 ! !")
    }

    @Test func `a cancelled request loads nothing any more`() {
        let calls = Locked(0)
        let described = SerialTestExecutor.run { executor in
            let context = LoadingContext { await executor.waitForEndOfTurn() }
            let loader: Loader<Int, String?> = context.loader("names") { _ in
                calls.increment()
                return [:]
            }
            let task = Task(executorPreference: executor) { await loader.load([1, 2]).map { $0 ?? "" }.described }
            task.cancel()
            return await task.value
        }
        #expect(described == "! !" && calls.current == 0)
    }

    @Test func `loaders that load by each other end when the request is cancelled`() {
        final class Pair: @unchecked Sendable {
            // Unchecked because it is filled before anything loads.
            var other: Loader<Int, String?>?
        }
        let described = SerialTestExecutor.run { executor in
            let context = LoadingContext { await executor.waitForEndOfTurn() }
            let pair = Pair()
            let one: Loader<Int, String?> = context.loader("one") { keys in
                guard let other = pair.other else { return [:] }
                return [1: await other.load(keys).map { $0 ?? "" }.described]
            }
            pair.other = context.loader("other") { keys in [1: await one.load(keys).map { $0 ?? "" }.described] }
            let task = Task(executorPreference: executor) { await one.load([1]).map { $0 ?? "" }.described }
            for _ in 0..<20 { await Task.yield() }
            task.cancel()
            return await task.value
        }
        #expect(described == "!")
    }

    @Test func `a loader that answers keys it was not asked for fails loudly`() {
        let described = SerialTestExecutor.run { executor in
            let context = LoadingContext { await executor.waitForEndOfTurn() }
            let loader: Loader<Int, String?> = context.loader("mixed") { _ in [99: "other"] }
            return await loader.load([1]).map { $0 ?? "" }.described
        }
        #expect(described == "!")
    }
}

extension Results<String> {
    /// The values in order, errors as exclamation marks.
    fileprivate var described: String {
        outcomes.map { outcome in (try? outcome.get()) ?? "!" }.joined(separator: " ")
    }
}
