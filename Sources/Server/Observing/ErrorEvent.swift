import Credentials
import EventLoop
import GraphQLTransport

/// A fault as those hear of it who gather errors: https://develop.sentry.dev/sdk/data-model/event-payloads/
struct ErrorEvent: Sendable {
    enum Level: String, Sendable { case error, fatal }

    let id: String
    let seconds: Double
    let level: Level
    /// The type of the error.
    let type: String
    /// What it says, without what looks like somebody's.
    let value: String
    /// The request it belongs to.
    let requestID: String?
    let traceID: String?
    /// The job it belongs to.
    let job: String?

    init(_ error: any Error, _ level: Level = .error, job: String? = nil, at seconds: Double) {
        id = Hexadecimal.text(SecureRandom.bytes(16))
        self.seconds = seconds
        self.level = level
        type = String("\(Swift.type(of: error))".prefix(200))
        value = ScrubbedText.of("\(error)")
        requestID = ServedRequest.current?.id
        traceID = ServedRequest.current?.traceID
        self.job = job
    }

    /// A header of the envelope, one of its only item, and that: https://develop.sentry.dev/sdk/data-model/envelopes/
    func envelope(environment: String) -> [UInt8] {
        let payload = Array(json(environment).utf8)
        let head = JSONValue.json([("event_id", .string(id))])
        let item = JSONValue.json([
            ("type", .string("event")), ("length", .number(Double(payload.count))),
            ("content_type", .string("application/json")),
        ])
        return Array((head + "\n" + item + "\n").utf8) + payload + [0x0a]
    }

    /// What the error says, with a zero in place of each number, and no longer than tells kinds apart.
    private var kind: String {
        var kind = ""
        for character in value.prefix(200) {
            guard character.isNumber else {
                kind.append(character)
                continue
            }
            if kind.last != "0" { kind.append("0") }
        }
        return kind
    }

    private func json(_ environment: String) -> String {
        var tags: [String: JSONValue] = [:]
        if let requestID { tags["request_id"] = .string(requestID) }
        if let job { tags["job"] = .string(job) }
        var fields: [(String, JSONValue)] = [
            ("event_id", .string(id)), ("timestamp", .number(seconds)), ("platform", .string("other")),
            ("level", .string(level.rawValue)), ("logger", .string(job == nil ? "graphql" : "jobs")),
            ("release", .string("atrium@\(Server.version)")), ("environment", .string(environment)),
            ("tags", .object(tags)),
            (
                "exception",
                .object(["values": .list([.object(["type": .string(type), "value": .string(value)])])])
            ),
            // Equal faults are one issue, whatever numbers they say.
            ("fingerprint", .list([.string(type), .string(job ?? "graphql"), .string(kind)])),
        ]
        if let traceID {
            let trace: [String: JSONValue] = [
                "trace_id": .string(traceID), "span_id": .string(String(traceID.prefix(16))),
            ]
            fields.append(("contexts", .object(["trace": .object(trace)])))
        }
        return JSONValue.json(fields)
    }
}
