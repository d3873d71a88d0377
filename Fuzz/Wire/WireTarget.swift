@testable import GraphQLTransport
@testable import HTTPServer

/// The entry of libFuzzer for what comes from sockets. The first byte says what the rest is taken for, the second how it
/// is split; whatever it is, it must mean the same in one piece. See scripts/fuzz-wire.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: data, count: count)
    guard count > 2 else { return 0 }
    let bytes = Array(input.dropFirst(2))
    let pieces = split(bytes, input[1])
    switch input[0] & 7 {
    case 0: expect(ParserOutcome([bytes], limits: httpLimits) == ParserOutcome(pieces, limits: httpLimits))
    case 1:
        // Frames change the bytes they are read from, and so does each outcome its own copy.
        let whole = DecoderOutcome([bytes], limits: socketLimits, allowsCompression: true)
        expect(whole == DecoderOutcome(pieces, limits: socketLimits, allowsCompression: true))
    case 3: ConnectionTarget.standard.run(pieces.isEmpty ? [bytes] : pieces)
    case 4: TransportTarget.converse(bytes, input[1])
    case 5: TransportTarget.upload(bytes)
    case 6: TransportTarget.head(bytes)
    default: expect(MultipartOutcome([bytes]) == MultipartOutcome(pieces))
    }
    return 0
}

private func split(_ bytes: [UInt8], _ seed: UInt8) -> [[UInt8]] {
    if seed == 0 { return bytes.map { [$0] } }
    var state = UInt32(seed)
    var pieces: [[UInt8]] = []
    var rest = bytes[...]
    while !rest.isEmpty {
        state = state &* 1_664_525 &+ 1_013_904_223
        let length = min(rest.count, Int(state >> 27))
        pieces.append(Array(rest.prefix(length)))
        rest = rest.dropFirst(length)
    }
    return pieces
}

private func expect(_ holds: Bool) {
    if !holds { fatalError("does not hold: bytes mean the same however they are split") }
}

/// Small limits, so that inputs reach them.
private let httpLimits = {
    var limits = HTTPServerConfiguration()
    limits.maximumRequestLine = 60
    limits.maximumFieldLine = 50
    limits.maximumHead = 150
    limits.maximumFields = 5
    limits.maximumBody = 60
    limits.maximumChunkExtensions = 12
    limits.maximumTrailers = 30
    return limits
}()

private let socketLimits = {
    var limits = WebSocketConfiguration()
    limits.maximumFrame = 200
    limits.maximumMessage = 250
    return limits
}()
