import EventLoop
import Foundation
import GraphQLEngine
import GraphQLSchema
import GraphQLTransport
import HTTPServer
import SocketTesting
import Testing
import WaitTesting

@testable import UploadServer

/// Files by the GraphQL multipart request specification.
@Suite(.timeLimit(.minutes(3))) struct UploadTests {
    private let one =
        #"{"query":"mutation($f: Upload!) { upload(file: $f) { name contentType size beginning } }","#
        + #""variables":{"f":null}}"#

    private func form(_ operations: String, _ map: String, _ files: Part...) -> Form {
        Form(parts: [Part("operations", operations), Part("map", map)] + files)
    }

    @Test func `a file becomes a value of the scalar`() async throws {
        let server = try UploadTestServer()
        let answer = try server.send(
            form(one, #"{"0":["variables.f"]}"#, Part("0", "Hällo", fileName: "a b.txt", type: "text/plain"))
        )
        #expect(answer.status == 200)
        #expect(
            answer.text
                == #"{"data":{"upload":{"name":"a b.txt","contentType":"text/plain","size":6,"beginning":"Hällo"}}}"#
        )
        await server.stop()
    }

    @Test func `a subscription brings no files, which would stay as long as it does`() async throws {
        let server = try TransportServer { $0.uploads = UploadLimits() }
        let operations = #"{"query":"subscription { forever(everyMs: 5) }","variables":{"f":null}}"#
        let form = form(operations, #"{"0":["variables.f"]}"#, Part("0", "x"))
        let fields = ["content-type": "multipart/form-data; boundary=Boundary", "accept": "text/event-stream"]
        let answer = try server.send("POST", "/graphql", fields, body: String(decoding: form.bytes, as: UTF8.self))
        #expect(answer.status == 400 && answer.text.contains("A subscription brings no files."), "\(answer)")
        await server.stop()
    }

    @Test func `files stand in lists, in input objects, and at several places`() async throws {
        let server = try UploadTestServer()
        let many =
            #"{"query":"mutation($f: [Upload!]!) { uploadMany(files: $f) { name sum } }","variables":{"f":[null,null]}}"#
        var answer = try server.send(
            form(many, #"{"a":["variables.f.1"],"b":["variables.f.0"]}"#, Part("a", "\u{1}"), Part("b", "\u{2}\u{3}"))
        )
        #expect(
            answer.text == #"{"data":{"uploadMany":[{"name":"b.bin","sum":5},{"name":"a.bin","sum":1}]}}"#
        )
        let nested =
            #"{"query":"mutation($i: UploadInput!) { uploadNested(input: $i) { name size } }","#
            + #""variables":{"i":{"title":"t","file":null}}}"#
        answer = try server.send(form(nested, #"{"0":["variables.i.file"]}"#, Part("0", "xyz")))
        #expect(answer.text == #"{"data":{"uploadNested":{"name":"t","size":3}}}"#)
        answer = try server.send(form(many, #"{"0":["variables.f.0","variables.f.1"]}"#, Part("0", "\u{7}")))
        #expect(answer.text == #"{"data":{"uploadMany":[{"name":"0.bin","sum":7},{"name":"0.bin","sum":7}]}}"#)
        await server.stop()
    }

    @Test func `a large file arrives whole, however it is cut`() async throws {
        let server = try UploadTestServer()
        var content = [UInt8]("\r\n--".utf8)
        for index in 0..<1_000_003 { content.append(UInt8(truncatingIfNeeded: index &* 31 ^ index >> 7)) }
        content += "\r\n--Boundar\r\r\n-".utf8
        let expected = content.reduce(into: Int32(0)) { $0 &+= Int32($1) }
        let query = one.replacing("name contentType size beginning", with: "size sum")
        let body = Form(parts: [
            Part("operations", query), Part("map", #"{"0":["variables.f"]}"#), Part("0", content, fileName: "big"),
        ])
        for piece in [17, 1_460, 1 << 20] {
            if piece == 17 {
                // Chunked, and small enough to end soon.
                let small = form(query, #"{"0":["variables.f"]}"#, Part("0", "\r\n--Boundar\r\r\n--Boundar"))
                #expect(try server.send(small, chunk: piece).text == #"{"data":{"upload":{"size":23,"sum":1669}}}"#)
            } else {
                let answer = try server.send(body, chunk: piece)
                #expect(answer.text == #"{"data":{"upload":{"size":\#(content.count),"sum":\#(expected)}}}"#)
            }
        }
        await server.stop()
    }

    @Test func `a null that no file replaces stays one`() async throws {
        let server = try UploadTestServer()
        let query = #"{"query":"mutation($f: Upload) { uploadIfAny(file: $f) { size } }","variables":{"f":null}}"#
        #expect(try server.send(form(query, "{}")).text == #"{"data":{"uploadIfAny":null}}"#)
        await server.stop()
    }

    @Test func `only a multipart request brings files`() async throws {
        let server = try UploadTestServer()
        let refused = "Must be a file, sent by a multipart request."
        for value in [#""x""#, "1", "{}", #""upload:0:0""#] {
            let answer = try server.post(one.replacing("null", with: value))
            #expect(answer.status == 422 && answer.message == refused, "\(value)")
        }
        let literal = #"{"query":"mutation { upload(file: \"upload:0:0\") { size } }"}"#
        #expect(try server.post(literal).message == refused)
        // A string in the operations of a form is no file either.
        let form = form(one.replacing("null", with: #""0""#), "{}")
        #expect(try server.send(form).message == refused)
        await server.stop()
    }

    @Test func `forms need the header that no page of another site can set`() async throws {
        let server = try UploadTestServer()
        let form = form(one, #"{"0":["variables.f"]}"#, Part("0", "x"))
        let forged = try server.send(form, fields: ["graphql-require-preflight": ""])
        #expect(forged.status == 403 && forged.code == .string("PREFLIGHT_REQUIRED"))
        #expect(
            try server.send(form, fields: ["graphql-require-preflight": "", "apollo-require-preflight": "1"]).status
                == 200
        )
        await server.stop()
    }

    @Test func `whoever may bring no files is answered before anything of the form is read`() async throws {
        let refusal = GraphQLError("Sign in.", extensions: ["code": .string("UNAUTHENTICATED")])
        let server = try UploadTestServer { configuration in
            configuration.endpoints = .standard
            configuration.connect = { connecting in
                let isKnown = connecting.request["authorization"] != nil
                return { _ in isKnown ? RequestContext() : StrangerContext() }
            }
            configuration.uploads?.refusal = { $0 is StrangerContext ? refusal : nil }
        }
        let form = form(one, #"{"0":["variables.f"]}"#, Part("0", "x"))
        let whole = server.request(form.bytes, fields: ["expect": "100-continue"])
        // Nothing but the head is sent: it is enough for the answer.
        let socket = try TestSocket(port: server.port)
        try socket.send(Array(whole.dropLast(form.bytes.count)))
        let answer = try TransportAnswer(from: socket)
        #expect(answer.status == 401 && answer.code == .string("UNAUTHENTICATED") && answer.message == "Sign in.")
        #expect(answer.fields["connection"] == "close")
        #expect(try server.send(form, fields: ["authorization": "me"]).status == 200)
        let asking = try TestSocket(port: server.port)
        try asking.send(GraphQLTransportTests.request("GET", "/metrics", [:], body: nil))
        #expect(try TransportAnswer(from: asking).text.contains("atrium_uploads_turned_away_total 1\n"))
        await server.stop()
    }

    @Test func `forms are refused where files are not wanted`() async throws {
        let server = try UploadTestServer { $0.uploads = nil }
        #expect(try server.send(form(one, #"{"0":["variables.f"]}"#, Part("0", "x"))).status == 415)
        await server.stop()
    }

    @Test func `several operations share a form where arrays are allowed`() async throws {
        let batch = "[\(one),\(one)]"
        let map = #"{"0":["0.variables.f"],"1":["1.variables.f"]}"#
        let files = [Part("0", "zero"), Part("1", "one")]
        let server = try UploadTestServer { $0.maximumBatch = 2 }
        let form = Form(parts: [Part("operations", batch), Part("map", map)] + files)
        let answer = try server.send(form)
        #expect(answer.status == 200 && answer.text.contains("zero") && answer.text.contains("one"), "\(answer.text)")
        await server.stop()
        let strict = try UploadTestServer()
        #expect(try strict.send(form).status == 422)
        await strict.stop()
    }

    // MARK: Refusals

    @Test(arguments: [
        ("no delimiter", "nothing"), ("another boundary", "--Other\r\n\r\n"), ("cut in the delimiter", "--Bound"),
        ("cut behind it", "--Boundary"), ("text behind the boundary", "--Boundary x\r\n"),
        ("no name", "--Boundary\r\nContent-Disposition: form-data\r\n\r\n{}\r\n--Boundary--\r\n"),
        ("no form-data", "--Boundary\r\nContent-Disposition: file; name=\"operations\"\r\n\r\n{}\r\n--Boundary--\r\n"),
        ("no fields", "--Boundary\r\n\r\n{}\r\n--Boundary--\r\n"),
        ("no colon", "--Boundary\r\nContent-Disposition\r\n\r\n{}\r\n--Boundary--\r\n"),
        (
            "an open quote",
            "--Boundary\r\nContent-Disposition: form-data; name=\"operations\r\n\r\n{}\r\n--Boundary--\r\n"
        ),
        (
            "two names",
            "--Boundary\r\nContent-Disposition: form-data; name=a; name=operations\r\n\r\n{}\r\n--Boundary--"
        ),
        (
            "two dispositions",
            "--Boundary\r\nContent-Disposition: form-data; name=operations\r\nContent-Disposition: form-data; name=map\r\n\r\n{}\r\n--Boundary--"
        ),
        (
            "encoded",
            "--Boundary\r\nContent-Disposition: form-data; name=operations\r\nContent-Transfer-Encoding: base64\r\n\r\ne30=\r\n--Boundary--"
        ),
        (
            "a bare line feed",
            "--Boundary\r\nContent-Disposition: form-data; name=operations\nx: y\r\n\r\n{}\r\n--Boundary--"
        ),
        (
            "a control character",
            "--Boundary\r\nContent-Disposition: form-data; name=\"oper\u{0}ations\"\r\n\r\n{}\r\n--Boundary--"
        ),
        ("only the end", "--Boundary--\r\n"), ("empty", ""),
    ])
    func `a body that is no form is told so`(what: String, body: String) async throws {
        let server = try UploadTestServer()
        let answer = try server.send(body: Array(body.utf8))
        #expect(answer.status == 400 && answer.code == .string("BAD_MULTIPART"), "\(what): \(answer.text)")
        await server.stop()
    }

    @Test(arguments: [
        ("map first", [Part("map", "{}"), Part("operations", "{}")]),
        ("a file first", [Part("0", "x"), Part("operations", "{}"), Part("map", "{}")]),
        ("a file before map", [Part("operations", "{}"), Part("0", "x"), Part("map", "{}")]),
        ("no map", [Part("operations", "{}")]),
        ("operations are no JSON", [Part("operations", "{"), Part("map", "{}")]),
        ("map is no JSON", [Part("operations", "{}"), Part("map", "")]),
        ("map is a list", [Part("operations", "{}"), Part("map", "[]")]),
        ("map holds no lists", [Part("operations", "{}"), Part("map", #"{"0":"variables.f"}"#)]),
        ("map holds no texts", [Part("operations", "{}"), Part("map", #"{"0":[1]}"#)]),
        ("a file twice in map", [Part("operations", "{}"), Part("map", #"{"0":[],"0":[]}"#)]),
        ("a file is missing", [Part("operations", "{}"), Part("map", #"{"0":[]}"#)]),
        ("a file too many", [Part("operations", "{}"), Part("map", "{}"), Part("0", "x")]),
        ("a file twice", [Part("operations", "{}"), Part("map", #"{"0":[]}"#), Part("0", "x"), Part("0", "x")]),
    ])
    func `parts that do not fit together are told so`(what: String, parts: [Part]) async throws {
        let server = try UploadTestServer()
        let answer = try server.send(Form(parts: parts))
        #expect(answer.status == 400 && answer.code == .string("BAD_MULTIPART"), "\(what): \(answer.text)")
        await server.stop()
    }

    @Test(arguments: [
        "", ".", "variables", "variables.", "variables.g", "variables.f.0", "query", "extensions.f", "0.variables.f",
        "variables.l.2", "variables.l.-1", "variables.l.+0", "variables.l.x", "variables.t", "variables.o",
        "variables.o.p.q", String(repeating: "variables.", count: 17),
    ])
    func `a path that leads to no null is refused`(path: String) async throws {
        let server = try UploadTestServer()
        let operations = #"{"query":"{ hello }","variables":{"f":null,"l":[null,null],"t":"x","o":{"p":null}}}"#
        let answer = try server.send(form(operations, #"{"0":["\#(path)"]}"#, Part("0", "x")))
        #expect(answer.status == 400 && answer.code == .string("BAD_MULTIPART"), "\(answer.text)")
        await server.stop()
    }

    @Test func `two files do not fit into one place`() async throws {
        let server = try UploadTestServer()
        let answer = try server.send(
            form(one, #"{"0":["variables.f"],"1":["variables.f"]}"#, Part("0", "x"), Part("1", "y"))
        )
        #expect(answer.status == 400 && answer.code == .string("BAD_MULTIPART"))
        await server.stop()
    }

    @Test(arguments: [
        "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"a\u{e4}\"",
        "multipart/form-data; boundary=" + String(repeating: "b", count: 71), "multipart/form-data; boundary=\"b \"",
    ])
    func `a media type without a good boundary is refused`(type: String) async throws {
        let server = try UploadTestServer()
        let answer = try server.send(body: Array("--x\r\n".utf8), fields: ["content-type": type])
        #expect(answer.status == 400 && answer.code == .string("BAD_MULTIPART"))
        await server.stop()
    }

    @Test(arguments: [nil, 1_000])
    func `what exceeds a limit on sizes is answered 413`(chunk: Int?) async throws {
        let server = try UploadTestServer {
            $0.maximumBody = 300
            $0.uploads?.maximumFileBytes = 100
            $0.uploads?.maximumBytes = 1_500
            $0.uploads?.maximumFiles = 2
            $0.uploads?.maximumPaths = 3
            $0.uploads?.maximumMapBytes = 120
        }
        let map = #"{"0":["variables.f"]}"#
        func check(_ what: String, _ form: Form) throws {
            let answer = try server.send(form, chunk: chunk)
            #expect(answer.status == 413 && answer.code == .string("UPLOAD_TOO_LARGE"), "\(what): \(answer.text)")
        }
        #expect(try server.send(form(one, map, Part("0", String(repeating: "x", count: 100)))).status == 200)
        try check("file", form(one, map, Part("0", String(repeating: "x", count: 101))))
        try check("files", form(one, #"{"0":[],"1":[],"2":[]}"#))
        try check("paths", form(one, #"{"0":["a","b","c","d"]}"#))
        try check("map", form(one, "{" + String(repeating: " ", count: 120) + "}"))
        try check("operations", form(one + String(repeating: " ", count: 300), map))
        try check("body", form(one, map, Part("0", String(repeating: "x", count: 1_500))))
        await server.stop()
    }

    @Test func `the header of a part is limited`() async throws {
        let server = try UploadTestServer { $0.uploads?.maximumPartHead = 200 }
        let name = String(repeating: "n", count: 300)
        let answer = try server.send(form(one, #"{"0":["variables.f"]}"#, Part("0", "x", fileName: name)))
        #expect(answer.status == 400 && answer.message == "The header of a part is too large.")
        let endless = try server.send(body: Array("--Boundary\r\n".utf8) + [UInt8](repeating: 0x61, count: 100_000))
        #expect(endless.status == 400 && endless.message == "The header of a part is too large.")
        await server.stop()
    }

    @Test func `only so many uploads are taken in at a time`() async throws {
        let server = try UploadTestServer { $0.uploads?.maximumRequests = 1 }
        let whole = form(one, #"{"0":["variables.f"]}"#, Part("0", "x"))
        let slow = try TestSocket(port: server.port)
        let bytes = server.request(whole.bytes)
        try slow.send(Array(bytes.dropLast(10)))
        // The place is taken when the handler has seen the head; until then the others are served.
        var answer = try server.send(whole)
        while answer.status == 200 { answer = try server.send(whole) }
        #expect(answer.status == 503 && answer.code == .string("TOO_MANY_UPLOADS"))
        try slow.send(Array(bytes.suffix(10)))
        #expect(try TransportAnswer(from: slow).status == 200)
        #expect(try server.send(whole).status == 200)
        await server.stop()
    }

    @Test func `nobody takes all places for uploads`() async throws {
        let server = try UploadTestServer { configuration in
            configuration.uploads?.maximumRequestsPerClient = 1
            configuration.uploads?.maximumRequests = 2
        }
        let whole = form(one, #"{"0":["variables.f"]}"#, Part("0", "x"))
        let slow = try TestSocket(port: server.port)
        let bytes = server.request(whole.bytes)
        try slow.send(Array(bytes.dropLast(10)))
        var answer = try server.send(whole)
        while answer.status == 200 { answer = try server.send(whole) }
        #expect(answer.status == 429 && answer.code == .string("TOO_MANY_UPLOADS"))
        try slow.send(Array(bytes.suffix(10)))
        #expect(try TransportAnswer(from: slow).status == 200)
        #expect(try server.send(whole).status == 200)
        await server.stop()
    }

    @Test func `a form that takes for ever is refused, however well it keeps the pace`() async throws {
        let server = try UploadTestServer { configuration in
            configuration.uploads?.maximumTime = .milliseconds(300)
            configuration.uploads?.maximumRequests = 1
        }
        let whole = form(one, #"{"0":["variables.f"]}"#, Part("0", String(repeating: "x", count: 5_000)))
        let slow = try TestSocket(port: server.port)
        try slow.send(Array(server.request(whole.bytes).dropLast(5_000)))
        let answer = try TransportAnswer(from: slow)
        #expect(answer.status == 408 && answer.hasErrors)
        slow.endOutput()
        #expect(try slow.receiveToEnd().isEmpty)
        // Its place is free again.
        var next = try server.send(whole)
        while next.status == 503 { next = try server.send(whole) }
        #expect(next.status == 200)
        await server.stop()
    }

    // MARK: Files

    @Test func `files are gone when their request is, answered or broken off`() async throws {
        let server = try UploadTestServer()
        let whole = form(one, #"{"0":["variables.f"]}"#, Part("0", "x"))
        #expect(try server.send(whole).status == 200)
        let broken = try TestSocket(port: server.port)
        try broken.send(Array(server.request(whole.bytes).dropLast(10)))
        try await untilUploads(1)
        broken.reset()
        try await untilUploads(0)
        await server.stop()
    }

    /// Waits until the process has so many files of uploads open.
    private func untilUploads(_ count: Int) async throws {
        try await eventually("a process with \(count) files of uploads open") { openUploads() == count }
    }

    private func openUploads() -> Int {
        let folder = "/proc/self/fd"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.count { name in
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)")
            return target?.contains("atrium-upload") ?? false
        }
    }
}

/// One part of a form.
struct Part: Sendable {
    let name: String
    let content: [UInt8]
    let fileName: String?
    let type: String

    init(_ name: String, _ content: [UInt8], fileName: String?, type: String = "application/octet-stream") {
        (self.name, self.content, self.fileName, self.type) = (name, content, fileName, type)
    }

    init(_ name: String, _ content: String, fileName: String? = nil, type: String = "application/octet-stream") {
        let isField = name == "operations" || name == "map"
        self.init(name, Array(content.utf8), fileName: isField ? nil : fileName ?? "\(name).bin", type: type)
    }
}

/// Of those who are not known.
final class StrangerContext: ExecutionContext, @unchecked Sendable {}

struct Form {
    let parts: [Part]

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for part in parts {
            bytes += "--Boundary\r\nContent-Disposition: form-data; name=\"\(part.name)\"".utf8
            if let fileName = part.fileName { bytes += "; filename=\"\(fileName)\"\r\nContent-Type: \(part.type)".utf8 }
            bytes += "\r\n\r\n".utf8
            bytes += part.content
            bytes += "\r\n".utf8
        }
        return bytes + "--Boundary--\r\n".utf8
    }
}

/// The example on a free port.
struct UploadTestServer {
    let group: EventLoopGroup
    let server: HTTPServer
    let port: UInt16

    init(_ change: (inout GraphQLConfiguration) -> Void = { _ in }) throws {
        var configuration = GraphQLConfiguration()
        configuration.uploads = UploadLimits()
        configuration.connect = { _ in { _ in RequestContext() } }
        change(&configuration)
        group = try EventLoopGroup()
        let handler = GraphQLHandler(try Engine(GeneratedSchema.self), configuration)
        server = HTTPServer(group: group, handler: handler)
        port = try server.listen(on: .loopback()).port
    }

    func stop() async { await group.stop() }

    func send(_ form: Form, chunk: Int? = nil, fields: [String: String] = [:]) throws -> TransportAnswer {
        try send(body: form.bytes, chunk: chunk, fields: fields)
    }

    /// Sends a body in one piece, or chunked in pieces of this size.
    func send(body: [UInt8], chunk: Int? = nil, fields: [String: String] = [:]) throws -> TransportAnswer {
        let socket = try TestSocket(port: port)
        try socket.send(request(body, chunk: chunk, fields: fields))
        return try TransportAnswer(from: socket)
    }

    func post(_ body: String) throws -> TransportAnswer {
        let socket = try TestSocket(port: port)
        try socket.send(
            GraphQLTransportTests.request("POST", "/graphql", ["content-type": "application/json"], body: body)
        )
        return try TransportAnswer(from: socket)
    }

    func request(_ body: [UInt8], chunk: Int? = nil, fields: [String: String] = [:]) -> [UInt8] {
        var all = ["content-type": "multipart/form-data; boundary=Boundary", "graphql-require-preflight": "1"]
        all.merge(fields) { $1 }
        guard let chunk else {
            all["content-length"] = "\(body.count)"
            return Array(GraphQLTransportTests.request("POST", "/graphql", all, body: nil).utf8) + body
        }
        all["transfer-encoding"] = "chunked"
        var bytes = Array(GraphQLTransportTests.request("POST", "/graphql", all, body: nil).utf8)
        for start in stride(from: 0, to: body.count, by: chunk) {
            let piece = body[start..<min(body.count, start + chunk)]
            bytes += String(piece.count, radix: 16).utf8 + [0x0d, 0x0a] + piece + [0x0d, 0x0a]
        }
        return bytes + "0\r\n\r\n".utf8
    }
}
