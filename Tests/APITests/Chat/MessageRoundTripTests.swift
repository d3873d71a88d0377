import Testing

/// What sending a message costs in ways to the database and back: that is what bounds how many a second can be sent.
@Suite(.timeLimit(.minutes(3))) struct MessageRoundTripTests {
    @Test func `a message goes to the database twice, whatever it says and answers`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            let root = try server.send("first", to: group.general, by: ida)
            let file = try server.upload(Sample.text(10), name: "a.txt", token: ben.token)["data.fileUpload.file.id"]
            // Statements are prepared where they are used first.
            func trips(_ input: [String: Any], by person: TestPerson) async throws -> UInt64 {
                let query = """
                    mutation ($in: MessageSendInput!) { messageSend(input: $in) {
                        message { seq body attachments { file { filename } } threadRoot { seq } replyTo { seq }
                            mentions { username } } userErrors { code } } }
                    """
                let before = try await server.roundTrips()
                let input = input.merging(["roomId": group.general, "body": "hello"]) { given, _ in given }
                let answer = try server.ask(query, ["in": input], token: person.token)
                #expect(answer.codes("messageSend") == [], "\(answer.text)")
                #expect(answer["data.messageSend.message.seq"] != nil, "\(answer.text)")
                return try await server.roundTrips() - before
            }
            // That somebody does something who is not connected is noted beside, once a minute.
            _ = try await trips([:], by: ben)
            try await server.until("SELECT count(*) FROM presence", is: "2")
            #expect(try await trips([:], by: ida) == 2)
            #expect(try await trips([:], by: ben) == 2)
            #expect(try await trips(["nonce": "a nonce of its own"], by: ben) == 2)
            #expect(try await trips(["nonce": "a nonce of its own"], by: ben) == 2)
            #expect(try await trips(["replyToId": root], by: ben) == 2)
            #expect(try await trips(["threadId": root, "replyToId": root], by: ben) == 2)
            #expect(try await trips(["attachments": [["fileId": try #require(file)]]], by: ben) == 2)
            // Who wants to hear of it, and the note for them.
            #expect(try await trips(["body": "@ida and @nobody and @ben"], by: ben) == 4)
            #expect(try server.sql("SELECT count(*) FROM message_mentions") == "1")
            #expect(try server.sql("SELECT last_seq FROM rooms WHERE kind = 'CHANNEL'") == "9")
            #expect(try server.sql("SELECT count(*) FROM events WHERE kind = 'MessageCreated'") == "9")
            #expect(
                try server.sql(
                    "SELECT last_read_seq FROM room_members m JOIN users u ON u.id = m.user_id WHERE username = 'ben'"
                ) == "9"
            )
        }
    }

    @Test func `what is refused holds up nobody, and costs what it was asked for`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida])
            _ = try server.askSend("hi", to: group.general, by: ben)
            try await server.until("SELECT count(*) FROM presence", is: "1")
            let before = try await server.roundTrips()
            #expect(try server.askSend("hi", to: group.general, by: ben).codes("messageSend") == ["NOT_FOUND"])
            // Its end, too.
            #expect(try await server.roundTrips() - before <= 2)
            #expect(try server.sql("SELECT count(*) FROM rate_buckets WHERE key LIKE 'message_send:%'") == "1")
            #expect(try server.sql("SELECT count(*) FROM messages") == "0")
            // Who does not see the room waits for none of those who write to it.
            let held = try HeldTransaction(
                "PERFORM 1 FROM rooms WHERE kind = 'CHANNEL' FOR NO KEY UPDATE",
                on: server.connectionString
            )
            #expect(try server.askSend("hi", to: group.general, by: ben).codes("messageSend") == ["NOT_FOUND"])
            #expect(try held.isHeld)
            try server.send("hi", to: group.general, by: ida)
            try held.end()
            try server.sql(
                "UPDATE rate_buckets SET tokens = -50, refilled_at = clock_timestamp() WHERE key LIKE 'message_send:%'"
            )
            #expect(try server.askSend("hi", to: group.general, by: ben).errorCode == "RATE_LIMITED")
        }
    }
}
