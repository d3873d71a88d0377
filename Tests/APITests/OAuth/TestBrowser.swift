import Foundation
import IdentityProviders
import SocketTesting
import Testing

/// Opens addresses one by one, keeps the cookies of the application, and follows nothing by itself.
final class TestBrowser {
    struct Page {
        let status: Int
        let fields: [(name: String, value: String)]
        let text: String

        subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

        /// What is in the query of where it leads.
        func query() throws -> [String: String] {
            let location = try #require(self["location"], "\(status) \(text)")
            return FormText.decode(location.split(separator: "?", maxSplits: 1).dropFirst().joined()) ?? [:]
        }
    }

    private let server: APIServer
    var cookies: [String: String] = [:]

    init(_ server: APIServer) { self.server = server }

    /// At `https://api.example` is the application.
    func open(_ url: String, method: String = "GET", form: [(String, String)]? = nil) throws -> Page {
        try page(at: url, from: begin(url, method: method, form: form))
    }

    /// Asks, and does not wait for the answer.
    func begin(_ url: String, method: String = "GET", form: [(String, String)]? = nil) throws -> TestSocket {
        let parts = try #require(URLComponents(string: url))
        let target = String(url.dropFirst("\(parts.scheme ?? "")://\(parts.percentEncodedHost ?? "")".count))
            .trimmingPrefix(/:[0-9]+/)
        let isApplication = parts.host == "api.example"
        let socket = try isApplication ? server.socket() : TestSocket(port: UInt16(try #require(parts.port)))
        var text = "\(form == nil ? method : "POST") \(target) HTTP/1.1\r\nhost: \(parts.host ?? "")"
        if !isApplication { text += ":\(parts.port ?? 0)" }
        text += "\r\nconnection: close\r\nuser-agent: a browser\r\n"
        if isApplication, !cookies.isEmpty {
            text += "cookie: " + cookies.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "; ") + "\r\n"
        }
        if let form {
            let body = FormText.encode(form)
            text +=
                "content-type: application/x-www-form-urlencoded\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
        } else {
            text += "\r\n"
        }
        try socket.send(text)
        return socket
    }

    func page(at url: String, from socket: TestSocket) throws -> Page {
        let answer = String(decoding: try socket.receiveToEnd(), as: UTF8.self)
        let sides = answer.split(separator: "\r\n\r\n", maxSplits: 1)
        let lines = try #require(sides.first).split(separator: "\r\n")
        let fields = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            return (line[..<colon].lowercased(), value)
        }
        let page = Page(
            status: try #require(lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) }),
            fields: fields,
            text: sides.count > 1 ? String(sides[1]) : ""
        )
        if url.hasPrefix("https://api.example"),
            let pair = page["set-cookie"]?.split(separator: ";").first?.split(separator: "=", maxSplits: 1)
        {
            cookies[String(pair[0])] = String(pair[1])
        }
        return page
    }
}
