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
            do throws(ConnectionRefused) { _ = try await service.connect(request, payload: nil) } catch {
                return exchange.refuse(Refusal(error.status, error.message))
            }
            guard let token = reservations.reserve() else {
                service.loopCounters?.totals.overLimit &+= 1
                return exchange.refuse(Refusal(.serviceUnavailable, "Too many streams.", code: "TOO_MANY_STREAMS"))
            }
            responder.respond(.created, plainFields(for: request), text: token)
        }
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
            makeContext = try await service.connect(exchange.request, payload: nil)
        } catch {
            return exchange.refuse(Refusal(error.status, error.message))
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
        let operation = EventChannel.Operation(name: name, prepared: prepared, context: context)
        switch reservations.enter(token, operation) {
        case .unknown: return exchange.refuse(.unknownStream)
        case .isTaken: return exchange.refuse(Refusal(.conflict, "An operation of this ID runs.", code: "ID_IS_TAKEN"))
        case .isTooMuch:
            service.loopCounters?.totals.overLimit &+= 1
            return exchange.refuse(
                Refusal(.tooManyRequests, "The stream runs too many operations.", code: "TOO_MANY_OPERATIONS")
            )
        case .waits: break
        case .start(let channel): channel.loop.execute { channel.start(operation) }
        }
        exchange.responder.respond(.accepted, plainFields(for: exchange.request))
    }

    /// DELETE: stops an operation.
    func stopOperation(_ token: String, _ request: HTTPRequest, _ responder: HTTPResponder) throws(Refusal) {
        guard let reservations, reservations.knows(token) else { throw .unknownStream }
        guard let name = Envelope.parameter("operationId", of: request.query), !name.isEmpty else {
            throw Refusal(.badRequest, "Parameter \"operationId\" is missing.")
        }
        if let channel = reservations.leave(token, name) { channel.loop.execute { channel.stop(name) } }
        responder.respond(.ok, plainFields(for: request))
    }

    private func plainFields(for request: HTTPRequest) -> HTTPFields {
        var fields = configuration.fields
        fields.add("content-type", "text/plain; charset=utf-8")
        configuration.crossOrigin.addFields(to: &fields, for: request)
        return fields
    }
}

extension Refusal {
    fileprivate static var unknownStream: Refusal {
        Refusal(.notFound, "There is no such stream.", code: "UNKNOWN_STREAM")
    }
}
