import SocketTesting
import Testing

@Suite(.timeLimit(.minutes(3))) struct MessageMarkupTests {
    @Test func `the marks of a message are elements, in lists and in events`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            let stream = try LiveStream(
                server,
                "subscription ($id: ID!) { messageAdded(roomId: $id) { message { body bodyHtml } } }",
                ["id": group.general],
                token: ben.token
            )
            let body = "**now** <script>hit()</script> [x](javascript:hit())"
            let html = "<p><strong>now</strong> &lt;script&gt;hit()&lt;/script&gt; <a>x</a></p>\n"
            try server.send(body, to: group.general, by: ida)
            let event = try #require(try stream.next())
            #expect(event["data.messageAdded.message.body"] == body)
            #expect(event["data.messageAdded.message.bodyHtml"] == html)
            let query = "query ($id: ID!) { room(id: $id) { messages(first: 1) { nodes { id bodyHtml } } } }"
            let answer = try server.ask(query, ["id": group.general], token: ida.token)
            #expect(answer["data.room.messages.nodes.0.bodyHtml"] == html)
            let id = try #require(answer["data.room.messages.nodes.0.id"])
            let delete = "mutation ($id: ID!) { messageDelete(id: $id) { message { bodyHtml } userErrors { code } } }"
            let deleted = try server.ask(delete, ["id": id], token: ida.token)
            #expect(deleted["data.messageDelete.message.bodyHtml"] == "", "\(deleted.text)")
        }
    }
}
