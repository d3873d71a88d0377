import Testing

@testable import HTTPServer

/// One case for each known way to make two recipients disagree; whatever follows the trick must never be a request.
@Suite(.timeLimit(.minutes(3))) struct SmugglingTests {
    struct Trick: Sendable, CustomTestStringConvertible {
        let name: String
        let head: String
        let expected: HTTPViolation
        var testDescription: String { name }
        init(_ name: String, _ head: String, _ expected: HTTPViolation) {
            self.name = name
            self.head = head
            self.expected = expected
        }
    }

    static let post = "POST / HTTP/1.1\r\nHost: a\r\n"
    static let get = "GET / HTTP/1.1\r\n"
    static let chunked = post + "Transfer-Encoding: chunked\r\n\r\n"

    static let tricks: [Trick] = [
        // Content-Length
        Trick(
            "two different lengths",
            post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
            .duplicateContentLength
        ),
        Trick("two equal lengths", post + "Content-Length: 5\r\nContent-Length: 5\r\n\r\n", .duplicateContentLength),
        Trick("a list of lengths", post + "Content-Length: 5, 5\r\n\r\n", .badContentLength),
        Trick("a signed length", post + "Content-Length: +5\r\n\r\n", .badContentLength),
        Trick("a negative length", post + "Content-Length: -1\r\n\r\n", .badContentLength),
        Trick("a hexadecimal length", post + "Content-Length: 0x5\r\n\r\n", .badContentLength),
        Trick("an empty length", post + "Content-Length: \r\n\r\n", .badContentLength),
        Trick("a length with a blank inside", post + "Content-Length: 1 0\r\n\r\n", .badContentLength),
        Trick("a length that overflows", post + "Content-Length: 18446744073709551621\r\n\r\n", .badContentLength),
        Trick("a length with a form feed", post + "Content-Length: \u{c}5\r\n\r\n", .badFieldValue),
        // Transfer-Encoding
        Trick(
            "length before coding",
            post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
            .lengthAndTransferEncoding
        ),
        Trick(
            "coding before length",
            post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
            .lengthAndTransferEncoding
        ),
        Trick(
            "an unknown coding beside a length",
            post + "Transfer-Encoding: x\r\nContent-Length: 5\r\n\r\n",
            .lengthAndTransferEncoding
        ),
        Trick("only identity", post + "Transfer-Encoding: identity\r\n\r\n", .badTransferEncoding),
        Trick("a misspelt coding", post + "Transfer-Encoding: xchunked\r\n\r\n", .badTransferEncoding),
        Trick("a coding with a parameter", post + "Transfer-Encoding: chunked;q=1\r\n\r\n", .badTransferEncoding),
        Trick("a quoted coding", post + "Transfer-Encoding: \"chunked\"\r\n\r\n", .badTransferEncoding),
        Trick("an empty coding", post + "Transfer-Encoding:\r\n\r\n", .badTransferEncoding),
        Trick("chunked before another", post + "Transfer-Encoding: chunked, identity\r\n\r\n", .unknownTransferCoding),
        Trick("gzip, then chunked", post + "Transfer-Encoding: gzip, chunked\r\n\r\n", .unknownTransferCoding),
        Trick("chunked twice", post + "Transfer-Encoding: chunked, chunked\r\n\r\n", .unknownTransferCoding),
        Trick(
            "two coding fields",
            post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
            .badTransferEncoding
        ),
        Trick(
            "two coding fields, one unknown",
            post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n",
            .badTransferEncoding
        ),
        Trick("a coding with a vertical tab", post + "Transfer-Encoding: \u{b}chunked\r\n\r\n", .badFieldValue),
        Trick(
            "a coding in HTTP/1.0",
            "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
            .transferEncodingInHTTP10
        ),
        // Lines
        Trick("a folded field", post + "Content-Length: 5\r\n 0\r\n\r\n", .lineFolding),
        Trick("a fold by tab", post + "X: a\r\n\tTransfer-Encoding: chunked\r\n\r\n", .lineFolding),
        Trick("a fold before the first field", get + " Host: a\r\n\r\n", .lineFolding),
        Trick("a bare LF after a field", get + "Host: a\nContent-Length: 5\r\n\r\n", .bareLineFeed),
        Trick("a bare LF after the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n", .bareLineFeed),
        Trick("a bare LF in place of the empty line", get + "Host: a\r\n\n", .bareLineFeed),
        Trick("a bare LF before the request", "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .bareLineFeed),
        Trick("a bare CR in a value", get + "Host: a\r\nX: a\rContent-Length: 5\r\n\r\n", .badFieldValue),
        Trick("a bare CR in a name", get + "Host: a\r\nX\rY: a\r\n\r\n", .badFieldName),
        Trick("two CR before LF", get + "Host: a\r\r\n\r\n", .badFieldValue),
        Trick("a NUL in a value", get + "Host: a\r\nX: a\0b\r\n\r\n", .badFieldValue),
        Trick("a NUL in a name", get + "Host: a\r\nX\0: a\r\n\r\n", .badFieldName),
        Trick("a DEL in a value", get + "Host: a\r\nX: a\u{7f}b\r\n\r\n", .badFieldValue),
        Trick("an escape deep in a value", get + "Host: a\r\nX: 0123456789abcdef\u{1b}0123\r\n\r\n", .badFieldValue),
        Trick("a blank before the colon", post + "Content-Length : 5\r\n\r\n", .spaceBeforeColon),
        Trick("a tab before the colon", post + "Transfer-Encoding\t: chunked\r\n\r\n", .spaceBeforeColon),
        Trick("a name with a bracket", get + "Host: a\r\nX[]: a\r\n\r\n", .badFieldName),
        Trick("a name beyond ASCII", get + "Host: a\r\nX\u{e9}: a\r\n\r\n", .badFieldName),
        Trick("an empty name", get + "Host: a\r\n: a\r\n\r\n", .badFieldName),
        Trick("a field without a colon", get + "Host: a\r\nXyz\r\n\r\n", .missingColon),
        // Request line
        Trick("two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", .badTarget),
        Trick("a tab as separator", "GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
        Trick("a blank in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", .badTarget),
        Trick("a blank behind the version", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", .badTarget),
        Trick("a blank before the method", " GET / HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
        Trick("a control in the target", "GET /\u{1} HTTP/1.1\r\nHost: a\r\n\r\n", .badTarget),
        Trick("a target beyond ASCII", "GET /\u{e9} HTTP/1.1\r\nHost: a\r\n\r\n", .badTarget),
        Trick("a fragment", "GET /#a HTTP/1.1\r\nHost: a\r\n\r\n", .badTarget),
        Trick("a relative target", "GET a HTTP/1.1\r\nHost: a\r\n\r\n", .badTarget),
        Trick("an asterisk for GET", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", .badTarget),
        Trick("HTTP/0.9", "GET /\r\n\r\n", .malformedRequestLine),
        Trick("no request at all", "\r\n\r\n\r\n", .malformedRequestLine),
        Trick("a method in brackets", "GE(T / HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
        Trick("a lower-case method", "get / HTTP/1.1\r\nHost: a\r\n\r\n", .unknownMethod),
        Trick("CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", .unknownMethod),
        Trick("TRACE", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", .unknownMethod),
        Trick("a lower-case version", "GET / http/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
        Trick("a version with two digits", "GET / HTTP/1.10\r\nHost: a\r\n\r\n", .malformedRequestLine),
        Trick("version 2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .unsupportedVersion),
        Trick("version 1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", .unsupportedVersion),
        // Host
        Trick("no host", get + "X: a\r\n\r\n", .missingHost),
        Trick("two hosts", get + "Host: a\r\nHost: b\r\n\r\n", .duplicateHost),
        Trick("two equal hosts", get + "Host: a\r\nhost: a\r\n\r\n", .duplicateHost),
        Trick("two hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", .duplicateHost),
        Trick("a list of hosts", get + "Host: a, b\r\n\r\n", .badHost),
        Trick("a host with user information", get + "Host: u@a\r\n\r\n", .badHost),
        Trick("a host with a path", get + "Host: a/b\r\n\r\n", .badHost),
        Trick("a host with a word as port", get + "Host: a:b\r\n\r\n", .badHost),
        Trick("a port of six digits", get + "Host: a:123456\r\n\r\n", .badHost),
        Trick("two ports", get + "Host: a:80:80\r\n\r\n", .badHost),
        Trick("a letter behind a port", get + "Host: a:80x\r\n\r\n", .badHost),
        Trick("user information with a port for its word", get + "Host: a:80@b\r\n\r\n", .badHost),
        Trick("a path behind a port", get + "Host: a:80/\r\n\r\n", .badHost),
        Trick("a port without a host", get + "Host: :80\r\n\r\n", .badHost),
        Trick("a broken IPv6 host", get + "Host: [::1\r\n\r\n", .badHost),
        Trick("text behind an IPv6 host", get + "Host: [::1]a\r\n\r\n", .badHost),
        Trick("an absolute target with a bad host", "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n", .badTarget),
        Trick("an absolute target without a host", "GET http:///a HTTP/1.1\r\nHost: a\r\n\r\n", .badTarget),
        Trick("another scheme", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", .badTarget),
        Trick("an absolute target and no Host", "GET http://a/ HTTP/1.1\r\n\r\n", .missingHost),
        // Chunks
        Trick("a chunk size with 0x", chunked + "0x5\r\nhello\r\n0\r\n\r\n", .badChunkSize),
        Trick("a signed chunk size", chunked + "+5\r\nhello\r\n0\r\n\r\n", .badChunkSize),
        Trick("a chunk size that overflows", chunked + "FFFFFFFFFFFFFFFFF\r\n", .badChunkSize),
        Trick("an empty chunk size", chunked + "\r\nhello\r\n0\r\n\r\n", .badChunkSize),
        Trick("a blank before a chunk size", chunked + " 5\r\nhello\r\n0\r\n\r\n", .badChunkSize),
        Trick("a blank behind a chunk size", chunked + "5 \r\nhello\r\n0\r\n\r\n", .badChunkSize),
        Trick("a bare LF behind a chunk size", chunked + "5\nhello\r\n0\r\n\r\n", .badChunkSize),
        Trick("a bare CR behind a chunk size", chunked + "5\rhello\r\n0\r\n\r\n", .badChunkSize),
        Trick("a bare LF in a chunk extension", chunked + "5;a\nhello\r\n0\r\n\r\n", .badChunkExtension),
        Trick("a NUL in a chunk extension", chunked + "5;a\0\r\nhello\r\n0\r\n\r\n", .badChunkExtension),
        Trick("a bare CR in a chunk extension", chunked + "5;a\rb\r\nhello\r\n0\r\n\r\n", .badChunkSize),
        Trick("chunk data that is too long", chunked + "5\r\nhelloo\r\n0\r\n\r\n", .badChunkEnd),
        Trick("chunk data ended by a bare LF", chunked + "5\r\nhello\n0\r\n\r\n", .badChunkEnd),
        Trick("chunk data ended by CR and no LF", chunked + "5\r\nhello\rX0\r\n\r\n", .badChunkEnd),
        Trick("a bare LF after the last chunk", chunked + "0\r\n\n", .badTrailer),
        Trick("a folded trailer", chunked + "0\r\nA: b\r\n c\r\n\r\n", .badTrailer),
        Trick("a trailer without a colon", chunked + "0\r\nGET / HTTP/1.1\r\n\r\n", .badTrailer),
        Trick("a trailer with a bare LF", chunked + "0\r\nA: b\n\r\n", .badTrailer),
        // Expectations
        Trick("an unknown expectation", post + "Expect: a miracle\r\nContent-Length: 1\r\n\r\n", .badExpectation),
    ]

    @Test(arguments: tricks)
    func `a trick is refused, however it is split, and nothing after it is read`(trick: Trick) {
        let hidden = "\r\nGET /hidden HTTP/1.1\r\nHost: a\r\n\r\n"
        for pieces in everySplit(of: trick.head + hidden) {
            let outcome = ParserOutcome(pieces)
            #expect(outcome.violation == trick.expected)
            #expect(!outcome.messages.contains { $0.line.contains("/hidden") })
        }
    }
}
