import Foundation
import GraphQLSchema
import SocketTesting
import Testing

@testable import Resolvers

/// Every string that anybody can give to a root field, as somebody would give it who means ill.
@Suite(.timeLimit(.minutes(3))) struct HostileStringTests {
    @Test(arguments: [
        "'; DROP TABLE users; --", "' OR '1'='1", "\\'; SELECT pg_sleep(10); --", "%_\\", "$1 ${x} {{x}}", "\u{0}",
        "a\r\nX-Injected: 1\r\n\r\n", "\u{1b}[31mred\u{202e}", "\u{feff}\u{10ffff}e\u{301}",
        String(repeating: "(", count: 3_000),
    ]) func `no string of any field is more than text`(text: String) async throws {
        let schema = try Schema(unchecked: "\(GeneratedSchema.sdl)")
        try await APIServer.with { server in
            let ida = try server.register("ida")
            try server.sql(
                "INSERT INTO user_roles (user_id, role) SELECT id, unnest(ARRAY['ADMIN', 'SUPER_ADMIN']) FROM users"
            )
            server.pass(seconds: 2)
            var asked = 0
            for (kind, type) in [("query", schema.queryType), ("mutation", schema.mutationType)] {
                for field in try schema[#require(type)].fields where !field.name.hasPrefix("__") {
                    var call = HostileCall(schema: schema, text: text)
                    guard let query = call.text(of: field), call.strings > 0 else { continue }
                    let socket = try server.socket()
                    try socket.send(
                        server.request("\(kind) { \(query) }", [:], token: ida.access, userAgent: Self.visible(text))
                    )
                    let head = try socket.receiveText(through: "\r\n\r\n")
                    let length = head.lowercased().firstMatch(of: /content-length: *([0-9]+)/).flatMap { Int($0.1) }
                    let answer = try socket.receiveText(exactly: #require(length))
                    #expect(!answer.contains("INTERNAL"), "\(field.name): \(answer)")
                    #expect(!head.lowercased().contains("x-injected"), "\(field.name): \(head)")
                    asked += 1
                }
            }
            #expect(asked > 80)
            #expect(try server.sql("SELECT count(*) FROM users") == "1")
            #expect(try server.viewer(ida.access) == "ida")
        }
    }

    /// What a header can hold.
    private static func visible(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value < 0x7f }))
    }
}

/// A call in which every string and every id is the same text.
private struct HostileCall {
    let schema: Schema
    let text: String
    var strings = 0

    /// Nil where a file must be given, which no text can be.
    mutating func text(of field: FieldDefinition) -> String? {
        var arguments: [String] = []
        for argument in field.arguments where argument.name != "last" && argument.name != "before" {
            guard let value = value(of: argument.type, depth: 0) else {
                if argument.isRequired { return nil }
                continue
            }
            arguments.append("\(argument.name): \(value)")
        }
        let list = arguments.isEmpty ? "" : "(\(arguments.joined(separator: ", ")))"
        return field.name + list + (schema[field.type.type].isLeaf ? "" : " { __typename }")
    }

    private mutating func value(of type: TypeReference, depth: Int) -> String? {
        if type.isList { return value(of: type.element, depth: depth).map { "[\($0)]" } }
        let named = schema[type.type]
        switch named.name {
        case "Int", "Float", "BigInt": return "1"
        case "Boolean": return "true"
        case "Upload": return nil
        case "DateTime": return #""2026-01-01T00:00:00.000Z""#
        default: break
        }
        switch named.kind {
        case .enum: return named.values.first?.name
        case .inputObject:
            guard depth < 4 else { return nil }
            let fields = named.isOneOf ? Array(named.inputFields.prefix(1)) : named.inputFields
            var members: [String] = []
            for field in fields {
                guard let value = value(of: field.type, depth: depth + 1) else {
                    if field.isRequired { return nil }
                    continue
                }
                members.append("\(field.name): \(value)")
            }
            return "{\(members.joined(separator: ", "))}"
        default:
            strings += 1
            return literal
        }
    }

    private var literal: String {
        let escaped = text.unicodeScalars.map { scalar in
            scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
                ? "\\u" + String(repeating: "0", count: 4 - String(scalar.value, radix: 16).count)
                    + String(scalar.value, radix: 16)
                : String(scalar)
        }
        return "\"\(escaped.joined())\""
    }
}
