import EventLoop
import GraphQLEngine
import HTTPServer

/// Answers in parts, to operations with `@defer` and `@stream` in them.
extension GraphQLHandler {
    /// The format in which a request takes the parts of an answer; nil if it takes a whole answer only.
    func partsFormat(_ prepared: PreparedRequest, _ exchange: Exchange) -> IncrementalFormat? {
        guard prepared.mayBeIncremental, exchange.request.method != .head else { return nil }
        return exchange.type == .eventStream ? .current : MultipartAnswer.format(acceptedBy: exchange.request)
    }

    /// Answers in parts. Where nothing comes later, the answer is a plain one.
    ///
    /// The time limit holds for all parts together. When it is over the body is cut, as it is when the client goes.
    func answerInParts(
        _ prepared: PreparedRequest,
        _ context: ExecutionContext,
        _ exchange: Exchange,
        as format: IncrementalFormat
    ) async {
        var writer: (any PartsWriter)?
        var heartbeat: Timer?
        defer { heartbeat?.cancel() }
        do {
            try await service.execute(prepared, in: context, as: format) { part in
                if writer == nil {
                    guard exchange.type == .eventStream || part.hasNext else { return exchange.send(part) }
                    guard exchange.responder.isWaiting else { throw CancellationError() }
                    exchange.isInParts = true
                    exchange.beginDeadline()
                    if exchange.type == .eventStream {
                        let events = EventStreamWriter(openStream(exchange))
                        heartbeat = events.heartbeat(
                            every: configuration.eventStreamHeartbeat,
                            on: exchange.responder.loop
                        )
                        writer = events
                    } else {
                        writer = MultipartWriter(openMultipart(exchange, format))
                    }
                }
                guard let writer else { return }
                try await writer.writable()
                writer.next(part)
            }
            writer?.complete()
        } catch {
            // The client has gone, or the time is over: there is nobody to tell, or was told.
        }
    }

    private func openStream(_ exchange: Exchange) -> HTTPResponseStream {
        var fields = fields(.eventStream, for: exchange.request)
        exchange.addOwn(to: &fields)
        return exchange.responder.stream(.ok, fields)
    }

    private func openMultipart(_ exchange: Exchange, _ format: IncrementalFormat) -> HTTPResponseStream {
        var fields = configuration.fields
        fields.add("content-type", MultipartAnswer.contentType(format))
        // Proxies are not to hold parts back until all are there.
        fields.add("x-accel-buffering", "no")
        configuration.crossOrigin.addFields(to: &fields, for: exchange.request)
        exchange.addOwn(to: &fields)
        return exchange.responder.stream(.ok, fields)
    }
}
