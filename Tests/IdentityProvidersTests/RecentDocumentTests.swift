import Testing

@testable import IdentityProviders

@Suite struct RecentDocumentTests {
    private func failing() async throws(ProviderFault) -> Int { throw .unavailable("it is away") }

    @Test func `what is asked for in vain does not make the old one younger`() async throws {
        let document = RecentDocument<Int>()
        #expect(try await document.value(atSeconds: 0) { 1 } == 1)
        // Again and again a key comes that nobody knows.
        for minute in 1..<60 {
            await #expect(throws: ProviderFault.self) {
                _ = try await document.newer(atSeconds: Double(minute) * 60, failing)
            }
        }
        #expect(try await document.value(atSeconds: 3_599) { 2 } == 1)
        await #expect(throws: ProviderFault.self) { _ = try await document.value(atSeconds: 3_661, failing) }
    }

    @Test func `one is asked for again once a minute at most`() async throws {
        let document = RecentDocument<Int>()
        #expect(try await document.value(atSeconds: 0) { 1 } == 1)
        #expect(try await document.newer(atSeconds: 59) { 2 } == nil)
        #expect(try await document.newer(atSeconds: 60) { 2 } == 2)
        #expect(try await document.newer(atSeconds: 61) { 3 } == nil)
        #expect(try await document.value(atSeconds: 3_659) { 4 } == 2)
    }

    @Test func `at the end of its hour one asks for it, and the others go on for a minute`() async throws {
        let document = RecentDocument<Int>()
        #expect(try await document.value(atSeconds: 0) { 1 } == 1)
        await #expect(throws: ProviderFault.self) { _ = try await document.value(atSeconds: 3_600, failing) }
        #expect(try await document.value(atSeconds: 3_601) { 2 } == 1)
        #expect(try await document.value(atSeconds: 3_660) { 2 } == 2)
    }
}
