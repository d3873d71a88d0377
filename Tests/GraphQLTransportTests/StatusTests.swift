import EventLoop
import GraphQLSchema
import GraphQLTransport
import HTTPServer
import Synchronization
import Testing

@testable import GraphQLEngine

/// The statuses of the edition of September 2026, and what both editions have in common.
@Suite(.timeLimit(.minutes(3))) struct StatusTests {
    private struct Case: Sendable {
        let body: String
        let status: Int
        var hasData = false
    }

    private static let cases = [
        Case(body: #"{"query":"{ hello }"}"#, status: 200, hasData: true),
        Case(body: #"{"query":"{ hello fail }"}"#, status: 294, hasData: true),
        Case(body: #"{"query":"{ hello failNonNull }"}"#, status: 294, hasData: true),
        Case(body: #"{"query":"mutation { setValue(value: \"1\") }"}"#, status: 200, hasData: true),
        Case(body: "", status: 400),
        Case(body: #"{"query""#, status: 400),
        Case(body: "{\"query\":\"\u{1}\"}", status: 400),
        Case(body: #"{"query":"{"}"#, status: 400),
        Case(body: #"{"query":"\u0000"}"#, status: 400),
        Case(body: "null", status: 422),
        Case(body: "7", status: 422),
        Case(body: #"[{"query":"{ hello }"}]"#, status: 422),
        Case(body: "{}", status: 422),
        Case(body: #"{"query":7}"#, status: 422),
        Case(body: #"{"query":"{ hello }","onError":"SHRUG"}"#, status: 422),
        Case(body: #"{"query":"{ nothing }"}"#, status: 422),
        Case(body: #"{"query":"query A { hello } query B { hello }"}"#, status: 422),
        Case(body: #"{"query":"query A { hello }","operationName":"B"}"#, status: 422),
        Case(body: #"{"query":"query($t: String!) { echo(text: $t) }"}"#, status: 422),
        Case(body: #"{"query":"query($t: String!) { echo(text: $t) }","variables":{"t":7}}"#, status: 422),
        Case(body: #"{"query":"{ hello fail }","onError":"NULL"}"#, status: 294, hasData: true),
        Case(body: #"{"query":"{ hello failNonNull }","onError":"NULL"}"#, status: 294, hasData: true),
    ]

    @Test(arguments: ["application/json", "application/graphql-response+json"])
    func `each outcome has the status of September 2026 in both media types`(type: String) async throws {
        let server = try TransportServer { $0.statusCodes = .september2026 }
        for one in Self.cases {
            let answer = try server.post(one.body, ["accept": type])
            #expect(answer.status == one.status, "\(one.body): \(answer.status) \(answer.text)")
            // Plain JSON is the type of what ran; all else is of GraphQL's.
            let ran = 200..<300 ~= answer.status
            #expect(answer.type == "\(ran ? type : "application/graphql-response+json"); charset=utf-8")
            #expect((answer.data != nil) == one.hasData && answer.hasErrors == (one.status != 200), "\(answer.text)")
        }
        await server.stop()
    }

    /// What is refused before an operation is looked at, in both editions.
    @Test(arguments: [StatusCodes.legacy, .september2026], ["application/json", "application/graphql-response+json"])
    func `what is refused is of the type the client takes`(edition: StatusCodes, type: String) async throws {
        let server = try TransportServer {
            $0.statusCodes = edition
            $0.requiresPreflight = true
            $0.maximumBody = 500
            $0.singleConnection = SingleConnectionLimits()
        }
        let mark = ["graphql-require-preflight": "1"]
        let json = ["content-type": "application/json"]
        let mutation = "/graphql?query=mutation%7BsetValue(value:%221%22)%7D"
        let subscription = #"{"query":"subscription { count(to: 1) }"}"#
        let token = ["x-graphql-event-stream-token": "guessed"].merging(json) { $1 }
        let cases: [(String, String, [String: String], String?, Int)] = [
            ("PATCH", "/graphql", [:], nil, 405), ("GET", mutation, mark, nil, 405),
            ("POST", "/graphql", json, subscription, 406),
            ("POST", "/graphql", ["content-type": "text/plain"], "{}", 415),
            ("GET", "/graphql?query=%7Bhello%7D", [:], nil, 403), ("DELETE", "/graphql?operationId=1", token, nil, 404),
            ("POST", "/graphql", token, #"{"query":"{ hello }"}"#, 404),
            ("GET", "/graphql", mark, nil, edition == .legacy ? 400 : 422),
        ]
        let shown = edition == .legacy ? type : "application/graphql-response+json"
        for (method, target, fields, body, status) in cases {
            let answer = try server.send(method, target, fields.merging(["accept": type]) { $1 }, body: body)
            #expect(answer.status == status, "\(method) \(target): \(answer.status) \(answer.text)")
            if edition == .september2026 || type != "application/json" {
                #expect(answer.type == "\(shown); charset=utf-8", "\(method) \(target): \(answer.type)")
            } else {
                #expect(answer.type == "application/json; charset=utf-8", "\(method) \(target): \(answer.type)")
            }
            #expect(answer.hasErrors && answer.json?["data"] == nil)
        }
        // Nothing of ours is acceptable: the answer is what the edition has for those who do not say.
        let answer = try server.send("POST", "/graphql", json.merging(["accept": "text/html"]) { $1 }, body: "{}")
        #expect(answer.status == 406 && answer.hasErrors)
        #expect(answer.type.hasPrefix(edition == .legacy ? "application/json" : "application/graphql-response+json"))
        await server.stop()
    }

    @Test func `a GET has the outcomes of a POST`() async throws {
        let server = try TransportServer {
            $0.statusCodes = .september2026
            $0.requiresPreflight = true
        }
        let cases = [
            ("query=%7Bhello%7D", 200), ("query=%7Bhello%20fail%7D", 294), ("query=%7B", 400), ("query=", 400),
            ("query=%7Bnothing%7D", 422), ("", 422), ("query=%7Bhello%7D&variables=%7B", 422),
            ("query=%7Bhello%7D&variables=7", 422), ("query=%7Bhello%7D&onError=SHRUG", 422),
            ("query=query%20A%7Bhello%7D&operationName=B", 422),
        ]
        for (query, status) in cases {
            let answer = try server.send("GET", "/graphql?" + query, ["graphql-require-preflight": "1"])
            #expect(answer.status == status, "\(query): \(answer.status) \(answer.text)")
        }
        await server.stop()
    }

    @Test(arguments: [StatusCodes.legacy, .september2026])
    func `an empty parameter of a URL is one that is not there`(edition: StatusCodes) async throws {
        let server = try TransportServer { $0.statusCodes = edition }
        for rest in [
            "operationName=", "documentId=", "onError=", "variables=", "extensions=", "operationName=&onError=",
        ] {
            let answer = try server.send("GET", "/graphql?query=query%20Q%7Bhello%7D&" + rest)
            #expect(answer.status == 200 && answer.data?["hello"] == .string("world"), "\(rest): \(answer.text)")
        }
        await server.stop()
    }

    @Test func `each member of the request has its type checked, and the message names it`() async throws {
        let server = try TransportServer()
        let expected = [
            #"{"query":[]}"#: #"Parameter "query" must be a string, not an array."#,
            #"{"query":"{hello}","operationName":true}"#:
                #"Parameter "operationName" must be a string, not a Boolean."#,
            #"{"query":"{hello}","variables":"x"}"#: #"Parameter "variables" must be an object, not a string."#,
            #"{"query":"{hello}","extensions":1.5}"#: #"Parameter "extensions" must be an object, not a number."#,
            #"{"documentId":{}}"#: #"Parameter "documentId" must be a string, not an object."#,
            #"{"variables":{}}"#: #"Parameter "query" is missing."#,
            "[]": "The request must be a JSON object, not an array.",
            "null": "The request must be a JSON object, not null.",
        ]
        for (body, message) in expected {
            let answer = try server.post(body)
            #expect(answer.status == 400 && answer.message == message, "\(body): \(answer.text)")
        }
        #expect(try server.post("").message == "The request has no body.")
        #expect(try server.post("{").message?.hasPrefix("The body is not JSON: ") == true)
        await server.stop()
    }

    @Test func `methods that are none of GraphQL's are named with those that are`() async throws {
        let server = try TransportServer()
        for method in ["PUT", "PATCH", "DELETE"] {
            let answer = try server.send(method)
            #expect(answer.status == 405 && answer.fields["allow"] == "GET, POST, OPTIONS")
        }
        let mutation = "/graphql?query=mutation%7BsetValue(value:%221%22)%7D"
        let refused = try server.send("GET", mutation)
        #expect(refused.status == 405 && refused.fields["allow"] == "POST" && refused.data == nil)
        #expect(try server.send("HEAD", mutation).status == 405)
        #expect(try server.send("HEAD", "/graphql?query=%7Bhello%7D").status == 200)
        #expect(try server.send("GET", "/elsewhere").status == 404)
        await server.stop()
    }

    @Test func `the media type is the client's favourite among ours`() async throws {
        let server = try TransportServer()
        let (json, newer) = ("application/json; charset=utf-8", "application/graphql-response+json; charset=utf-8")
        let expected: [String: String?] = [
            "application/json, application/graphql-response+json": newer,
            "application/json, application/graphql-response+json;q=0.9": json,
            "application/graphql-response+json; charset=utf-8, application/json; q=0.5": newer,
            "application/json;q=0, */*": newer,
            "application/*": json,
            "text/html, */*;q=0.1": json,
            "APPLICATION/JSON": json,
            "text/html": nil,
            "application/json;charset=latin1": nil,
            "application/json;q=0": nil,
            "*/*;q=0": nil,
        ]
        for (accept, type) in expected {
            let answer = try server.post(#"{"query":"{ hello }"}"#, ["accept": accept])
            #expect(answer.status == (type == nil ? 406 : 200), "\(accept): \(answer.status)")
            if let type { #expect(answer.type == type, "\(accept): \(answer.type)") }
        }
        let modern = try TransportServer { $0.statusCodes = .september2026 }
        #expect(try modern.post(#"{"query":"{ hello }"}"#).type == newer)
        #expect(try modern.post(#"{"query":"{ hello }"}"#, ["accept": "*/*"]).type == newer)
        await server.stop()
        await modern.stop()
    }

    @Test func `only JSON in UTF-8 is a request`() async throws {
        let server = try TransportServer()
        let statuses = [
            "application/json;charset=utf-8": 200, "Application/JSON; Charset=\"UTF-8\"": 200,
            "application/json; profile=x": 200, "application/json; charset=utf-16": 415,
            "application/json; charset=iso-8859-1": 415, "text/plain": 415, "application/graphql": 415,
            "application/x-www-form-urlencoded": 415, "multipart/form-data; boundary=x": 415, "": 415,
        ]
        for (type, status) in statuses {
            let answer = try server.send("POST", "/graphql", ["content-type": type], body: #"{"query":"{ hello }"}"#)
            #expect(answer.status == status, "\(type): \(answer.status)")
            if status == 415 { #expect(answer.fields["accept-post"] == "application/json") }
        }
        await server.stop()
    }

    @Test func `parameters of a URL are decoded, and broken ones refused`() async throws {
        let server = try TransportServer()
        let good = try server.send(
            "GET",
            "/graphql?query=query($t:String!)%7Becho(text:$t)%7D&variables=%7B%22t%22:%22a+%2B%C3%BC%22%7D&x=1"
        )
        #expect(good.data?["echo"] == .string("a +ü"))
        for query in [
            "query=%7", "query=%zz", "query=%ff", "query=a&query=b", "variables=%7B%7D", "",
            "query=%7Bhello%7D&variables=7",
        ] {
            #expect(try server.send("GET", "/graphql?" + query).status == 400, "\(query)")
        }
        #expect(try server.send("GET", "/graphql").status == 400)
        await server.stop()
    }

    @Test func `a body beyond the limit is not read`() async throws {
        let server = try TransportServer { $0.maximumBody = 100 }
        #expect(try server.post(String(repeating: " ", count: 101)).status == 413)
        await server.stop()
    }

    @Test func `an operation beyond its deadline is answered with TIMEOUT and cancelled`() async throws {
        let server = try TransportServer { $0.deadline = .milliseconds(50) }
        let answer = try server.post(#"{"query":"{ slow(ms: 60000) }"}"#)
        #expect(answer.status == 503 && answer.code == .string("TIMEOUT"))
        let events = try server.post(#"{"query":"{ slow(ms: 60000) }"}"#, ["accept": "text/event-stream"])
        #expect(events.status == 200 && events.type.hasPrefix("text/event-stream"))
        #expect(events.text.hasPrefix("event: next\ndata: {\"errors\":[") && events.text.contains(#""TIMEOUT""#))
        #expect(events.text.hasSuffix("event: complete\ndata: \n\n"))
        #expect(try server.post(#"{"query":"{ slow(ms: 1) }"}"#).data?["slow"] == .string("slow"))
        await server.stop()
    }

    @Test func `an application that says nothing of its contexts gets the loaders of their loop`() async throws {
        let sharesLoop = Mutex(false)
        let server = try TransportServer {
            $0.responseFields = { context, _ in
                let starts = context.loading.startTask != nil
                sharesLoop.withLock { $0 = starts }
            }
        }
        #expect(try server.post(#"{"query":"{ hello }"}"#).status == 200)
        #expect(sharesLoop.withLock { $0 })
        await server.stop()
    }

    @Test func `who may not come in learns it by a status`() async throws {
        let server = try TransportServer {
            $0.connect = { connecting in
                guard let key = connecting.request["authorization"] else { throw ConnectionRefused("Who are you?") }
                guard key.equals("open") else { throw ConnectionRefused("Not you.", status: .forbidden) }
                return { _ in ExecutionContext() }
            }
        }
        let body = #"{"query":"{ hello }"}"#
        let unknown = try server.post(body)
        #expect(unknown.status == 401 && unknown.message == "Who are you?")
        #expect(try server.post(body, ["authorization": "knock"]).status == 403)
        #expect(try server.post(body, ["authorization": "open"]).status == 200)
        await server.stop()
    }
}
