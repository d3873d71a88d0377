import EventLoop
import PostgresTesting
import Testing

@testable import Data

@Suite struct SignalFeedTests {
    /// What was sent; used on one loop.
    private final class Sent: @unchecked Sendable {
        var payloads: [String] = []
    }

    @Test func `what is sent before there is a connection waits for it, and no more than there is room for`()
        async throws
    {
        try await onLoop { loop in
            let sent = Sent()
            var options = SignalFeed.Options()
            options.pendingBytes = 1_000
            options.coalescing = .milliseconds(1)
            let feed = SignalFeed(on: loop, options) { sent.payloads.append($0) }
            defer { feed.close() }
            for number in 0..<100 {
                feed.send("\(number) \(String(repeating: "x", count: 90))", to: "room:1")
                if number % 10 == 0 { try await loop.sleep(for: .milliseconds(5)) }
            }
            #expect(sent.payloads == [])
            #expect(feed.metrics.dropped == 90)
            feed.listening()
            while sent.payloads.isEmpty { try await loop.sleep(for: .milliseconds(1)) }
            #expect(sent.payloads.joined().utf8.count <= 1_000)
            #expect(sent.payloads[0].hasPrefix("room:1 0 xxx"))
            feed.send("more", to: "room:1")
            while sent.payloads.count < 2 { try await loop.sleep(for: .milliseconds(1)) }
            #expect(sent.payloads[1] == "room:1 more")
        }
    }

    @Test func `whoever is cancelled before there is a connection does not wait for it`() async throws {
        try await onLoop { loop in
            let feed = SignalFeed(on: loop) { _ in }
            defer { feed.close() }
            let listening = loop.startTask { try? await feed.subscribe(to: ["room:1"]).next() }
            let other = loop.startTask { try? await feed.subscribe(to: ["room:1"]).next() }
            try await loop.sleep(for: .milliseconds(5))
            listening.cancel()
            #expect(await listening.value == nil)
            feed.listening()
            try await loop.sleep(for: .milliseconds(5))
            feed.received("room:1 hello")
            #expect(await other.value == Signal(topic: "room:1", text: "hello"))
        }
    }
}
