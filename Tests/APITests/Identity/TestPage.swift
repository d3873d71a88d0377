import Foundation
import SocketTesting
import Testing

@testable import Server

/// A page in a browser, by what it would send: it keeps cookies, which its scripts do not see.
final class TestPage {
    struct Answer {
        let status: Int
        let head: String
        let json: APIAnswer

        /// As they came.
        var cookies: [String] {
            head.split(separator: "\r\n").filter { $0.lowercased().hasPrefix("set-cookie: ") }.map {
                String($0.dropFirst("set-cookie: ".count))
            }
        }
    }

    let server: APIServer
    var cookies: [String: String] = [:]
    var origin: String? = "https://app.example"
    var site: String? = "same-site"

    init(_ server: APIServer) { self.server = server }

    static let wish = "atrium-tokens: cookie"

    /// Those that count for pages of `https://app.example`.
    static func cookies(isEncrypted: Bool = true) -> TokenCookies {
        TokenCookies(isEncrypted: isEncrypted) { origin, _ in origin == "https://app.example" }
    }

    var headers: String {
        var text = ""
        if !cookies.isEmpty {
            text +=
                "cookie: \(cookies.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "; "))\r\n"
        }
        if let origin { text += "origin: \(origin)\r\n" }
        if let site { text += "sec-fetch-site: \(site)\r\n" }
        return text
    }

    @discardableResult
    func ask(_ query: String, _ variables: [String: Any] = [:], _ fields: String...) throws -> Answer {
        let body = try JSONSerialization.data(withJSONObject: ["query": query, "variables": variables])
        return try send(
            "POST /graphql HTTP/1.1\r\nhost: test\r\nuser-agent: page\r\ncontent-type: application/json\r\n\(headers)"
                + fields.map { $0 + "\r\n" }.joined()
                + "content-length: \(body.count)\r\n\r\n\(String(decoding: body, as: UTF8.self))"
        )
    }

    func get(_ query: String, _ fields: String...) throws -> Answer {
        let query = try #require(query.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
        return try send(
            "GET /graphql?query=\(query) HTTP/1.1\r\nhost: test\r\n\(headers)"
                + fields.map { $0 + "\r\n" }.joined() + "\r\n"
        )
    }

    private func send(_ text: String) throws -> Answer {
        let socket = try server.socket()
        try socket.send(text)
        let head = try socket.receiveText(through: "\r\n\r\n")
        let length = try #require(
            head.lowercased().firstMatch(of: /content-length: +([0-9]+)/).flatMap { Int($0.1) },
            "\(head)"
        )
        let answer = Answer(
            status: try #require(Int(head.dropFirst("HTTP/1.1 ".count).prefix(3))),
            head: head,
            json: try APIAnswer(text: socket.receiveText(exactly: length))
        )
        for cookie in answer.cookies {
            let pair = cookie.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            cookies[String(pair[0])] = cookie.contains("Max-Age=0;") ? nil : String(pair[1])
        }
        return answer
    }

    // MARK: What pages do

    static let tokens = "tokens { accessToken refreshToken tokenType accessTokenExpiresAt session { id } }"

    func signIn(_ name: String, _ fields: String = TestPage.wish) throws -> Answer {
        try ask(
            """
            mutation ($in: SignInInput!) { signIn(input: $in) { outcome {
                ... on SignInSuccess { \(Self.tokens) } ... on MfaChallenge { challengeToken }
            } } }
            """,
            ["in": ["identifier": name, "password": password]],
            fields
        )
    }

    func refresh(_ fields: String = TestPage.wish) throws -> Answer {
        try ask("mutation { sessionRefresh(input: {}) { \(Self.tokens) userErrors { code } } }", [:], fields)
    }

    var viewer: String? { get throws { try ask("{ viewer { user { username } } }").json["data.viewer.user.username"] } }

    /// The head of the answer to a handshake, and what the socket says to an introduction without a token.
    func openSocket() throws -> (head: String, said: [UInt8]) {
        let socket = try server.socket()
        try socket.send(
            """
            GET /graphql HTTP/1.1\r\nhost: test\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\
            sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
            sec-websocket-protocol: graphql-transport-ws\r\n\(headers)\r\n
            """
        )
        let head = try socket.receiveText(through: "\r\n\r\n")
        guard head.hasPrefix("HTTP/1.1 101") else { return (head, []) }
        let hello = Array(#"{"type":"connection_init"}"#.utf8)
        try socket.send([0x81, 0x80 | UInt8(hello.count), 0, 0, 0, 0] + hello)
        var said = try socket.receive(exactly: 2)
        said += try socket.receive(exactly: Int(said[1]))
        guard said[0] == 0x81 else { return (head, said) }
        let ask = Array(#"{"type":"subscribe","id":"1","payload":{"query":"{viewer{user{username}}}"}}"#.utf8)
        try socket.send([0x81, 0x80 | UInt8(ask.count), 0, 0, 0, 0] + ask)
        let next = try socket.receive(exactly: 2)
        return (head, try socket.receive(exactly: Int(next[1])))
    }
}
