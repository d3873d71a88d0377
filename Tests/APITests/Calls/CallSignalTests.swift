import Actions
import PostgresClient
import SocketTesting
import Testing

@Suite(.timeLimit(.minutes(3))) struct CallSignalTests {
    @Test func `signals come in order, each once, through whichever process, and behind a cut`() async throws {
        try await APIServer.with { server in
            let other = try await APIServer(beside: server)
            do {
                let (ida, ben) = (try server.person("ida"), try server.person("ben"))
                let room = try server.directRoom(of: [ida, ben])
                let call = try server.start(room, on: "a", by: ida)
                // What is said before anybody has answered waits.
                for number in 1...3 {
                    let answer = try server.askSignal("early \(number)", in: call, to: ben, from: "a", by: ida)
                    #expect(answer["data.callSignal.seq"] == "\(number)", "\(answer.text)")
                }
                #expect(try other.askAnswer(call, on: "b", by: ben).codes("callAnswer") == [])
                let first = try other.signals(of: call, on: "b", as: ben)
                for number in 1...3 { #expect(try first.signal() == "\(number) early \(number)") }
                for number in 4...20 {
                    let place = number.isMultiple(of: 2) ? server : other
                    _ = try place.askSignal("late \(number)", in: call, to: ben, from: "a", by: ida)
                }
                for number in 4...12 { #expect(try first.signal() == "\(number) late \(number)") }
                let second = try server.signals(of: call, on: "b", after: 12, as: ben)
                for number in 13...20 { #expect(try second.signal() == "\(number) late \(number)") }
                // Many at a time: none is lost, and none comes twice.
                let sockets = try (0..<20).map { try ($0.isMultiple(of: 2) ? server : other).socket() }
                let query = "mutation ($in: CallSignalInput!) { callSignal(input: $in) { seq userErrors { code } } }"
                for (number, socket) in sockets.enumerated() {
                    let input: [String: Any] = [
                        "callId": call, "toUserId": ben.id, "deviceId": "a", "kind": "CANDIDATES",
                        "payload": "\(number)",
                    ]
                    try socket.send(server.request(query, ["in": input], token: ida.token))
                }
                let sent = try sockets.map { Int(try APIAnswer(from: $0)["data.callSignal.seq"] ?? "") ?? 0 }
                #expect(sent.sorted() == Array(21...40))
                for seq in 21...40 {
                    let number = try #require(sent.firstIndex(of: seq))
                    #expect(try second.signal() == "\(seq) \(number)")
                }
                _ = try server.askHangup(call, by: ida)
                #expect(try second.next() == nil)
                #expect(try server.sql("SELECT count(*) FROM call_signals") == "0")
            } catch {
                await other.stop()
                throw error
            }
            await other.stop()
        }
    }

    @Test func `only the device that has the call says and hears something`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let room = try server.directRoom(of: [ida, ben])
            let call = try server.start(room, on: "a", by: ida)
            func codes(_ payload: String, _ device: String, _ sender: TestPerson, _ to: TestPerson) throws -> [String] {
                try server.askSignal(payload, in: call, to: to, from: device, by: sender).codes("callSignal")
            }
            // Whoever has not answered says nothing.
            #expect(try codes("x", "b", ben, ida) == ["INVALID_INPUT"])
            let ringing = try server.signals(of: call, on: "b2", as: ben)
            _ = try codes("one", "a", ida, ben)
            #expect(try ringing.signal() == "1 one")
            #expect(try server.askAnswer(call, on: "b", by: ben).codes("callAnswer") == [])
            #expect(try codes("two", "a", ida, ben) == [])
            // The device that rang and did not answer hears no more.
            #expect(try ringing.next() == nil)
            #expect(try server.signals(of: call, on: "b2", as: ben).next()?.errorCode == "NOT_FOUND")
            let line = try server.signals(of: call, on: "b", after: 1, as: ben)
            let told = try #require(try line.next())
            #expect(told["data.callSignals.payload"] == "two")
            #expect(told["data.callSignals.fromUser.username"] == "ida")
            #expect(told["data.callSignals.fromDeviceId"] == "a")
            #expect(try codes("x", "elsewhere", ida, ben) == ["INVALID_INPUT"])
            #expect(try codes("x", "a", ida, ida) == ["NOT_FOUND"])
            #expect(try codes(String(repeating: "x", count: 65_536), "a", ida, ben) == [])
            #expect(try codes(String(repeating: "x", count: 65_537), "a", ida, ben) == ["INVALID_INPUT"])
            #expect(try codes(String(repeating: "é", count: 40_000), "a", ida, ben) == ["INVALID_INPUT"])
            #expect(try codes("nul \u{0}", "a", ida, ben) == ["INVALID_INPUT"])
            // A line that ends with its session.
            _ = try server.ask("mutation { signOut { sessionId } }", token: ben.token)
            _ = try codes("three", "a", ida, ben)
            var last = try line.next()
            while last?["data.callSignals.seq"] != nil { last = try line.next() }
            #expect(last?.errorCode == "UNAUTHENTICATED")
        }
    }

    @Test func `who says too much is held up`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let room = try server.directRoom(of: [ida, ben])
            let call = try server.start(room, on: "a", by: ida)
            #expect(try server.askSignal("x", in: call, to: ben, from: "a", by: ida).codes("callSignal") == [])
            try server.sql(
                "UPDATE rate_buckets SET tokens = -50, refilled_at = clock_timestamp() WHERE key LIKE 'call_signal:%'"
            )
            #expect(try server.askSignal("x", in: call, to: ben, from: "a", by: ida).errorCode == "RATE_LIMITED")
            // What is refused costs something, too.
            try server.sql("DELETE FROM rate_buckets WHERE key LIKE 'call_signal:%'")
            let stranger = try server.person("eve")
            #expect(
                try server.askSignal("x", in: call, to: ben, from: "e", by: stranger).codes("callSignal") == [
                    "NOT_FOUND"
                ]
            )
            #expect(try server.sql("SELECT count(*) FROM rate_buckets WHERE key LIKE 'call_signal:%'") == "1")
            _ = try server.askSignal("x", in: call, to: ben, from: "a", by: ida)
            // The count of one listener's signals is the number of the last.
            try server.sql("UPDATE rate_buckets SET tokens = 100 WHERE key LIKE 'call_signal:%'")
            try server.sql("UPDATE event_topics SET last_seq = 5000 WHERE name LIKE 'call:%'")
            let answer = try server.askSignal("x", in: call, to: ben, from: "a", by: ida)
            #expect(answer.codes("callSignal") == ["QUOTA_EXCEEDED"])
            try server.sql(
                "UPDATE rate_buckets SET tokens = -5, refilled_at = clock_timestamp() WHERE key LIKE 'call_start:%'"
            )
            #expect(try server.askStart(room, on: "a", by: ida).errorCode == "RATE_LIMITED")
        }
    }

    @Test func `relays are told who was let in, for an hour`() throws {
        var options = CallOptions()
        let user = UUID(high: 1, low: 2)
        #expect(options.iceServers(for: user, at: Timestamp(microseconds: 0)) == [])
        options.stunURLs = ["stun:stun.example.org"]
        options.turnURLs = ["turn:turn.example.org?transport=udp"]
        options.turnSecret = "north"
        let servers = options.iceServers(for: user, at: Timestamp(microseconds: 1_000_000_000_000))
        #expect(servers.map(\.urls) == [options.stunURLs, options.turnURLs])
        #expect(servers[0].credential == nil)
        let relay = servers[1]
        #expect(relay.username == "1003600:usr_0000000000000G000000000002")
        #expect(relay.expiresAt == Timestamp(microseconds: 1_003_600_000_000))
        // As `openssl dgst -sha1 -hmac north -binary` has it of that name.
        #expect(relay.credential == "xhZk53gZareFF2j/C46NWAC7REY=")
    }
}
