import GraphQLEngine
import Testing

@Suite struct LoadingContextTests {
    @Test func `calls are noted while a request is traced, and so many of them`() async throws {
        let loading = LoadingContext()
        let squares = loading.loader("squares", keyLimit: 1) { (keys: [Int]) in
            Dictionary(uniqueKeysWithValues: keys.map { ($0, $0 * $0) })
        }
        _ = await squares.load([1, 2])
        #expect(loading.calls.isEmpty)
        await LoadingContext.$traced.withValue(LoadingContext()) { _ = await squares.load([3]) }
        #expect(loading.calls.isEmpty)
        await LoadingContext.$traced.withValue(loading) { _ = await squares.load([4]) }
        #expect(loading.calls.map(\.loader) == ["squares"] && loading.calls.map(\.keys) == [1])
        await LoadingContext.$traced.withValue(loading) {
            _ = await squares.load(Array(5...LoadingContext.mostNoted + 10))
        }
        #expect(loading.calls.count == LoadingContext.mostNoted)
    }
}
