import Testing

@testable import HTTPServer

@Suite(.timeLimit(.minutes(3))) struct DecoderMutationTests {
    private static let seeds: [[UInt8]] = [
        clientFrame(1, "hello κόσμε") + clientFrame(9, "p") + clientFrame(2, [0, 1, 2, 255]),
        clientFrame(1, "frag", isFinal: false) + clientFrame(10, "") + clientFrame(0, "ment €")
            + clientFrame(8, [3, 0xe8]),
        clientFrame(1, rawDeflate(Array(String(repeating: "abc ", count: 60).utf8)), reserved: 0x40),
        clientFrame(2, [UInt8](repeating: 7, count: 130)) + clientFrame(8, [0x0f, 0xa0] + Array("why".utf8)),
        clientFrame(1, rawDeflate(Array("short".utf8)), isFinal: false, reserved: 0x40) + clientFrame(0, []),
    ]

    private static let nasty: [[UInt8]] = [
        [0xff], [0x80], [0xc1], [0x88, 0x80, 0, 0, 0, 0], [0xed, 0xa0, 0x80], [0x00], [0x7f], [0xfe, 0, 0],
        [0x81, 0x81],
    ]

    private static var limits: WebSocketConfiguration {
        var limits = WebSocketConfiguration()
        limits.maximumFrame = 200
        limits.maximumMessage = 250
        return limits
    }

    @Test(arguments: 0..<4)
    func `mutated frames mean the same however they are split`(worker: Int) {
        var random = SplitMix(seed: UInt64(worker) + 100)
        var refused = 0
        for round in 0..<25_000 {
            let bytes = random.mutate(Self.seeds[random.below(Self.seeds.count)], nasty: Self.nasty)
            let whole = DecoderOutcome([bytes], limits: Self.limits, allowsCompression: true)
            let pieces = random.split(bytes)
            let parts = DecoderOutcome(pieces, limits: Self.limits, allowsCompression: true)
            guard whole == parts else {
                Issue.record("worker \(worker), round \(round): \(pieces) gave \(parts), whole \(whole)")
                return
            }
            if case .violation = whole.items.last { refused += 1 }
        }
        #expect(refused > 5_000 && refused < 24_000)
    }
}
