public import HTTPServer

/// Which pages of other origins may read answers: https://fetch.spec.whatwg.org/#http-cors-protocol
public struct CrossOriginPolicy: Sendable {
    public enum Origins: Sendable {
        /// Pages of the server's own origin only.
        case none
        /// Such as `https://shop.example`.
        case listed([String])
        /// All, but never with credentials.
        case any
    }

    public var origins = Origins.none
    /// Whether the listed origins may send cookies.
    public var allowsCredentials = false
    /// Header fields pages may set.
    public var headers = [
        "accept", "authorization", "content-type", "graphql-require-preflight", "apollo-require-preflight",
        "x-graphql-event-stream-token", "x-request-id", "traceparent",
    ]
    /// Header fields of responses pages may read, besides those they always may.
    public var exposedHeaders = ["x-request-id", "retry-after"]
    /// How long a browser may keep the answer to its question.
    public var maximumAge = Duration.seconds(600)

    public init() {}

    /// Adds what a page of the request's origin needs to read the response.
    public func addFields(to fields: inout HTTPFields, for request: HTTPRequest) {
        if case .none = origins { return }
        let origin = request["origin"]?.string
        if case .any = origins {
            if origin != nil {
                fields.add("access-control-allow-origin", "*")
                expose(in: &fields)
            }
            return
        }
        fields.add("vary", "origin")
        guard case .listed(let allowed) = origins, let origin, allowed.contains(origin) else { return }
        fields.add("access-control-allow-origin", origin)
        if allowsCredentials { fields.add("access-control-allow-credentials", "true") }
        expose(in: &fields)
    }

    private func expose(in fields: inout HTTPFields) {
        guard !exposedHeaders.isEmpty else { return }
        fields.add("access-control-expose-headers", exposedHeaders.joined(separator: ", "))
    }

    /// Adds the answer to the question a browser asks before it sends a request.
    public func addPreflightFields(to fields: inout HTTPFields, for request: HTTPRequest, methods: String) {
        guard case .none = origins else {
            addFields(to: &fields, for: request)
            fields.add("access-control-allow-methods", methods)
            fields.add("access-control-allow-headers", headers.joined(separator: ", "))
            fields.add("access-control-max-age", "\(maximumAge.components.seconds)")
            return
        }
    }
}

extension HTTPFields {
    /// Adds a field whose value is known to be one.
    mutating func add(_ name: StaticString, _ value: String) {
        do { try append(name, value) } catch {
            preconditionFailure("field \(name) cannot be sent: \(error)")
        }
    }
}
