import EventLoop
import Foundation
import HTTPServer
import Mail
import OutboundHTTP
import Synchronization
import Testing

/// Against answers as SendGrid gives them.
@Suite(.timeLimit(.minutes(3))) struct SendGridSenderTests {
    private final class Service: HTTPHandler {
        let status: HTTPStatus
        let requests = Mutex<[(head: String, body: String)]>([])

        init(_ status: HTTPStatus) { self.status = status }

        func bodyPolicy(for request: HTTPRequest) -> HTTPBodyPolicy { .collect() }
        func handle(_ request: HTTPRequest, _ responder: HTTPResponder) {
            let body = request.withBody { String(decoding: $0, as: UTF8.self) }
            let fields = [request["authorization"], request["content-type"]].map { $0?.string ?? "-" }
            requests.withLock {
                $0.append(("\(request.method.name) \(request.target.string) \(fields.joined(separator: " "))", body))
            }
            responder.respond(
                status,
                HTTPFields(["x-message-id": "abc"]),
                text: "{\"errors\":[{\"message\":\"secret\"}]}"
            )
        }
    }

    private func send(_ service: Service) async throws -> String? {
        let group = try EventLoopGroup(count: 1)
        let port = try HTTPServer(group: group, handler: service).listen(on: .loopback()).port
        let mail = try message(subject: "Hello \"Ida\" \\ \r\n", text: "Grüße\u{7}\n")
        let result: Result<String?, any Error>
        do {
            result = .success(
                try await withClient { client in
                    try await SendGridSender(client, key: "SG.key", base: "http://127.0.0.1:\(port)").send(mail)
                }
            )
        } catch { result = .failure(error) }
        await group.stop()
        return try result.get()
    }

    @Test func `a mail is given in the form of the service, and its name there is kept`() async throws {
        let service = Service(.accepted)
        #expect(try await send(service) == "abc")
        let (head, body) = try #require(service.requests.withLock { $0.first })
        #expect(head == "POST /v3/mail/send Bearer SG.key application/json")
        let json = try #require(JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
        #expect(json["subject"] as? String == "Hello \"Ida\" \\")
        #expect((json["from"] as? [String: String]) == ["email": "atrium@example.org", "name": "Atrium – Prüfung"])
        let content = try #require(json["content"] as? [[String: String]])
        #expect(content.map { $0["type"] } == ["text/plain", "text/html"])
        #expect(content[0]["value"] == "Grüße\u{7}\n")
        let people = try #require(json["personalizations"] as? [[String: [[String: String]]]])
        #expect(people == [["to": [["email": "ida@example.org"]]]])
    }

    @Test(arguments: [400, 413] as [HTTPStatus])
    func `a mail that is wrong is not sent again`(status: HTTPStatus) async throws {
        await #expect(throws: MailFault.rejected("the service said \(status.code)")) { try await send(Service(status)) }
    }

    @Test(arguments: [401, 403, 429, 500, 503] as [HTTPStatus])
    func `what may be mended is tried again`(status: HTTPStatus) async throws {
        await #expect(throws: MailFault.postponed("the service said \(status.code)")) {
            try await send(Service(status))
        }
    }
}
