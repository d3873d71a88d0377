import Foundation
import GraphQLSchema
import PostgresTesting
import PythonTesting
import SocketTesting
import Testing

@testable import Resolvers

/// What `@sensitive` marks is planted wherever it can be given to the built server, and then looked for in all that it has
/// written and answered.
@Suite(.timeLimit(.minutes(3))) struct RedactionTests {
    private static var program: URL {
        get throws {
            let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("Server")
        }
    }

    private static let secret = "planted-5e1f-secret"

    @Test func `no planted secret is in a log, a trace, an error, the audit log or any table`() async throws {
        let database = try TestCluster.database()
        let collector = try PythonProgram("ServerTests/collector.py", [])
        let collectorPort = try #require(collector.line().flatMap { UInt16($0) })
        let server = Process()
        let (log, output) = (Pipe(), Pipe())
        server.executableURL = try Self.program
        server.environment = [
            "ATRIUM_PORT": "0", "ATRIUM_TRACE": "on", "LOG_FORMAT": "json", "LOG_LEVEL": "debug",
            "DATABASE_URL": database, "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:\(collectorPort)",
            "SENTRY_DSN": "http://key@127.0.0.1:\(collectorPort)/1",
            "ATRIUM_SIGN_INS_PER_MINUTE": "1000", "ATRIUM_REGISTRATIONS_PER_HOUR": "1000", "BCRYPT_ROUNDS": "4",
        ]
        server.standardOutput = log
        server.standardError = output
        try server.run()
        var said = ""
        while !said.contains("/graphql\n") {
            said += String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        }
        let port = try #require(said.firstMatch(of: /:([0-9]+)\/graphql/).flatMap { UInt16($0.1) })
        func ask(_ query: String, _ variables: String = "{}", token: String? = nil) throws -> String {
            let socket = try TestSocket(port: port)
            let text = query.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: " ")
            let body = #"{"query":"\#(text)","variables":\#(variables),"extensions":{"trace":true}}"#
            try socket.send(
                "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nconnection: close\r\n"
                    + (token.map { "authorization: Bearer \($0)\r\n" } ?? "")
                    + "content-length: \(body.utf8.count)\r\n\r\n\(body)"
            )
            return String(decoding: try socket.receiveToEnd(), as: UTF8.self)
        }
        let registered = try ask(
            """
            mutation { accountRegister(input: {email: "ida@example.org", password: "\(Self.secret)-0", displayName: "Ida"}) {
                tokens { accessToken } } }
            """
        )
        let token = try #require(registered.firstMatch(of: /"accessToken":"([^"]+)"/)).output.1
        var (answers, planted) = ("", 0)
        for (call, variables) in try Self.calls() {
            for token in [nil, String(token)] {
                answers += try ask(call, variables, token: token)
                planted += 1
            }
        }
        #expect(planted > 20)
        #expect(try Self.calls().contains { $0.0.contains("callSignal(") })
        server.terminate()
        let lines = String(decoding: log.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        server.waitUntilExit()
        #expect(lines.contains("/graphql"))
        // What was sent elsewhere has come there before this.
        let last = try TestSocket(port: collectorPort)
        try last.send("POST /end HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n")
        var sent = ""
        while let line = collector.line(), !line.contains("\"/end\"") { sent += line }
        #expect(sent.contains("graphql.operation.type"), "\(sent.prefix(1_000))")
        #expect(sent.contains("Data/UserWrites.swift"))
        let everything = try TestCluster.execute(
            """
            SELECT string_agg(query_to_xml(format('SELECT * FROM %I', tablename), true, true, '')::text, '')
            FROM pg_tables WHERE schemaname = 'public'
            """,
            on: database
        )
        #expect(everything?.contains("ida@example.org") == true)
        for (place, text) in [
            ("log", lines), ("answers", answers), ("tables", everything ?? ""), ("output", said), ("collector", sent),
        ] {
            let found = text.ranges(of: Self.secret).first.map { text[..<$0.lowerBound].suffix(120) }
            #expect(found == nil, "\(place)")
            #expect(!text.contains("47110815"), "\(place)")
        }
    }

    /// Calls of all mutations with something sensitive: with a secret as it may be, and as a number that does not fit.
    private static func calls() throws -> [(String, String)] {
        let schema = try Schema(unchecked: "\(GeneratedSchema.sdl)")
        guard let mutation = schema.mutationType else { return [] }
        var calls: [(String, String)] = []
        for field in schema[mutation].fields {
            let secrets = field.arguments.filter { hasSecret($0, schema) }
            guard !secrets.isEmpty else { continue }
            for right in [true, false] {
                var (declared, given, values): ([String], [String], [String]) = ([], [], [])
                for argument in field.arguments where argument.isRequired || hasSecret(argument, schema) {
                    guard let value = json(argument, schema, right) else { continue }
                    declared.append("$\(argument.name): \(schema.description(of: argument.type))")
                    given.append("\(argument.name): $\(argument.name)")
                    values.append("\"\(argument.name)\": \(value)")
                }
                calls.append(
                    (
                        "mutation (\(declared.joined(separator: ", "))) { \(field.name)(\(given.joined(separator: ", "))) { __typename userErrors { message path } } }",
                        "{\(values.joined(separator: ", "))}"
                    )
                )
            }
        }
        return calls
    }

    private static func isSecret(_ value: InputValueDefinition) -> Bool {
        value.appliedDirectives.contains { $0.name == "sensitive" }
    }

    private static func hasSecret(_ value: InputValueDefinition, _ schema: Schema) -> Bool {
        isSecret(value) || schema[value.type.type].inputFields.contains(where: isSecret)
    }

    private static func json(_ value: InputValueDefinition, _ schema: Schema, _ right: Bool) -> String? {
        if isSecret(value) { return right ? "\"\(secret)\"" : "47110815" }
        let named = schema[value.type.type]
        switch named.kind {
        case .inputObject:
            let fields =
                named.isOneOf
                ? named.inputFields.filter { hasSecret($0, schema) }.prefix(1)
                : named.inputFields.filter { $0.isRequired || hasSecret($0, schema) }[...]
            let members = fields.compactMap { field in json(field, schema, right).map { "\"\(field.name)\": \($0)" } }
            return "{\(members.joined(separator: ", "))}"
        case .enum: return named.values.first.map { "\"\($0.name)\"" }
        default:
            if value.type.isList { return "[]" }
            switch named.name {
            case "Int", "Float": return "1"
            case "Boolean": return "true"
            case "ID": return #""usr_00000000000000000000000000""#
            case "DateTime": return #""2026-01-01T00:00:00.000Z""#
            default: return #""ida""#
            }
        }
    }
}
