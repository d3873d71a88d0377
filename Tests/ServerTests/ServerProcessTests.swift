import Foundation
import SocketTesting
import Testing

/// The built server as an operator starts it.
@Suite struct ServerProcessTests {
    private static var program: URL {
        get throws {
            let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("Server")
        }
    }

    private func start(_ environment: [String: String]) throws -> (server: Process, output: FileHandle) {
        let server = Process()
        let output = Pipe()
        server.executableURL = try Self.program
        server.environment = environment
        server.standardError = output
        try server.run()
        return (server, output.fileHandleForReading)
    }

    @Test func `it says where it serves and stops when told to`() async throws {
        let (server, output) = try start(["ATRIUM_PORT": "0", "ATRIUM_DRAIN_SECONDS": "1"])
        let line = String(decoding: output.availableData, as: UTF8.self)
        #expect(line.wholeMatch(of: /GraphQL is served at http:\/\/127\.0\.0\.1:[0-9]+\/graphql\n/) != nil, "\(line)")
        server.terminate()
        let status: Int32 = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                server.waitUntilExit()
                continuation.resume(returning: server.terminationStatus)
            }
        }
        #expect(status == 0)
        #expect(server.terminationReason == .exit)
    }

    @Test(arguments: [
        ([:], ""), (["ATRIUM_COST": "on"], "cost"), (["ATRIUM_TRACE": "on"], "trace"),
    ])
    func `answers tell of their execution when the settings say so`(settings: [String: String], told: String) throws {
        let (server, output) = try start(settings.merging(["ATRIUM_PORT": "0"]) { $1 })
        defer { server.terminate() }
        let line = String(decoding: output.availableData, as: UTF8.self)
        let port = try #require(line.firstMatch(of: /:([0-9]+)\/graphql/).flatMap { UInt16($0.1) })
        let client = try TestSocket(port: port)
        let body = #"{"query":"{ serverInfo { version } }","extensions":{"trace":true}}"#
        try client.send(
            "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nconnection: close\r\n"
                + "content-length: \(body.utf8.count)\r\n\r\n\(body)"
        )
        let answer = String(decoding: try client.receiveToEnd(), as: UTF8.self)
        #expect(answer.contains(#""version":"#), "\(answer)")
        for member in ["cost", "trace"] {
            #expect(answer.contains(#""\#(member)":{"#) == (member == told), "\(answer)")
        }
    }

    @Test func `everything that is wrong with its settings is said at once`() async throws {
        let (server, output) = try start([
            "ATRIUM_PORT": "70000", "ATRIUM_LOOPS": "none", "ATRIUM_STATUS_CODES": "new",
            "ATRIUM_PLAYGROUND": "no", "ATRIUM_TRACE": "yes",
        ])
        let text = String(decoding: try output.readToEnd() ?? Data(), as: UTF8.self)
        #expect(
            text == """
                error: ATRIUM_PORT must be a number from 0 to 65535, not "70000"
                error: ATRIUM_LOOPS must be a number from 1 to 256, not "none"
                error: ATRIUM_STATUS_CODES must be legacy or september2026, not "new"
                error: ATRIUM_PLAYGROUND must be on or off, not "no"
                error: ATRIUM_TRACE must be on or off, not "yes"

                """
        )
        server.waitUntilExit()
        #expect(server.terminationStatus == 2)
    }
}
