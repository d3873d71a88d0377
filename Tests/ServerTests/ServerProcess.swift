import Foundation
import PostgresTesting
import SocketTesting
import Testing

/// The built server, with a database of its own where none is named, until the object goes.
final class ServerProcess {
    let process = Process()
    let port: UInt16
    /// What it said when it began to serve.
    let line: String
    private let output = Pipe()

    init(_ environment: [String: String]) throws {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        process.executableURL = URL(fileURLWithPath: tests).deletingLastPathComponent().appending(path: "Server")
        process.environment = environment.merging([
            "ATRIUM_PORT": "0", "ATRIUM_LOG": "off", "ATRIUM_DRAIN_SECONDS": "0",
            "DATABASE_URL": try TestCluster.database(),
        ]) { own, _ in own }
        process.standardError = output
        try process.run()
        line = try Self.read(output, to: "/graphql\n")
        port = try #require(line.firstMatch(of: /:([0-9]+)\/graphql/).flatMap { UInt16($0.1) }, "\(line)")
    }

    deinit {
        process.terminate()
        process.waitUntilExit()
    }

    func post(_ body: String, token: String? = nil) throws -> String {
        let authorization = token.map { "authorization: Bearer \($0)\r\n" } ?? ""
        return try exchange(
            "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nconnection: close\r\n"
                + "\(authorization)origin: https://app.example\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
        )
    }

    /// Asks for a socket as a page of the origin does; returns the head of the answer.
    func handshake(origin: String) throws -> String {
        let client = try TestSocket(port: port)
        try client.send(
            "GET /graphql HTTP/1.1\r\nhost: api.example\r\norigin: \(origin)\r\nupgrade: websocket\r\n"
                + "connection: upgrade\r\nsec-websocket-version: 13\r\n"
                + "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n"
        )
        return try client.receiveText(through: "\r\n\r\n")
    }

    /// What a browser asks before a page of another origin may send a request.
    func preflight() throws -> String {
        try exchange(
            "OPTIONS /graphql HTTP/1.1\r\nhost: a\r\norigin: https://app.example\r\nconnection: close\r\n"
                + "access-control-request-method: POST\r\n\r\n"
        )
    }

    func get(_ path: String) throws -> String {
        try exchange("GET \(path) HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
    }

    /// Asks it to read its files anew, and says what it said.
    func reload() throws -> String {
        kill(process.processIdentifier, SIGHUP)
        return String(try Self.read(output, to: "\n").dropLast())
    }

    private func exchange(_ text: String) throws -> String {
        let client = try TestSocket(port: port)
        try client.send(text)
        return try client.receiveTextToEnd()
    }

    private static func read(_ output: Pipe, to end: String) throws -> String {
        var text = ""
        while !text.hasSuffix(end) {
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { break }
            text += String(decoding: more, as: UTF8.self)
        }
        return text
    }
}
