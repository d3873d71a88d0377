// Atrium by Swift and Foundation alone: a query, a sign-in, a message sent, a subscription that hears of it.
//
//     swiftc -parse-as-library with_swift.swift -o with_swift
//     ./with_swift [address of /graphql]      # with the sample world, which scripts/run makes

import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// What a server answers besides data.
struct Failure: Error, CustomStringConvertible {
    let description: String
}

struct Envelope<Answer: Decodable>: Decodable {
    struct Message: Decodable { let message: String }
    let data: Answer?
    let errors: [Message]?
}

struct Client {
    let server: URL
    var token: String?

    /// The data of an operation, as `Answer` has it.
    func ask<Answer: Decodable>(_ query: String, _ variables: [String: Any] = [:]) async throws -> Answer {
        let (data, _) = try await URLSession.shared.data(for: request(query, variables))
        return try Self.decode(data)
    }

    /// The data of each event of a subscription, as an event stream brings them.
    func subscribe<Event: Decodable & Sendable>(
        _ query: String,
        _ variables: [String: Any] = [:]
    ) throws -> AsyncThrowingStream<Event, any Error> {
        var request = try request(query, variables)
        request.setValue("text/event-stream", forHTTPHeaderField: "accept")
        request.timeoutInterval = 3600
        return AsyncThrowingStream { continuation in
            let reader = EventReader { event in
                switch event {
                case .next(let data): continuation.yield(with: Result { try Self.decode(data) })
                case .complete(let error): continuation.finish(throwing: error)
                }
            }
            let task = URLSession(configuration: .default, delegate: reader, delegateQueue: nil).dataTask(with: request)
            continuation.onTermination = { _ in task.cancel() }
            task.resume()
        }
    }

    private func request(_ query: String, _ variables: [String: Any]) throws -> URLRequest {
        var request = URLRequest(url: server)
        request.httpMethod = "POST"
        request.setValue("application/json", forHTTPHeaderField: "content-type")
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "authorization") }
        request.httpBody = try JSONSerialization.data(withJSONObject: ["query": query, "variables": variables])
        return request
    }

    private static func decode<Answer: Decodable>(_ data: Data) throws -> Answer {
        let envelope = try JSONDecoder().decode(Envelope<Answer>.self, from: data)
        guard let answer = envelope.data else {
            throw Failure(description: envelope.errors?.first?.message ?? "The server answered nothing.")
        }
        return answer
    }
}

/// Takes a stream of server-sent events apart, which are lines of `name: value` with an empty line behind each event.
/// `@unchecked Sendable`: a session calls its delegate from one queue.
final class EventReader: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    enum Event {
        case next(Data)
        case complete((any Error)?)
    }

    private let report: (Event) -> Void
    private var rest = Data()

    init(report: @escaping @Sendable (Event) -> Void) { self.report = report }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        rest += data
        while let end = rest.range(of: Data("\n\n".utf8)) {
            let lines = String(decoding: rest[..<end.lowerBound], as: UTF8.self).split(separator: "\n")
            rest = Data(rest[end.upperBound...])
            let payload = lines.filter { $0.hasPrefix("data:") }.map { $0.dropFirst(5) }.joined(separator: "\n")
            if lines.contains("event: next") { report(.next(Data(payload.utf8))) }
        }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        report(.complete(error))
    }
}

struct ServerInfo: Decodable {
    struct Info: Decodable { let version: String }
    let serverInfo: Info
}

struct SignIn: Decodable {
    struct Payload: Decodable { let outcome: Outcome? }
    struct Outcome: Decodable { let tokens: Tokens? }
    struct Tokens: Decodable { let accessToken: String }
    let signIn: Payload
}

struct NewGroup: Decodable {
    struct Payload: Decodable { let group: Group? }
    struct Group: Decodable { let channels: Rooms }
    struct Rooms: Decodable { let nodes: [Room] }
    struct Room: Decodable { let id: String }
    let groupCreate: Payload
}

struct Sent: Decodable {
    struct Payload: Decodable { let message: Message? }
    struct Message: Decodable { let seq: Int }
    let messageSend: Payload
}

struct Heard: Decodable {
    struct Event: Decodable { let cursor: String, message: Message }
    struct Message: Decodable { let body: String }
    let messageAdded: Event
}

@main struct WithSwift {
    static func main() async throws {
        let address = CommandLine.arguments.dropFirst().first ?? "http://127.0.0.1:8080/graphql"
        guard let server = URL(string: address) else { throw Failure(description: "\(address) is no address") }
        var client = Client(server: server)

        let info: ServerInfo = try await client.ask("{ serverInfo { version } }")
        print("version \(info.serverInfo.version)")

        let signIn: SignIn = try await client.ask(
            "mutation In($input: SignInInput!) { signIn(input: $input) { outcome { ... on SignInSuccess { tokens { accessToken } } } } }",
            ["input": ["identifier": "mara", "password": "lamp in the garden"]]
        )
        client.token = signIn.signIn.outcome?.tokens?.accessToken

        // A place to talk, someone who listens, and what they hear.
        let made: NewGroup = try await client.ask(
            "mutation New($name: String!) { groupCreate(input: {name: $name}) { group { channels(first: 1) { nodes { id } } } } }",
            ["name": "Swift \(UUID().uuidString)"]
        )
        guard let room = made.groupCreate.group?.channels.nodes.first?.id else {
            throw Failure(description: "no group")
        }
        let send = "mutation Send($input: MessageSendInput!) { messageSend(input: $input) { message { seq } } }"
        for body in ["Hello", "from Swift"] {
            let sent: Sent = try await client.ask(
                send,
                ["input": ["roomId": room, "body": body, "nonce": UUID().uuidString]]
            )
            print("sent as \(sent.messageSend.message?.seq ?? 0)")
        }

        let events: AsyncThrowingStream<Heard, any Error> = try client.subscribe(
            "subscription Live($room: ID!) { messageAdded(roomId: $room) { cursor message { body } } }",
            ["room": room]
        )
        let listener = Task {
            for try await event in events { return event.messageAdded.message.body }
            throw Failure(description: "the stream ended")
        }
        // Until it hears something: a message sent before the server listens for it is none of its events.
        let speaker = Task {
            while true {
                let _: Sent = try await client.ask(
                    send,
                    ["input": ["roomId": room, "body": "live", "nonce": UUID().uuidString]]
                )
                try await Task.sleep(for: .milliseconds(300))
            }
        }
        print("heard \(try await listener.value)")
        speaker.cancel()
    }
}
