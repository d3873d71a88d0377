import Testing

@testable import HTTPServer

@Suite(.timeLimit(.minutes(3))) struct ParserMutationTests {
    /// The last one lies exactly on the limits below.
    private static let seeds: [String] = [
        "GET /a?b HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\nGET /c HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nA: b\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: [::1]:80\r\nConnection: close\r\n\r\n",
        "PUT http://h.example/x HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
        "GET /\(String(repeating: "x", count: 46)) HTTP/1.1\r\nHost: \(String(repeating: "h", count: 44))\r\n\r\n",
    ]

    private static let nasty: [[UInt8]] = [
        "\r", "\n", "\r\n", "\r\n\r\n", "\0", " ", "\t", ":", ",", ";", "0", "-1", "FFFFFFFFFFFFFFFF",
        "Transfer-Encoding: chunked\r\n", "Content-Length: 4\r\n", "\r\n X", "HTTP/1.1", "Host: b\r\n",
    ].map { Array($0.utf8) }

    /// Small limits, so that mutated input reaches them.
    private static var limits: HTTPServerConfiguration {
        var limits = HTTPServerConfiguration()
        limits.maximumRequestLine = 60
        limits.maximumFieldLine = 50
        limits.maximumHead = 150
        limits.maximumFields = 5
        limits.maximumBody = 60
        limits.maximumChunkExtensions = 12
        limits.maximumTrailers = 30
        return limits
    }

    /// A hundred thousand inputs in all; each suite of seeds has its own random sequence.
    @Test(arguments: 0..<4)
    func `a mutated request means the same however it is split`(worker: Int) {
        var random = SplitMix(seed: UInt64(worker) + 1)
        var refused = 0
        for round in 0..<25_000 {
            let seed = Array(Self.seeds[random.below(Self.seeds.count)].utf8)
            let bytes = random.mutate(seed, nasty: Self.nasty)
            let whole = ParserOutcome([bytes], limits: Self.limits)
            let pieces = random.split(bytes)
            let parts = ParserOutcome(pieces, limits: Self.limits)
            guard whole == parts else {
                Issue.record("worker \(worker), round \(round): \(pieces) gave \(parts), whole \(whole)")
                return
            }
            if whole.violation != nil { refused += 1 }
        }
        // Mutations that are all refused, or none, would test nothing.
        #expect(refused > 5_000 && refused < 24_000)
    }
}
