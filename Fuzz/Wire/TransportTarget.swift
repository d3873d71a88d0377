import GraphQLEngine
import GraphQLSchema

@testable import GraphQLTransport
@testable import HTTPServer

/// What GraphQL over HTTP and WebSocket makes of bytes that were taken for messages, maps of uploads or the head of a request.
enum TransportTarget {
    /// Messages of a socket, one a line. Whatever they are, no more operations run than may, no number is given twice, and
    /// nothing counts behind the close.
    static func converse(_ bytes: [UInt8], _ seed: UInt8) {
        let limit = 3
        var machine = SocketProtocol(
            seed & 1 == 0 ? .transport : .older,
            maximumOperations: limit,
            maximumRequestBytes: 4_096
        )
        var running: [SocketProtocol.Number: String] = [:]
        var newest = 0
        for (place, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
            let wasClosed = machine.phase == .closed
            var actions = line.withUnsafeBytes { machine.received(text: $0) }
            if wasClosed, !actions.isEmpty { fail("nothing counts behind the close") }
            if actions.contains(where: { if case .connect = $0 { true } else { false } }) {
                actions += seed & 6 == 6 ? machine.refused("no") : machine.accepted()
            }
            for action in actions {
                switch action {
                case .start(let number, let id, _):
                    if number <= newest { fail("no number is given twice") }
                    newest = number
                    running[number] = id
                case .stop(let number):
                    if running.removeValue(forKey: number) == nil { fail("what is stopped ran") }
                case .close: running = [:]
                default: break
                }
            }
            if running.count > limit { fail("no more operations run than may") }
            if (place + Int(seed)).isMultiple(of: 3), let (number, id) = running.min(by: { $0.key < $1.key }) {
                if !machine.end(number, id: id) { fail("what runs can end") }
                if machine.end(number, id: id) { fail("nothing ends twice") }
                running[number] = nil
            }
            if !running.allSatisfy({ machine.isRunning($0.key, id: $0.value) }) { fail("what was not stopped runs") }
        }
    }

    /// The parts `map` and `operations` of a form, a line each: a file is put where nothing was, and nowhere else.
    static func upload(_ bytes: [UInt8]) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 1)
        guard lines.count == 2, let mapped = try? Value(json: Array(lines[0])),
            var operations = try? Value(json: Array(lines[1])), let map = try? UploadMap(mapped, limits)
        else { return }
        let keys = Dictionary(map.names.map { ($0, "file " + $0) }, uniquingKeysWith: { first, _ in first })
        let nulls = count(operations) { if case .null = $0 { true } else { false } }
        let texts = count(operations) { if case .string = $0 { true } else { false } }
        guard (try? map.place(keys, in: &operations)) != nil else { return }
        let placed = nulls - count(operations) { if case .null = $0 { true } else { false } }
        if count(operations, { if case .string = $0 { true } else { false } }) != texts + placed {
            fail("each file takes the place of one null")
        }
        if placed > limits.maximumPaths { fail("no more paths than may be") }
        _ = try? Envelope(operations)
    }

    /// The query of a URL, and the fields Accept and Content-Type, a line each.
    static func head(_ bytes: [UInt8]) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.count == 3 else { return }
        func request(_ accepted: [UInt8]) -> HTTPRequest? {
            var text = Array("GET /?".utf8) + lines[0] + Array(" HTTP/1.1\r\nhost: a\r\naccept: ".utf8) + accepted
            text += Array("\r\ncontent-type: ".utf8) + lines[2] + Array("\r\n\r\n".utf8)
            var parser = HTTPRequestParser(HTTPServerConfiguration())
            var position = 0
            return text.withUnsafeBytes { bytes in
                let event = parser.next(bytes, &position, pool: HTTPRequestPool())
                return if case .head(let request) = event { request } else { nil }
            }
        }
        guard let once = request(Array(lines[1])) else { return }
        if let envelope = try? Envelope(urlQuery: once.query), envelope.query == nil, envelope.documentID == nil,
            envelope.extensions["persistedQuery"] == nil
        {
            fail("an envelope says what to run")
        }
        _ = MediaType.takesEvents(once)
        _ = MediaType.prefersPage(once)
        if let type = once.sole("content-type") { _ = ContentType.isJSON(type) }
        guard let twice = request(lines[1] + [UInt8(ascii: ",")] + lines[1]) else { return }
        for edition in [StatusCodes.legacy, .september2026]
        where MediaType.negotiate(once, edition) != MediaType.negotiate(twice, edition) {
            fail("who likes something twice likes it as before")
        }
    }

    private static let limits = {
        var limits = UploadLimits()
        limits.maximumFiles = 3
        limits.maximumPaths = 5
        limits.maximumPathDepth = 4
        return limits
    }()

    private static func count(_ value: Value, _ holds: (Value) -> Bool) -> Int {
        let own = holds(value) ? 1 : 0
        return switch value {
        case .list(let items): items.reduce(own) { $0 + count($1, holds) }
        case .object(let fields): fields.reduce(own) { $0 + count($1.value, holds) }
        default: own
        }
    }

    private static func fail(_ property: String) { fatalError("does not hold: \(property)") }
}
