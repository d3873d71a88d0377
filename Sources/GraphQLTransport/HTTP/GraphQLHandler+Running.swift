import EventLoop
import GraphQLEngine
import GraphQLLanguage
import GraphQLSchema
import HTTPServer

extension GraphQLHandler {
    /// Runs the operation of one envelope.
    func answer(_ envelope: Envelope, _ exchange: Exchange) async {
        let makeContext: ContextMaker
        do {
            makeContext = try await service.connect(exchange.request, answer: exchange)
        } catch {
            return exchange.refuse(Refusal(error))
        }
        await answer(envelope, makeContext, exchange)
    }

    func answer(_ envelope: Envelope, _ makeContext: ContextMaker, _ exchange: Exchange) async {
        let context = makeContext(LoadingContext.ofCurrentLoop())
        let prepared: PreparedRequest
        switch await service.prepare(envelope, in: context, uploads: exchange.uploads) {
        case .ready(let ready): prepared = ready
        case .refused(let response):
            guard exchange.type == .eventStream else { return exchange.send(response) }
            return EventStreamWriter(exchange.openedStream).finish(with: response)
        }
        if prepared.operationType == .subscription, MediaType.takesEvents(exchange.request) {
            exchange.answerByEvents()
        }
        if let refusal = refusal(of: prepared, exchange) { return exchange.refuse(refusal) }
        if let format = partsFormat(prepared, exchange) {
            return await answerInParts(prepared, context, exchange, as: format)
        }
        switch (exchange.type, prepared.operationType) {
        // Nothing of what happens would be said.
        case (.eventStream, .subscription) where exchange.request.method == .head:
            EventStreamWriter(exchange.openedStream).end()
        case (.eventStream, .subscription): await stream(prepared, context, exchange)
        case (.eventStream, _):
            let response = await service.execute(prepared, in: context)
            EventStreamWriter(exchange.openedStream).finish(with: response)
        default:
            let response = await service.execute(prepared, in: context)
            if let add = configuration.responseFields { exchange.addFields = { add(context, &$0) } }
            exchange.send(response)
        }
    }

    /// Why an operation may not run by this request.
    private func refusal(of prepared: PreparedRequest, _ exchange: Exchange) -> Refusal? {
        switch prepared.operationType {
        case .mutation where exchange.request.method != .post:
            Refusal(.methodNotAllowed, "Mutations are sent by POST.", "allow", "POST")
        case .subscription where exchange.type != .eventStream:
            Refusal(.notAcceptable, "The answers to a subscription come as text/event-stream, or over a WebSocket.")
        // Files are kept as long as their request, and a subscription has no end.
        case .subscription where isUpload(exchange.request):
            Refusal(.badRequest, "A subscription brings no files.")
        default: nil
        }
    }

    private func stream(_ prepared: PreparedRequest, _ context: ExecutionContext, _ exchange: Exchange) async {
        exchange.endWhenDraining()
        if exchange.isEnding { return EventStreamWriter(exchange.openedStream).end() }
        let outcome = await service.subscribe(prepared, in: context)
        // The server goes down, or the client has gone, which is no fault of anybody; one that was told that it took too long has
        // its answer.
        if exchange.isEnding || Task.isCancelled { return EventStreamWriter(exchange.openedStream).end() }
        switch outcome {
        case .refused(let response): EventStreamWriter(exchange.openedStream).finish(with: response)
        case .stream(let responses):
            exchange.handOn(responses)
        }
    }

    /// Says all that a subscription is told.
    func say(_ responses: ResponseStream, _ exchange: Exchange) async {
        let writer = EventStreamWriter(exchange.openedStream)
        let timer = writer.heartbeat(every: configuration.eventStreamHeartbeat, on: exchange.responder.loop)
        defer { timer.cancel() }
        do {
            while !exchange.isEnding, let response = try await responses.next(), !exchange.isEnding {
                try await writer.writable()
                writer.next(response)
            }
            if exchange.isEnding { writer.end() } else { writer.complete() }
        } catch {
            // A source that is cancelled may say so in its own way.
            if exchange.isEnding { return writer.end() }
            guard !(error is CancellationError) else { return }
            let shown = error as? GraphQLError ?? EngineOptions.masked(error)
            writer.finish(with: Response(refusing: [shown]))
        }
    }

    // MARK: Batches

    func checkBatch(_ batch: [Value], _ exchange: Exchange) throws(Refusal) {
        let limit = configuration.maximumBatch
        guard limit > 0, batch.count <= limit, !batch.isEmpty, exchange.type != .eventStream else {
            let message =
                limit == 0 || exchange.type == .eventStream
                ? "The request must be a JSON object, not an array."
                : "An array holds 1 to \(limit) requests, not \(batch.count)."
            throw Refusal(configuration.statusCodes.badEnvelope, message)
        }
    }

    /// Runs the requests of an array side by side.
    func answer(batch: [Value], _ exchange: Exchange) async {
        let makeContext: ContextMaker
        do throws(ConnectionRefused) {
            makeContext = try await service.connect(exchange.request, answer: exchange)
        } catch {
            return exchange.refuse(Refusal(error))
        }
        await answer(batch: batch, makeContext, exchange)
    }

    func answer(batch: [Value], _ makeContext: @escaping ContextMaker, _ exchange: Exchange) async {
        let uploads = exchange.uploads
        let responses = await withTaskGroup(of: (Int, Response).self) { group in
            for (number, value) in batch.enumerated() {
                group.addImmediateTask { [self] in (number, await response(to: value, uploads, makeContext)) }
            }
            var responses = [Response?](repeating: nil, count: batch.count)
            for await (number, response) in group { responses[number] = response }
            return responses.compactMap { $0 }
        }
        exchange.send(responses)
    }

    private func response(
        to value: Value,
        _ uploads: [String: Upload],
        _ makeContext: ContextMaker
    ) async -> Response {
        let envelope: Envelope
        do { envelope = try Envelope(value) } catch { return refused(error.message) }
        let context = makeContext(LoadingContext.ofCurrentLoop())
        switch await service.prepare(envelope, in: context, uploads: uploads) {
        case .refused(let response): return response
        case .ready(let prepared) where prepared.operationType == .subscription:
            return refused("An array of requests holds no subscriptions.")
        case .ready(let prepared):
            return await service.execute(prepared, in: context)
        }
    }

    /// Of one request of an array.
    private func refused(_ message: String) -> Response {
        Response(refusing: [configuration.presentRefusal(GraphQLError(message), configuration.statusCodes.badEnvelope)])
    }
}

extension Exchange {
    /// Answers an array of requests with an array, in their order.
    fileprivate func send(_ responses: [Response]) {
        send(.ok) { out in
            for (number, response) in responses.enumerated() {
                out.append(number == 0 ? "[" : ",")
                response.body.withBytes { out.append($0) }
            }
            out.append("]")
        }
    }
}
