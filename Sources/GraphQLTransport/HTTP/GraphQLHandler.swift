import EventLoop
public import GraphQLEngine
import GraphQLSchema
public import HTTPServer

/// GraphQL over HTTP, over sockets and over event streams, at one path. Read this first.
public final class GraphQLHandler: HTTPHandler {
    let service: GraphQLService
    let others: any HTTPHandler
    /// The streams of the single-connection mode; nil where there are none.
    let reservations: Reservations?
    /// Nil where forms are refused.
    let uploads: UploadDesk?
    private let path: [UInt8]
    private let socketOptions: WebSocketOptions
    let playground: Playground?
    /// The fields of answers of each media type, but for what depends on the request.
    private let prebuiltFields: [HTTPFields]

    /// - Parameter others: answers requests for other paths.
    public init(
        _ engine: Engine,
        _ configuration: GraphQLConfiguration = GraphQLConfiguration(),
        others: any HTTPHandler = HTTPRouter()
    ) {
        service = GraphQLService(engine, configuration)
        reservations = configuration.singleConnection.map(Reservations.init)
        uploads = configuration.uploads.map(UploadDesk.init)
        self.others = others
        path = Array(configuration.path.utf8)
        playground = configuration.playground.map { Playground($0, path: configuration.path) }
        var options = configuration.socket.options
        options.subprotocols = SocketDialect.allCases.map(\.rawValue)
        socketOptions = options
        prebuiltFields = MediaType.allCases.map { type in
            var fields = configuration.fields
            fields.add("content-type", type.name.description + "; charset=utf-8")
            // Proxies are not to hold events back until there are many.
            if type == .eventStream { fields.add("x-accel-buffering", "no") }
            return fields
        }
    }

    public var configuration: GraphQLConfiguration { service.configuration }
    /// For Allow.
    private var methods: String { reservations == nil ? "GET, POST, OPTIONS" : "GET, POST, PUT, DELETE, OPTIONS" }
    var readiness: ServiceReadiness { service.configuration.readiness }

    /// What became of requests that did not come to their end, so far.
    public var counts: GraphQLCounts { service.counters.current }

    public func bodyPolicy(for request: HTTPRequest) -> HTTPBodyPolicy {
        guard isHere(request) else {
            if playground?.tool(of: request) != nil { return .collect(maximum: configuration.maximumBody) }
            return others.bodyPolicy(for: request)
        }
        // Of forms the limits are counted here, where the answer can say which one was exceeded.
        return isUpload(request) ? .stream(maximum: .max) : .collect(maximum: configuration.maximumBody)
    }

    public func handle(_ request: HTTPRequest, _ responder: HTTPResponder) {
        guard isHere(request) else {
            if let tool = playground?.tool(of: request) { return answer(tool, request, responder) }
            if playground?.answerFile(request, responder) == true || answerEndpoint(request, responder) { return }
            others.handle(request, responder)
            return
        }
        if request.method != .post, let playground, playground.isPageWanted(by: request) {
            return playground.answerPage(request, responder)
        }
        do throws(Refusal) {
            switch request.method {
            case .options: answerPreflight(request, responder)
            case .get where request.has("upgrade", member: "websocket"): openSocket(request, responder)
            case .get, .head, .post: try answer(request, responder)
            case .put where reservations != nil: reserveStream(request, responder)
            case .delete where reservations != nil:
                try stopOperation(streamToken(of: request) ?? "", request, responder)
            case .put, .delete, .patch:
                throw Refusal(.methodNotAllowed, "GraphQL is asked by POST or GET.", "allow", methods)
            }
        } catch {
            refuse(
                error,
                request,
                responder,
                as: MediaType.negotiate(request, configuration.statusCodes) ?? standardType
            )
        }
    }

    // MARK: The steps of a request

    private func answer(_ request: HTTPRequest, _ responder: HTTPResponder) throws(Refusal) {
        guard let type = MediaType.negotiate(request, configuration.statusCodes) else {
            let names = MediaType.allCases.map(\.name.description).joined(separator: ", ")
            throw Refusal(.notAcceptable, "Answers come as one of \(names).")
        }
        let token = streamToken(of: request)
        if let token, type == .eventStream, request.method == .get {
            // No other page can know the token, which is mark enough.
            return try openReservedStream(token, Exchange(request, responder, type, self))
        }
        let isUpload = isUpload(request)
        if !isUpload { try checkContentType(request) }
        try checkForgery(request, isForm: isUpload)
        // What goes to a reserved stream is answered here by a status.
        let exchange = Exchange(request, responder, token != nil && type == .eventStream ? standardType : type, self)
        do throws(Refusal) {
            if isUpload { return try answerUpload(exchange) }
            switch try readInput(request) {
            case .one(let envelope):
                guard let token else { return exchange.run(envelope) }
                exchange.run { [self] in await answer(envelope, to: token, $0) }
            case .batch(let envelopes):
                try checkBatch(envelopes, exchange)
                exchange.run { [self] in await answer(batch: envelopes, $0) }
            }
        } catch {
            exchange.refuse(error)
        }
    }

