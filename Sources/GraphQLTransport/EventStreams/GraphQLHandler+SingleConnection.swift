import EventLoop
import GraphQLEngine
import GraphQLLanguage
import GraphQLSchema
import HTTPServer

/// The single-connection mode of https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md, for clients that may
/// have few connections: one event stream, reserved by PUT, brings the answers of all operations.
extension GraphQLHandler {
    /// The token of a stream that the request names; nil where it names none, or where there are no such streams.
    func streamToken(of request: HTTPRequest) -> String? {
        guard reservations != nil else { return nil }
        if let token = request["x-graphql-event-stream-token"] { return token.string }
        return Envelope.parameter("token", of: request.query)
    }

    /// PUT: reserves a stream for those who may come in.
    func reserveStream(_ request: HTTPRequest, _ responder: HTTPResponder) {
        guard let reservations else { return }
        let exchange = Exchange(request, responder, .json, self)
        exchange.run { [self] exchange in
            let context: ExecutionContext
            do throws(ConnectionRefused) {
                context = try await service.connect(request)(LoadingContext.ofCurrentLoop())
            } catch {
                return exchange.refuse(Refusal(error))
            }
            // A stream costs what an operation does that costs nothing.
            do throws(GraphQLError) { try context.admit(nil) } catch {
                if let add = configuration.responseFields { exchange.addFields = { add(context, &$0) } }
                return exchange.refuse(Refusal(.tooManyRequests, error))
            }
            let client = request.client(in: context)
            switch reservations.reserve(for: client, on: responder.loop) {
            case .reserved(let token): responder.respond(.created, plainFields(for: request), text: token)
            case .full: exchange.refuse(tooManyStreams(.serviceUnavailable))
            case .clientHasTooMany: exchange.refuse(tooManyStreams(.tooManyRequests))
            }
        }
    }

    private func tooManyStreams(_ status: HTTPStatus) -> Refusal {
        service.loopCounters?.totals.overLimit &+= 1
        return Refusal(status, "Too many streams.", code: "TOO_MANY_STREAMS")
    }

    /// GET: opens a stream that was reserved.
    func openReservedStream(_ token: String, _ exchange: Exchange) throws(Refusal) {
        guard let reservations, reservations.knows(token) else { throw .unknownStream }
        let loop = exchange.responder.loop
        guard reservations.beginOpening(token) else {
            throw Refusal(.conflict, "The stream is open already.", code: "STREAM_IS_OPEN")
        }
        let channel = EventChannel(exchange.openedStream, token: token, on: loop, service, reservations)
        exchange.responder.onDisconnect { channel.close() }
        for operation in reservations.opened(token, channel) { channel.start(operation) }
        exchange.responder.onDrain { channel.drain() }
    }

    /// POST: runs an operation whose answers go to the stream.
    func answer(_ envelope: Envelope, to token: String, _ exchange: Exchange) async {
        guard let reservations, reservations.knows(token) else { return exchange.refuse(.unknownStream) }
        guard case .string(let name)? = envelope.extensions["operationId"], !name.isEmpty, name.utf8.count <= 128 else {
            let message = "Extension \"operationId\" must be a string of 1 to 128 bytes."
            return exchange.refuse(Refusal(.badRequest, message))
        }
        let makeContext: ContextMaker
        do throws(ConnectionRefused) {
            makeContext = try await service.connect(exchange.request)
        } catch {
            return exchange.refuse(Refusal(error))
        }
        let context = makeContext(LoadingContext.ofCurrentLoop())
        let prepared: PreparedRequest
        switch await service.prepare(envelope, in: context) {
        case .ready(let ready): prepared = ready
        case .refused(let response): return exchange.send(response)
        }
        if prepared.operationType == .mutation, exchange.request.method != .post {
            return exchange.refuse(Refusal(.methodNotAllowed, "Mutations are sent by POST.", "allow", "POST"))
        }
        let bytes = exchange.request.target.count + exchange.request.withBody { $0.count }
        let operation = EventChannel.Operation(name: name, prepared: prepared, context: context, bytes: bytes)
        switch reservations.enter(token, operation) {
        case .unknown: return exchange.refuse(.unknownStream)
        case .isEnding:
            return exchange.refuse(Refusal(.serviceUnavailable, "The server is going down.", code: "GOING_AWAY"))
        case .isTaken: return exchange.refuse(Refusal(.conflict, "An operation of this ID runs.", code: "ID_IS_TAKEN"))
        case .isTooMuch:
            service.loopCounters?.totals.overLimit &+= 1
            return exchange.refuse(
                Refusal(.tooManyRequests, "The stream runs too many operations.", code: "TOO_MANY_OPERATIONS")
            )
        case .mustOpenFirst:
            service.loopCounters?.totals.overLimit &+= 1
            let message = "Too much waits for the stream: open it first."
            return exchange.refuse(Refusal(.tooManyRequests, message, code: "STREAM_IS_NOT_OPEN"))
        case .waits: break
        case .start(let channel, let operation): channel.loop.execute { channel.start(operation) }
        }
        exchange.responder.respond(.accepted, plainFields(for: exchange.request))
    }

    /// DELETE: stops an operation.
    func stopOperation(_ token: String, _ request: HTTPRequest, _ responder: HTTPResponder) throws(Refusal) {
        guard let reservations, reservations.knows(token) else { throw .unknownStream }
        guard let name = Envelope.parameter("operationId", of: request.query), !name.isEmpty else {
            throw Refusal(.badRequest, "Parameter \"operationId\" is missing.")
        }
        if let (channel, number) = reservations.stop(token, name) {
            channel.loop.execute { channel.stop(name, number) }
        }
        responder.respond(.ok, plainFields(for: request))
    }

    private func plainFields(for request: HTTPRequest) -> HTTPFields {
        var fields = configuration.fields
        fields.add("content-type", "text/plain; charset=utf-8")
        configuration.crossOrigin.addFields(to: &fields, for: request)
        return fields
    }
}

extension HTTPRequest {
    /// Whom places count for that many share: as the application says, else whoever has the address.
    func client(in context: ExecutionContext) -> String {
        context.clientKey ?? peer.map { $0.octets.map(String.init).joined(separator: ".") } ?? ""
    }
}

extension Refusal {
    fileprivate static var unknownStream: Refusal {
        Refusal(.notFound, "There is no such stream.", code: "UNKNOWN_STREAM")
    }
}
