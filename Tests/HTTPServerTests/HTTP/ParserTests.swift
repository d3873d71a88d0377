import EventLoop
import Testing

@testable import HTTPServer

@Suite(.timeLimit(.minutes(3))) struct ParserTests {
    @Test func `requests of every form are read the same however they are split`() {
        let text =
            "GET /a/b?c=d?e HTTP/1.1\r\nhost: example.org:8080\r\nAccept:\t text/plain \r\nX-Empty:\r\n\r\n"
            + "\r\nPOST /p HTTP/1.1\r\nHost: [::1]:80\r\nContent-Length: 5\r\n\r\nhello"
            + "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
            + "5;name=\"v\";x\r\nhello\r\nA\r\n, 10 bytes\r\n000\r\nTrailer: ignored\r\n\r\n"
            + "OPTIONS * HTTP/1.1\r\nHost:\r\n\r\n"
            + "GET http://other.example/x?y HTTP/1.1\r\nHost: a\r\n\r\n"
            + "PUT /empty HTTP/1.0\r\nContent-Length: 0\r\n\r\n"
            + "HEAD https://other.example?q HTTP/1.1\r\nHost: a\r\n\r\n"
        typealias Message = ParserOutcome.Message
        let expected: [Message] = [
            Message(
                line: "get /a/b c=d?e example.org:8080 1.1",
                fields: ["host=example.org:8080", "Accept=text/plain", "X-Empty="],
                isComplete: true
            ),
            Message(
                line: "post /p - [::1]:80 1.1",
                fields: ["Host=[::1]:80", "Content-Length=5"],
                body: Array("hello".utf8),
                isComplete: true
            ),
            Message(
                line: "post /c - a 1.1",
                fields: ["Host=a", "Transfer-Encoding=Chunked"],
                body: Array("hello, 10 bytes".utf8),
                isComplete: true
            ),
            Message(line: "options * -  1.1", fields: ["Host="], isComplete: true),
            Message(line: "get /x y other.example 1.1", fields: ["Host=a"], isComplete: true),
            Message(line: "put /empty - - 1.0", fields: ["Content-Length=0"], isComplete: true),
            Message(line: "head  q other.example 1.1", fields: ["Host=a"], isComplete: true),
        ]
        for pieces in everySplit(of: text) {
            let outcome = ParserOutcome(pieces)
            #expect(outcome.violation == nil)
            #expect(outcome.messages == expected)
        }
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", true),
        ("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, CLOSE\r\n\r\n", false),
        ("GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n", false),
        ("GET / HTTP/1.0\r\n\r\n", false),
        ("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true),
    ])
    func `the connection is kept as the fields say`(text: String, isKept: Bool) throws {
        var parser = HTTPRequestParser(HTTPServerConfiguration())
        var position = 0
        let event = Array(text.utf8).withUnsafeBytes { parser.next($0, &position, pool: HTTPRequestPool()) }
        guard case .head(let request) = event else {
            Issue.record("no head")
            return
        }
        #expect(request.isKeptAlive == isKept)
    }

    @Test func `limits hold exactly, however the input is split`() {
        var limits = HTTPServerConfiguration()
        limits.maximumRequestLine = 30
        limits.maximumFieldLine = 20
        limits.maximumFields = 3
        limits.maximumHead = 70
        limits.maximumBody = 8
        limits.maximumChunkExtensions = 6
        limits.maximumTrailers = 12
        func check(_ text: String, _ expected: HTTPViolation?, _ line: Int = #line) {
            for pieces in everySplit(of: text) {
                #expect(ParserOutcome(pieces, limits: limits).violation == expected, "line \(line)")
            }
        }
        func repeated(_ count: Int) -> String { String(repeating: "x", count: count) }
        check("GET /\(repeated(16)) HTTP/1.1\r\nHost: a\r\n\r\n", nil)
        check("GET /\(repeated(17)) HTTP/1.1\r\nHost: a\r\n\r\n", .requestLineTooLong)
        check("GET /\(repeated(300))", .requestLineTooLong)
        check("GET / HTTP/1.1\r\nHost: a\r\nX: \(repeated(17))\r\n\r\n", nil)
        check("GET / HTTP/1.1\r\nHost: a\r\nX: \(repeated(18))\r\n\r\n", .fieldTooLong)
        check("GET / HTTP/1.1\r\nHost: a\r\nA: b\r\nC: d\r\n\r\n", nil)
        check("GET / HTTP/1.1\r\nHost: a\r\nA: b\r\nC: d\r\nE: f\r\n\r\n", .tooManyFields)
        check(
            "GET /\(repeated(16)) HTTP/1.1\r\nHost: a\r\nA: \(repeated(17))\r\nB: \(repeated(17))\r\n\r\n",
            .headTooLarge
        )
        // Of two limits that a line exceeds the nearer one is told.
        check("GET /\(repeated(16)) HTTP/1.1\r\nHost: a\r\nA: \(repeated(17))\r\n\(repeated(300))", .headTooLarge)
        limits.maximumFieldLine = 30
        check(
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n8;23456\r\n12345678\r\n0\r\nA: 34567\r\n\r\n",
            nil
        )
        check("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n1234\r\n5\r\n", .bodyTooLarge)
        check(
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;234\r\n1\r\n1;567\r\n",
            .chunkExtensionsTooLong
        )
        check(
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: 345678901\r\n\r\n",
            .trailersTooLarge
        )
    }

    @Test func `the largest length there is can be announced, and what comes is read`() {
        var limits = HTTPServerConfiguration()
        limits.maximumBody = .max
        let text = "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775807\r\n\r\nabc"
        for pieces in everySplit(of: text) {
            let outcome = ParserOutcome(pieces, limits: limits)
            #expect(outcome.violation == nil && outcome.messages.map(\.body) == [Array("abc".utf8)])
        }
    }

    @Test func `a request still held by someone is not used again`() {
        let pool = HTTPRequestPool()
        let held = pool.take()
        held.bytes.append("held")
        pool.give(held)
        #expect(pool.take() !== held)
        #expect(held.bytes.array() == Array("held".utf8))
    }

    @Test(arguments: [
        ("gzip", true), ("GZIP;q=0.5", true), ("gzip;q=0", false), ("gzip; q=0.000", false), ("*", true),
        ("*;q=0", false), ("gzip;q=0, *", false), ("identity, br", false), ("", false), ("deflate, x-gzip", true),
    ])
    func `gzip is used when it is accepted`(value: String, isAccepted: Bool) {
        #expect(Array(value.utf8).withUnsafeBytes(AcceptEncoding.acceptsGzip) == isAccepted)
    }

    @Test func `a date is written as the specification's example`() {
        var out = ByteBuffer()
        DateField.append(784_111_777, to: &out)
        #expect(String(decoding: out.array(), as: UTF8.self) == "Sun, 06 Nov 1994 08:49:37 GMT")
    }

    @Test func `a field of a response cannot end its line or frame the message`() {
        var fields = HTTPFields()
        #expect(throws: HTTPFields.Refusal.badValue) { try fields.append("location", "/a\r\nset-cookie: b") }
        #expect(throws: HTTPFields.Refusal.badName) { try fields.append("a b", "c") }
        #expect(throws: HTTPFields.Refusal.ownedByServer) { try fields.append("Content-Length", "5") }
        #expect(fields.bytes.isEmpty)
    }
}