    func checkContentType(_ request: HTTPRequest) throws(Refusal) {
        guard request.method == .post else { return }
        guard let type = request["content-type"], ContentType.isJSON(type) else {
            throw Refusal(
                .unsupportedMediaType,
                "The request must be of media type application/json, in UTF-8.",
                "accept-post",
                "application/json"
            )
        }
    }

    /// What browsers send for any page without asking first does not run: it might be forged.
    private func checkForgery(_ request: HTTPRequest, isForm: Bool) throws(Refusal) {
        guard configuration.requiresPreflight, request.method != .post || isForm else { return }
        let marks: [HTTPBytes?] = [request["graphql-require-preflight"], request["apollo-require-preflight"]]
        guard marks.contains(where: { $0.map { $0.count > 0 } ?? false }) else {
            throw Refusal(
                .forbidden,
                "A \(isForm ? "multipart" : "GET") request needs a non-empty header GraphQL-Require-Preflight.",
                code: "PREFLIGHT_REQUIRED"
            )
        }
    }

    private enum Input {
        case one(Envelope)
        case batch([Value])
    }

    private func readInput(_ request: HTTPRequest) throws(Refusal) -> Input {
        do throws(BadEnvelope) {
            guard request.method == .post else { return .one(try Envelope(urlQuery: request.query)) }
            let value = try readBody(request)
            if case .list(let values) = value { return .batch(values) }
            return .one(try Envelope(value))
        } catch {
            throw Refusal(error.isJSON ? configuration.statusCodes.badEnvelope : .badRequest, error.message)
        }
    }

    func readBody(_ request: HTTPRequest) throws(BadEnvelope) -> Value {
        switch request.withBody({ body in Result { try Value(json: body.assumingMemoryBound(to: UInt8.self)) } }) {
        case .success(let value): return value
        case .failure(let error):
            let isEmpty = request.withBody { $0.isEmpty }
            throw BadEnvelope(isEmpty ? "The request has no body." : "The body is not JSON: \(error)", isJSON: false)
        }
    }

    // MARK: Answers

    /// What answers are of to clients that have no wish.
    private var standardType: MediaType { configuration.statusCodes == .legacy ? .json : .graphQLResponse }

    /// What a whole answer is of. By the edition of September 2026 those who take plain JSON alone get it for what was
    /// executed, and `application/graphql-response+json` for all else.
    func type(of status: HTTPStatus, for type: MediaType) -> MediaType {
        switch type {
        case .graphQLResponse: .graphQLResponse
        case .json: 200..<300 ~= status.code ? .json : standardType
        case .eventStream: standardType
        }
    }

    func fields(_ type: MediaType, for request: HTTPRequest) -> HTTPFields {
        var fields = prebuiltFields[type == .graphQLResponse ? 0 : type == .json ? 1 : 2]
        configuration.crossOrigin.addFields(to: &fields, for: request)
        return fields
    }

    func refuse(
        _ refusal: Refusal,
        _ request: HTTPRequest,
        _ responder: HTTPResponder,
        as type: MediaType,
        adding add: ((inout HTTPFields) -> Void)? = nil
    ) {
        service.loopCounters?.totals.refuse(refusal.status)
        var fields = fields(self.type(of: refusal.status, for: type), for: request)
        add?(&fields)
        for (name, value) in refusal.fields { fields.add(name, value) }
        let shown =
            refusal.isPresented ? refusal.error : configuration.presentRefusal(refusal.error, refusal.status)
        let response = Response(refusing: [shown])
        responder.respond(refusal.status, fields) { out in
            response.body.withBytes { out.append($0) }
        }
    }

    private func answerPreflight(_ request: HTTPRequest, _ responder: HTTPResponder) {
        var fields = configuration.fields
        fields.add("allow", methods)
        configuration.crossOrigin.addPreflightFields(to: &fields, for: request, methods: methods)
        responder.respond(.noContent, fields)
    }

    private func openSocket(_ request: HTTPRequest, _ responder: HTTPResponder) {
        guard configuration.socket.isEnabled else { return responder.respond(.notFound) }
        WebSocket.accept(request, responder, socketOptions) { socket in
            GraphQLSocket(socket, request, service)
        }
    }

    private func isHere(_ request: HTTPRequest) -> Bool {
        request.path.equals(path)
    }
}
