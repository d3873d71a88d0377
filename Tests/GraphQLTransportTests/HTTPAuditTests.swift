import GraphQLSchema
import Testing

/// The checks of graphql-http's server audit, by their names there, each over a socket. Their meaning in our words.
@Suite(.timeLimit(.minutes(3))) struct HTTPAuditTests {
    /// What a check sends and what it wants to see.
    struct Check: Sendable, CustomStringConvertible {
        let name: String
        var method = "POST"
        var target = "/graphql"
        var accept: String?
        var contentType: String? = "application/json"
        var body: String?
        var statuses: ClosedRange<Int> = 200...200
        var type: String?
        /// Whether there are to be errors.
        var errors: Bool?
        var description: String { name }
    }

    static let newer = "application/graphql-response+json"
    static let json = "application/json"
    private static let typeName = #"{"query":"{ __typename }"}"#
    private static let byURL = "/graphql?query=%7B%20__typename%20%7D"
    /// Values of the wrong type for a parameter, in the order of the audit.
    private static let noString = [#"{"obj":"ect"}"#, "0", "false", #"["array"]"#]
    private static let noMap = [#""string""#, "0", "false", #"["array"]"#]
    private static let mapQuery = "query Type($name: String!) { __type(name: $name) { name } }"
    private static let mapTarget =
        "/graphql?query=query+Type(%24name%3A+String!)+%7B+__type(name%3A+%24name)+%7B+name+%7D+%7D"
        + "&variables=%7B%22name%22%3A%22sometype%22%7D"

    static let checks: [Check] = media + requests + parameters + answers

    private static let media = [
        Check(name: "22EB", accept: newer, body: typeName, type: newer),
        Check(name: "4655", accept: json, body: typeName, type: json),
        Check(name: "47DE", accept: "*/*", body: typeName, type: json),
        Check(name: "80D8", method: "GET", target: byURL, contentType: nil, type: json),
        Check(name: "82A3", body: typeName),
        Check(
            name: "BF61",
            contentType: "application/json; charset=utf-8",
            body: #"{"query":"{ __type(name: \"Runnön\") { name } }"}"#,
            errors: false
        ),
        Check(name: "78D5", body: typeName),
    ]

    private static let requests = [
        Check(name: "2C94", body: typeName),
        Check(name: "5A70", method: "GET", target: byURL, contentType: nil),
        Check(
            name: "9C48",
            method: "GET",
            target: "/graphql?query=mutation+%7B+__typename+%7D",
            accept: newer,
            contentType: nil,
            statuses: 400...499
        ),
        Check(name: "9ABE", contentType: nil, body: "", statuses: 400...499),
        Check(name: "03D4", body: typeName),
        Check(name: "A5BF", body: "", statuses: 400...400),
        Check(name: "423L", accept: newer, body: #"{"notquery":"{ __typename }"}"#, statuses: 400...400),
    ]

    private static let parameters: [Check] = {
        var checks: [Check] = []
        for (index, value) in noString.enumerated() {
            checks.append(Check(name: "LKJ\(index)", body: #"{"query":\#(value)}"#, statuses: 400...400))
            let named = #"{"operationName":\#(value),"query":"{ __typename }"}"#
            checks.append(Check(name: "6C0\(index)", body: named, statuses: 400...400))
        }
        for (index, value) in noMap.enumerated() {
            let variables = #"{"query":"{ __typename }","variables":\#(value)}"#
            checks.append(Check(name: "476\(index)", body: variables, statuses: 400...400))
            let extensions = #"{"query":"{ __typename }","extensions":\#(value)}"#
            checks.append(Check(name: "58B\(index)", body: extensions, statuses: 400...400))
        }
        for (index, name) in ["variables", "operationName", "extensions"].enumerated() {
            let body = #"{"query":"{ __typename }","\#(name)":null}"#
            checks.append(Check(name: "94B\(index)", accept: newer, body: body, errors: false))
            checks.append(Check(name: "022\(index)", accept: json, body: body, errors: false))
        }
        let named = #"{"operationName":"Query","query":"query Query { __typename }"}"#
        let map = #"{"query":"\#(mapQuery)","variables":{"name":"sometype"}}"#
        let extended = #"{"query":"{ __typename }","extensions":{"some":"value"}}"#
        return checks + [
            Check(name: "34A2", accept: newer, body: typeName),
            Check(name: "13EE", accept: json, body: typeName, errors: false),
            Check(name: "8161", accept: newer, body: named),
            Check(name: "B8B3", accept: json, body: named, errors: false),
            Check(name: "2EA1", accept: newer, body: map),
            Check(name: "28B9", accept: json, body: map, errors: false),
            Check(name: "D6D5", method: "GET", target: mapTarget, accept: newer, contentType: nil),
            Check(name: "6A70", method: "GET", target: mapTarget, accept: json, contentType: nil, errors: false),
            Check(name: "428F", accept: newer, body: extended),
            Check(name: "1B7A", accept: json, body: extended, errors: false),
            Check(name: "B6DC", body: #"{ "not a JSON"#, statuses: 400...499),
            Check(name: "BCF8", body: #"{ "not a JSON"#, statuses: 400...400),
            Check(name: "8764", body: #"{"qeury":"{ __typename }"}"#, statuses: 400...599),
            Check(name: "3E3A", body: #"{"qeury":"{ __typename }"}"#, statuses: 400...400),
        ]
    }()

    private static let answers: [Check] = {
        let syntax = #"{"query":"{"}"#
        let unknown = #"{"query":"{ 8f31403dfe404bccbb0e835f2629c6a7 }"}"#
        let variable = #"{"query":"query CoerceFailure($id: ID!){ __typename }","variables":{"id":null}}"#
        return [
            Check(name: "572B", accept: json, body: syntax),
            Check(name: "FDE2", accept: json, body: unknown),
            Check(name: "7B9B", accept: json, body: variable),
            Check(name: "865D", accept: newer, body: syntax, statuses: 400...599),
            Check(name: "556A", accept: newer, body: syntax, statuses: 400...400),
            Check(name: "D586", accept: newer, body: syntax, statuses: 400...400, errors: true),
            Check(name: "51FE", accept: newer, body: unknown, statuses: 400...599),
            Check(name: "74FF", accept: newer, body: unknown, statuses: 400...400),
            Check(name: "5E5B", accept: newer, body: unknown, statuses: 400...400, errors: true),
            Check(name: "86EE", accept: newer, body: variable, statuses: 400...400),
        ]
    }()

    @Test func `every check of the audit passes`() async throws {
        #expect(Self.checks.count == 60)
        let server = try TransportServer()
        for check in Self.checks {
            var fields: [String: String] = [:]
            fields["accept"] = check.accept
            fields["content-type"] = check.contentType
            let answer = try server.send(check.method, check.target, fields, body: check.body)
            #expect(check.statuses.contains(answer.status), "\(check): \(answer.status) \(answer.text)")
            if let type = check.type { #expect(answer.type.hasPrefix(type), "\(check): \(answer.type)") }
            if let errors = check.errors {
                #expect(answer.hasErrors == errors && (!errors || answer.data == nil), "\(check): \(answer.text)")
            }
            #expect(answer.json != nil, "\(check): \(answer.text)")
        }
        await server.stop()
    }
}
