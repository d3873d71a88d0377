import Testing

@testable import HTTPServer

@Suite(.timeLimit(.minutes(3))) struct DecoderTests {
    /// The bytes as one piece, in single bytes, and cut in two at every place.
    private func splits(_ bytes: [UInt8]) -> [[[UInt8]]] {
        [[bytes], bytes.map { [$0] }]
            + (1..<max(2, min(bytes.count, 400))).map { [Array(bytes[..<$0]), Array(bytes[$0...])] }
    }

    private func expect(
        _ bytes: [UInt8],
        _ items: [DecoderOutcome.Item],
        limits: WebSocketConfiguration = WebSocketConfiguration(),
        allowsCompression: Bool = false,
        line: Int = #line
    ) {
        for pieces in splits(bytes) {
            let outcome = DecoderOutcome(pieces, limits: limits, allowsCompression: allowsCompression)
            #expect(outcome.items == items, "line \(line)")
        }
    }

    @Test func `messages are joined from fragments, with control frames between them`() {
        let bytes =
            clientFrame(1, "whole") + clientFrame(2, [0, 255]) + clientFrame(1, "") + clientFrame(9, "ping")
            + clientFrame(1, "a κ", isFinal: false) + clientFrame(0, "", isFinal: false) + clientFrame(10, "pong")
            + clientFrame(0, "όσμε") + clientFrame(2, [UInt8](repeating: 5, count: 300))
            + clientFrame(8, [0x03, 0xe8] + Array("bye".utf8)) + clientFrame(1, "lost")
        expect(
            bytes,
            [
                .text(Array("whole".utf8)), .binary([0, 255]), .text([]), .ping(Array("ping".utf8)),
                .pong(Array("pong".utf8)), .text(Array("a κόσμε".utf8)), .binary([UInt8](repeating: 5, count: 300)),
                .close(1000, [0x03, 0xe8] + Array("bye".utf8)),
            ]
        )
    }

    @Test func `long frames are read`() {
        let payload = (0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        expect(clientFrame(2, payload), [.binary(payload)])
    }

    @Test func `broken rules are named`() {
        let rules: [([UInt8], WebSocketViolation)] = [
            (clientFrame(1, Array("a".utf8), mask: nil), .unmaskedFrame),
            (clientFrame(1, [], reserved: 0x40), .reservedBits),
            (clientFrame(1, [], reserved: 0x20), .reservedBits),
            (clientFrame(9, [], reserved: 0x10), .reservedBits),
            (clientFrame(3, []), .unknownOpcode),
            (clientFrame(11, []), .unknownOpcode),
            (clientFrame(9, [], isFinal: false), .fragmentedControl),
            (clientFrame(9, [UInt8](repeating: 0, count: 126)), .controlTooLong),
            (clientFrame(0, "a"), .unexpectedContinuation),
            (clientFrame(1, "a", isFinal: false) + clientFrame(1, "b"), .missingContinuation),
            ([0x82, 0xfe, 0, 125, 0, 0, 0, 0], .lengthNotMinimal),
            ([0x82, 0xff, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0], .lengthNotMinimal),
            ([0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], .lengthNotMinimal),
            (clientFrame(8, [3]), .badClosePayload),
            (clientFrame(8, [3, 0xed]), .badCloseCode),
            (clientFrame(8, [0, 0]), .badCloseCode),
            (clientFrame(8, [0x03, 0xee]), .badCloseCode),
            (clientFrame(8, [0x0b, 0xb7]), .badCloseCode),
            (clientFrame(8, [0x13, 0x88]), .badCloseCode),
            (clientFrame(8, [3, 0xe8, 0xff]), .invalidText),
        ]
        for (bytes, violation) in rules {
            let ignored = clientFrame(1, "ignored")
            let items = DecoderOutcome([bytes + ignored]).items
            #expect(items.last == .violation(violation), "\(violation)")
            expect(bytes + ignored, items)
        }
    }

    @Test(
        arguments: [
            [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe0, 0x80, 0x80], [0xf5], [0x80], [0xfe],
            [0x61, 0xe2, 0x82], [0xf0, 0x8f, 0xbf, 0xbf],
        ] as [[UInt8]]
    )
    func `bad text is refused, whole and in fragments`(text: [UInt8]) {
        let prefix = Array("0123456789abcdef".utf8)
        expect(clientFrame(1, prefix + text), [.violation(.invalidText)])
        for cut in 0...text.count {
            let frames =
                clientFrame(1, Array(text[..<cut]), isFinal: false) + clientFrame(0, Array(text[cut...]))
            expect(frames, [.violation(.invalidText)])
        }
    }

    @Test func `every valid character passes, and no other sequence of up to three bytes`() {
        for number in 0..<(1 << 16) {
            let bytes = [UInt8(number >> 8), UInt8(number & 255)]
            var validator = UTF8Validator()
            let isValid = bytes.withUnsafeBytes { validator.accept($0) } && validator.isComplete
            #expect(isValid == (String(validating: bytes, as: UTF8.self) != nil))
        }
        for scalar in stride(from: 0 as UInt32, to: 0x110000, by: 37) {
            guard let scalar = Unicode.Scalar(scalar) else { continue }
            var validator = UTF8Validator()
            let isValid = Array(String(scalar).utf8).withUnsafeBytes { validator.accept($0) } && validator.isComplete
            #expect(isValid)
        }
    }

    @Test func `text fails at the first bad byte, before the frame is complete`() {
        let frame = clientFrame(1, [0x61, 0xff] + [UInt8](repeating: 0x61, count: 100))
        #expect(DecoderOutcome([Array(frame.prefix(8))]).items == [.violation(.invalidText)])
    }

    @Test func `limits hold exactly`() {
        var limits = WebSocketConfiguration()
        limits.maximumFrame = 10
        limits.maximumMessage = 15
        let ten = [UInt8](repeating: 1, count: 10)
        let five = [UInt8](repeating: 2, count: 5)
        expect(clientFrame(2, ten, isFinal: false) + clientFrame(0, five), [.binary(ten + five)], limits: limits)
        expect(clientFrame(2, ten + [1]), [.violation(.frameTooBig)], limits: limits)
        expect(
            clientFrame(2, ten, isFinal: false) + clientFrame(0, five + [1]),
            [.violation(.messageTooBig)],
            limits: limits
        )
        #expect(DecoderOutcome([[0x82, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]]).items == [.violation(.frameTooBig)])
    }

    @Test func `compressed messages are unpacked, whole and in fragments`() {
        let text = Array(String(repeating: "all work and no play ", count: 50).utf8)
        let packed = rawDeflate(text)
        let middle = packed.count / 2
        expect(clientFrame(1, packed, reserved: 0x40), [.text(text)], allowsCompression: true)
        expect(
            clientFrame(1, Array(packed[..<middle]), isFinal: false, reserved: 0x40) + clientFrame(9, "p")
                + clientFrame(0, Array(packed[middle...])) + clientFrame(1, "plain"),
            [.ping(Array("p".utf8)), .text(text), .text(Array("plain".utf8))],
            allowsCompression: true
        )
        expect(clientFrame(1, [0], reserved: 0x40), [.text([])], allowsCompression: true)
        expect(
            clientFrame(1, packed, isFinal: false, reserved: 0x40) + clientFrame(0, [], reserved: 0x40),
            [.violation(.reservedBits)],
            allowsCompression: true
        )
    }

    @Test func `bad compression, bad text inside it, and bombs are refused`() {
        expect(
            clientFrame(2, [0xff, 0xff, 0xff], reserved: 0x40),
            [.violation(.invalidCompression)],
            allowsCompression: true
        )
        let whole = rawDeflate(Array((0..<400).flatMap { "\($0 &* 7_919 % 1_000)".utf8 }))
        for count in 1..<whole.count {
            let outcome = DecoderOutcome(
                [clientFrame(2, Array(whole[..<count]), reserved: 0x40)],
                allowsCompression: true
            )
            #expect(outcome.items == [.violation(.invalidCompression)], "\(count) of \(whole.count)")
        }
        expect(
            clientFrame(1, rawDeflate([0x61, 0xff]), reserved: 0x40),
            [.violation(.invalidText)],
            allowsCompression: true
        )
        var limits = WebSocketConfiguration()
        limits.maximumMessage = 100_000
        let fits = rawDeflate([UInt8](repeating: 0, count: 100_000))
        let bomb = rawDeflate([UInt8](repeating: 0, count: 100_001))
        #expect(fits.count < 300)
        expect(
            clientFrame(2, fits, reserved: 0x40),
            [.binary([UInt8](repeating: 0, count: 100_000))],
            limits: limits,
            allowsCompression: true
        )
        expect(
            clientFrame(2, bomb, reserved: 0x40),
            [.violation(.messageTooBig)],
            limits: limits,
            allowsCompression: true
        )
    }

    @Test(arguments: [
        ("permessage-deflate", 15), ("permessage-deflate; client_max_window_bits", 15),
        ("permessage-deflate; server_max_window_bits=10; client_max_window_bits=8", 10),
        ("permessage-deflate; server_max_window_bits=8", 0),
        ("permessage-deflate; server_max_window_bits=8, permessage-deflate", 15),
        ("permessage-deflate; server_max_window_bits=16", 0), ("permessage-deflate; unknown", 0),
        ("permessage-deflate; server_no_context_takeover; server_no_context_takeover", 0),
        ("permessage-deflate; client_max_window_bits=7", 0), ("x-webkit-deflate-frame", 0), ("", 0),
        ("permessage-deflate; server_max_window_bits=\"12\"; server_no_context_takeover", 12),
    ])
    func `compression is agreed on as offered`(offer: String, windowBits: Int) {
        #expect((WebSocketExtensions.negotiate([offer])?.windowBits ?? 0) == windowBits)
    }
}
