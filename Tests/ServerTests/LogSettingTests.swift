import EventLoop
import Foundation
import GraphQLTransport
import HTTPServer
import PostgresClient
import PostgresTesting
import SocketTesting
import Testing

@testable import Actions
@testable import Server

/// What is written to the log of the built server, by `LOG_LEVEL` and `LOG_FORMAT`.
@Suite(.timeLimit(.minutes(3))) struct LogSettingTests {
    private static var program: URL {
        get throws {
            let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("Server")
        }
    }

    /// What the server has logged of an operation with a secret, and of one that is a fault.
    private func log(_ settings: [String: String]) throws -> [String] {
        let server = Process()
        let (log, output) = (Pipe(), Pipe())
        server.executableURL = try Self.program
        server.environment = settings.merging([
            "ATRIUM_PORT": "0", "DATABASE_URL": try TestCluster.database(), "ATRIUM_DRAIN_SECONDS": "0",
        ]) { $1 }
        server.standardOutput = log
        server.standardError = output
        try server.run()
        var said = ""
        while !said.contains("/graphql\n") {
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { break }
            said += String(decoding: data, as: UTF8.self)
        }
        let port = try #require(said.firstMatch(of: /:([0-9]+)\/graphql/).flatMap { UInt16($0.1) }, "\(said)")
        let socket = try TestSocket(port: port)
        let body =
            #"{"query":"query Planted($in: String! = \"plantedvalue\") { usernameAvailable(username: $in) }"}"#
        try socket.send(
            "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nconnection: close\r\n"
                + "referer: https://app.example/page?token=planted\r\nuser-agent: a \"browser\"\r\n"
                + "content-length: \(body.utf8.count)\r\n\r\n\(body)"
        )
        #expect(String(decoding: try socket.receiveToEnd(), as: UTF8.self).contains("usernameAvailable"))
        server.terminate()
        let lines = String(decoding: log.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        server.waitUntilExit()
        return lines.split(separator: "\n").map(String.init)
    }

    @Test func `at debug each operation is a line, without what it asked for`() throws {
        let lines = try log(["LOG_LEVEL": "debug", "LOG_FORMAT": "json"])
        let operation = try #require(lines.first { $0.contains(#""message":"operation""#) }, "\(lines)")
        let record = try #require(JSONSerialization.jsonObject(with: Data(operation.utf8)) as? [String: Any])
        #expect(record["level"] as? String == "debug" && record["name"] as? String == "Planted")
        #expect(record["kind"] as? String == "query" && record["outcome"] as? String == "ok")
        #expect(
            (record["duration.ms"] as? Double ?? -1) > 0 && record["request.id"] != nil && record["trace.id"] != nil
        )
        #expect(lines.contains { $0.contains(#""message":"request""#) })
        #expect(!lines.contains { $0.contains("plantedvalue") })
    }

    @Test(arguments: [("info", true), ("warning", false), ("warn", false), ("error", false), ("critical", false)])
    func `what is less serious is not written`(level: String, hasRequests: Bool) throws {
        let lines = try log(["LOG_LEVEL": level, "LOG_FORMAT": "pretty"])
        #expect(!lines.contains { $0.contains("operation") })
        let isTold = lines.contains { $0.contains("Z info request ") }
        #expect(isTold == hasRequests, "\(lines)")
    }

    @Test func `combined has a request as Apache's log has it`() throws {
        let lines = try log(["LOG_FORMAT": "combined"])
        let request = try #require(lines.first { $0.contains("POST /graphql") }, "\(lines)")
        let date = #"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000"#
        let form = try Regex(
            #"127\.0\.0\.1 - - \[\#(date)\] "POST /graphql HTTP/1\.1" 200 \d+ "(.*)" "(.*)""#,
            as: (Substring, Substring, Substring).self
        )
        let parts = try #require(request.wholeMatch(of: form), "\(request)")
        #expect(parts.output.1 == "https://app.example/page" && parts.output.2 == #"a \"browser\""#)
    }

    @Test func `what may be an attack is a warning, of who and from where`() throws {
        let pipe = Pipe()
        let log = Log(pipe.fileHandleForWriting.fileDescriptor, form: .text, level: .warning)
        let client = ClientInfo(address: InternetAddress([192, 0, 2, 7]), userAgent: "a-secret", requestID: "r1")
        log.warn(of: Suspicion(kind: .limitExceeded, actor: nil, client: client))
        let text = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        #expect(
            text.hasSuffix("Z warning suspicious what=\"limit exceeded\" request.id=r1 client=192.0.2.7\n"),
            "\(text)"
        )
    }

    @Test func `the newer name goes before the older, and what is neither is told`() throws {
        func configuration(_ settings: [String: String]) throws -> Configuration {
            try Configuration(settings) { _ in nil }
        }
        #expect(try configuration(["ATRIUM_LOG": "text", "LOG_FORMAT": "json"]).logForm == .json)
        #expect(try configuration(["ATRIUM_LOG": "text"]).logForm == .text)
        #expect(try configuration(["LOG_FORMAT": "pretty"]).logForm == .text)
        #expect(try configuration(["LOG_FORMAT": "combined"]).logForm == .combined)
        #expect(try configuration(["ATRIUM_LOG": "off", "LOG_FORMAT": "json"]).log == nil)
        #expect(try configuration([:]).logLevel == .info)
        for wrong in [["LOG_LEVEL": "loud"], ["LOG_FORMAT": "xml"], ["LOG_FORMAT": "off"]] {
            #expect(throws: Configuration.Fault.self) { try configuration(wrong) }
        }
    }

    @Test func `a level lets through what is as serious, and each is counted`() {
        let pipe = Pipe()
        let log = Log(pipe.fileHandleForWriting.fileDescriptor, form: .text, level: .error)
        for level in LogLevel.allCases { log.write(level, "it happened") }
        #expect(LogLevel.allCases.filter(log.writes) == [.error, .critical])
        #expect(log.counts.map(\.lines) == [0, 0, 0, 1, 1])
        let text = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        #expect(text.split(separator: "\n").count == 2 && text.contains("Z critical it happened"))
    }

    @Test func `rates are those of the time between`() {
        var (first, last) = (SystemWatch.Sample(), SystemWatch.Sample())
        first.at = 1_000_000_000
        last.at = 11_000_000_000
        (first.turns, last.turns) = (0, 5_000_000_000)
        (first.http.requests, last.http.requests) = (100, 150)
        first.operations.executed = 10
        last.operations.executed = 50
        last.operations.withErrors = 10
        let rates = SystemWatch.rates(from: first, to: last, loops: 2)
        #expect(rates.loopPercent == 25 && rates.requestsPerSecond == 5 && rates.errorRate == 0.25)
        #expect(SystemWatch.rates(from: last, to: last, loops: 2).errorRate == 0)
    }
}
