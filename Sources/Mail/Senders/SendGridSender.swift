internal import Credentials
package import OutboundHTTP

/// Gives mails to SendGrid: https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send
package struct SendGridSender: MailSender {
    private let client: OutboundClient
    private let key: String
    private let url: String

    /// - Parameter base: where the service is, without a slash at its end.
    package init(_ client: OutboundClient, key: String, base: String = "https://api.sendgrid.com") {
        self.client = client
        self.key = key
        url = base + "/v3/mail/send"
    }

    package var name: String { "sendgrid" }

    package func send(_ message: MailMessage) async throws -> String? {
        var request = OutboundRequest("POST", url)
        request.fields = [("authorization", "Bearer \(key)"), ("content-type", "application/json")]
        request.body = Array(SendGridSender.json(message).utf8)
        request.maximumBytes = 64 << 10
        request.reach = .anywhere
        let response = try await client.send(request)
        switch response.status {
        case 200..<300: return response["x-message-id"]
        // What was sent is wrong. Others are about the key, the account or the service, and may be mended.
        case 400, 413: throw MailFault.rejected("the service said \(response.status)")
        default: throw MailFault.postponed("the service said \(response.status)")
        }
    }

    private static func json(_ message: MailMessage) -> String {
        func person(_ address: MailAddress) -> JSONValue {
            var fields = ["email": JSONValue.string(address.address)]
            if let name = address.name { fields["name"] = .string(name) }
            return .object(fields)
        }
        func content(_ kind: String, _ text: String) -> JSONValue {
            .object(["type": .string(kind), "value": .string(text)])
        }
        let fields = message.unsubscribeFields.map { ($0.name, JSONValue.string($0.value)) }
        let headers = ("headers", JSONValue.object(Dictionary(uniqueKeysWithValues: fields)))
        return JSONValue.json(
            [
                ("personalizations", .list([.object(["to": .list([person(message.to)])])])),
                ("from", person(message.from)), ("subject", .string(message.subject)),
                // Text goes before HTML, or the service refuses.
                ("content", .list([content("text/plain", message.text), content("text/html", message.html)])),
                ("custom_args", .object(["message": .string(message.id)])),
            ] + (fields.isEmpty ? [] : [headers])
        )
    }
}
