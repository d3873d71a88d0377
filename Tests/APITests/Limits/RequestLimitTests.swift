import Actions
import PostgresClient
import SocketTesting
import Testing

@testable import Server

@Suite(.timeLimit(.minutes(3))) struct RequestLimitTests {
    private func with(
        proxies: [String] = [],
        buckets: Int = 50_000,
        points: Double = 100,
        _ body: (APIServer) async throws -> Void
    ) async throws {
        var limits = RequestLimits()
        var options = RequestLimiter.Options()
        options.points = points
        options.buckets = buckets
        options.pointsPerSecond = 5
        options.anonymousOperations = 20
        options.anonymousWindowSeconds = 60
        limits.options = options
        limits.trustedProxies = proxies.compactMap { InternetAddress(text: $0) }
        let server = try await APIServer(limits: limits)
        do { try await body(server) } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    /// The head of an answer and what it says.
    private func exchange(
        _ server: APIServer,
        _ query: String,
        _ forwarded: String? = nil
    ) throws -> (String, APIAnswer) {
        let socket = try server.socket()
        var request = try server.request(query, [:])
        if let forwarded {
            request = request.replacing("\r\ncontent-type", with: "\r\nx-forwarded-for: \(forwarded)\r\ncontent-type")
        }
        try socket.send(request)
        let head = try socket.receiveText(through: "\r\n\r\n").lowercased()
        let length = head.firstMatch(of: /content-length: *([0-9]+)/).flatMap { Int($0.output.1) } ?? 0
        return (head, try APIAnswer(text: socket.receiveText(exactly: length)))
    }

    private static let status = "{ rateLimit { cost limit remaining restoreRate resetAt nodeCount } }"

    @Test func `an address may ask so often, is told what is left, and may go on later`() async throws {
        try await with { server in
            let (head, first) = try exchange(server, Self.status)
            #expect(first["data.rateLimit.limit"] == "20" && first["data.rateLimit.remaining"] == "19", "\(first.text)")
            #expect(head.contains("ratelimit-limit: 20") && head.contains("ratelimit-remaining: 19"))
            #expect(head.contains("ratelimit-reset: 3\r\n"))
            for _ in 0..<19 { _ = try exchange(server, "{ __typename }") }
            let (refused, answer) = try exchange(server, "{ __typename }")
            #expect(refused.hasPrefix("http/1.1 429") && refused.contains("retry-after: 3"), "\(refused)")
            #expect(answer.errorCode == "RATE_LIMITED" && answer["errors.0.extensions.retryAfterSeconds"] == "3")
            server.pass(seconds: 4)
            #expect(try exchange(server, "{ __typename }").1.errorCode == nil)
        }
    }

    @Test func `what the playground asks while one types counts as well`() async throws {
        try await with { server in
            func estimate() throws -> String {
                let socket = try server.socket()
                let request = try server.request("{ __typename }", [:])
                try socket.send(request.replacing("POST /graphql ", with: "POST /graphql/playground/estimate "))
                return try socket.receiveText(through: "\r\n\r\n").lowercased()
            }
            #expect(try estimate().contains("ratelimit-remaining: 19"))
            for _ in 0..<19 { #expect(try estimate().hasPrefix("http/1.1 200")) }
            let refused = try estimate()
            #expect(refused.hasPrefix("http/1.1 429") && refused.contains("retry-after: 3"), "\(refused)")
            #expect(try exchange(server, "{ __typename }").1.errorCode == "RATE_LIMITED")
        }
    }

    @Test func `who is signed in pays by cost, from a bucket of their own`() async throws {
        try await with { server in
            let ida = try server.register("ida")
            let dear = "{" + (0..<20).map { " a\($0): viewer { user { id } }" }.joined() + " }"
            var codes: [String?] = []
            for _ in 0..<3 { codes.append(try server.ask(dear, token: ida.access).errorCode) }
            #expect(codes.first == .some(nil) && codes.last == "RATE_LIMITED", "\(codes)")
            #expect(try server.ask("{ __typename }").errorCode == nil)
            let forged = ida.access.dropLast(4) + "AAAA"
            let counted = try server.ask(Self.status, token: String(forged))
            #expect(counted["data.rateLimit.limit"] == "20")
            server.pass(seconds: 60)
            let status = try server.ask(Self.status, token: ida.access)
            #expect(status["data.rateLimit.limit"] == "100" && status["data.rateLimit.restoreRate"] == "5")
        }
    }

    @Test func `what an operation did not cost is given back`() async throws {
        try await with { server in
            let ida = try server.register("ida")
            // A list of few that might have been many.
            let list = "{ viewer { securityLog(first: 50) { nodes { action } } } }"
            for _ in 0..<8 { #expect(try server.ask(list, token: ida.access).errorCode == nil) }
            let left = try server.ask(Self.status, token: ida.access)["data.rateLimit.remaining"].flatMap(Int.init)
            let remaining = try #require(left)
            #expect((20..<90).contains(remaining), "\(remaining)")
            // The head tells what is left behind it.
            let socket = try server.socket()
            try socket.send(server.request(list, [:], token: ida.access))
            let head = try socket.receiveText(through: "\r\n\r\n").lowercased()
            let told = head.firstMatch(of: /ratelimit-remaining: ([0-9]+)/).flatMap { Int($0.output.1) }
            #expect(try #require(told) > remaining - 20, "\(head)")
        }
    }

    @Test func `operations of a socket count as requests do`() async throws {
        try await with { server in
            let socket = try server.socket()
            let key = "dGhlIHNhbXBsZSBub25jZQ=="
            try socket.send(
                "GET /graphql HTTP/1.1\r\nhost: test\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-key: \(key)\r\n"
                    + "sec-websocket-version: 13\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n"
            )
            #expect(try socket.receiveText(through: "\r\n\r\n").contains("101"))
            try socket.send(frame(#"{"type":"connection_init"}"#))
            for number in 0..<25 {
                let message = #"{"id":"\#(number)","type":"subscribe","payload":{"query":"{ __typename }"}}"#
                try socket.send(frame(message))
            }
            #expect(try socket.receiveText(through: "RATE_LIMITED").contains(#""id":"19""#))
        }
    }

    /// A masked text frame of a client: https://www.rfc-editor.org/rfc/rfc6455#section-5.2
    private func frame(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        let length: [UInt8] =
            bytes.count < 126
            ? [0x80 | UInt8(bytes.count)] : [0xfe, UInt8(bytes.count >> 8), UInt8(bytes.count & 0xff)]
        return [0x81] + length + [0, 0, 0, 0] + bytes
    }

    @Test func `processes share what is left, for a statement in a tenth of the bucket`() async throws {
        try await with { server in
            for _ in 0..<20 { _ = try server.ask("{ __typename }") }
            /// What is left once what was taken is settled, which happens behind the answers.
            func level(below bound: Double) throws -> Double {
                var level = 20.0
                for _ in 0..<100 where level > bound {
                    // Also those that are refused see to it that nothing stays unsettled.
                    _ = try server.ask("{ __typename }")
                    let text = try server.sql("SELECT tokens FROM rate_buckets WHERE key LIKE 'request:address:%'")
                    level = text.flatMap(Double.init) ?? 20
                }
                return level
            }
            #expect(try level(below: 2.5) <= 2.5)
            var limits = RequestLimits()
            var options = RequestLimiter.Options()
            options.anonymousOperations = 20
            limits.options = options
            let other = try await APIServer(limits: limits, beside: server)
            // Its first tenth tells it what others have left.
            for _ in 0..<2 { #expect(try other.ask("{ __typename }").errorCode == nil) }
            _ = try level(below: 1.5)
            var admitted = 2
            for _ in 0..<18 where try other.ask("{ __typename }").errorCode == nil { admitted += 1 }
            // Its first tenth, what comes back meanwhile, and not a bucket of its own.
            #expect(admitted <= 8, "\(admitted)")
            await other.stop()
        }
    }

    @Test func `many addresses share no bucket, and give nobody a full one`() async throws {
        try await with(proxies: ["127.0.0.0/8"], buckets: 16) { server in
            for _ in 0..<21 { _ = try exchange(server, "{ __typename }", "203.0.113.7") }
            #expect(try exchange(server, "{ __typename }", "203.0.113.7").1.errorCode == "RATE_LIMITED")
            for number in 0..<200 {
                let answer = try exchange(server, Self.status, "198.51.100.\(number)").1
                #expect(answer["data.rateLimit.remaining"] == "19")
            }
            // Whoever has used up theirs has not made room for others.
            #expect(try exchange(server, "{ __typename }", "203.0.113.7").1.errorCode == "RATE_LIMITED")
        }
    }

    @Test func `another address costs the same when there is no room`() async throws {
        try await with { server in
            var options = RequestLimiter.Options()
            options.buckets = 50_000
            let limiter = RequestLimiter(server.identity, options)
            let client = ClientInfo(address: nil, userAgent: "", requestID: "")
            func seconds(_ numbers: Range<Int>) -> Double {
                let clock = ContinuousClock()
                let time = clock.measure {
                    for number in numbers {
                        _ = limiter.take(.address("\(number)"), points: 1, nodes: 0, from: client)
                    }
                }
                return Double(time.components.attoseconds) / 1e18 + Double(time.components.seconds)
            }
            let roomy = seconds(0..<10_000)
            _ = seconds(10_000..<50_000)
            let full = seconds(50_000..<60_000)
            #expect(limiter.counts.evicted == 10_000)
            // A search through all would take a thousand times as long.
            #expect(full < roomy * 50, "\(roomy) s, then \(full) s")
        }
    }

    @Test func `a field has a bucket of its own for everybody`() async throws {
        try await with(points: 10_000) { server in
            let (ida, bob) = (try server.register("ida"), try server.register("bob"))
            let create = "mutation ($s: String!) { teamCreate(input: {name: $s, slug: $s}) { team { id } } }"
            func codes(_ token: TestTokens, _ range: Range<Int>) throws -> [String] {
                try range.compactMap { try server.ask(create, ["s": "team-\($0)"], token: token.access).errorCode }
            }
            #expect(try codes(ida, 0..<10) == [])
            #expect(try codes(ida, 10..<12) == ["RATE_LIMITED", "RATE_LIMITED"])
            #expect(try codes(bob, 12..<13) == [])
            #expect(try server.sql("SELECT count(*) FROM teams") == "11")
            // All processes look at the same bucket.
            let key = try server.sql("SELECT count(*) FROM rate_buckets WHERE key LIKE 'field:Mutation.teamCreate:%'")
            #expect(key == "2")
        }
    }

    @Test func `who does not stop is written to the audit log once`() async throws {
        try await with { server in
            for _ in 0..<45 { _ = try server.ask("{ __typename }") }
            // It is written behind the answers.
            try await server.until("SELECT count(*) FROM audit_logs WHERE action = 'limit.exceeded'", is: "1")
            #expect(server.suspicions.kinds == [.limitExceeded])
        }
    }

    @Test func `only known proxies are believed`() async throws {
        try await with(proxies: ["127.0.0.0/8", "10.0.0.0/8"]) { server in
            for _ in 0..<21 { _ = try exchange(server, "{ __typename }", "203.0.113.7") }
            #expect(try exchange(server, "{ __typename }", "203.0.113.7").1.errorCode == "RATE_LIMITED")
            #expect(try exchange(server, "{ __typename }", "203.0.113.8, 10.1.1.1").1.errorCode == nil)
            // What strangers put in front of their address helps them nothing.
            #expect(try exchange(server, "{ __typename }", "198.51.100.1, 203.0.113.7").1.errorCode == "RATE_LIMITED")
        }
        try await with { server in
            for number in 0..<21 { _ = try exchange(server, "{ __typename }", "203.0.113.\(number)") }
            #expect(try exchange(server, "{ __typename }", "203.0.113.99").1.errorCode == "RATE_LIMITED")
        }
    }

    @Test(arguments: [
        ("192.0.2.1", "203.0.113.7", "192.0.2.1"), ("10.0.0.1", nil, "10.0.0.1"),
        ("10.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "x, 203.0.113.7", "203.0.113.7"), ("10.0.0.1", "203.0.113.7, x", "10.0.0.1"),
        ("10.0.0.1", "1.1.1.1, 203.0.113.7, 10.2.2.2", "203.0.113.7"), ("10.0.0.1", "10.3.3.3", "10.3.3.3"),
        ("10.0.0.1", "1.1.1.0/24", "10.0.0.1"), ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "2001:db8::7", "2001:db8:0:0:0:0:0:7"),
        // To a server that listens to both kinds, all of the older come so.
        ("::ffff:192.0.2.1", nil, "192.0.2.1"), ("::ffff:10.0.0.1", "::ffff:203.0.113.7", "203.0.113.7"),
    ]) func `the client is the last address that is no proxy of ours`(
        peer: String,
        forwarded: String?,
        expected: String
    ) throws {
        let proxies = [try #require(InternetAddress(text: "10.0.0.0/8"))]
        let peer = try #require(InternetAddress(text: peer))
        #expect(ClientAddress.of(peer, forwarded, trusting: proxies)?.text == expected)
    }
}
