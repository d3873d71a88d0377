import EventLoop

@testable import HTTPServer

/// What a decoder made of some input, in a form that does not depend on how the input was split.
struct DecoderOutcome: Equatable {
    enum Item: Equatable {
        case text([UInt8])
        case binary([UInt8])
        case ping([UInt8])
        case pong([UInt8])
        case close(UInt16?, [UInt8])
        case violation(WebSocketViolation)
    }

    var items: [Item] = []

    init(
        _ pieces: [[UInt8]],
        limits: WebSocketConfiguration = WebSocketConfiguration(),
        allowsCompression: Bool = false
    ) {
        var decoder = WebSocketDecoder(limits, allowsCompression: allowsCompression)
        let deflate = WebSocketDeflate(level: 4)
        for piece in pieces {
            var piece = piece
            piece.withUnsafeMutableBytes { bytes in
                var position = 0
                while let item = DecoderOutcome.read(&decoder, bytes, &position, deflate) { items.append(item) }
            }
        }
    }

    private static func read(
        _ decoder: inout WebSocketDecoder,
        _ bytes: UnsafeMutableRawBufferPointer,
        _ position: inout Int,
        _ deflate: WebSocketDeflate
    ) -> Item? {
        let event = decoder.next(bytes, &position, deflate: { deflate })
        func read(_ payload: WebSocketDecoder.Payload) -> [UInt8] {
            switch payload {
            case .input(let range): Array(bytes[range])
            case .collected: decoder.takeCollected().array()
            }
        }
        switch event {
        case .needMore: return nil
        case .message(.text, let payload): return .text(read(payload))
        case .message(.binary, let payload): return .binary(read(payload))
        case .ping(let payload): return .ping(read(payload))
        case .pong(let payload): return .pong(read(payload))
        case .close(let code, let payload): return .close(code?.rawValue, read(payload))
        case .violation(let violation): return .violation(violation)
        }
    }
}
