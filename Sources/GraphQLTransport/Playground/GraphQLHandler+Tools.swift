import EventLoop
import GraphQLEngine
import GraphQLSchema
import HTTPServer

/// What the playground asks besides GraphQL itself.
extension GraphQLHandler {
    func answer(_ tool: Playground.Tool, _ request: HTTPRequest, _ responder: HTTPResponder) {
        do throws(Refusal) {
            guard request.method == tool.method else {
                throw Refusal(.methodNotAllowed, "This is asked otherwise.", "allow", "\(tool.method.name)")
            }
            switch tool {
            case .offers: responder.respond(.ok, fields(.json, for: request), text: playground?.offers ?? "{}")
            case .estimate: try estimate(request, responder)
            case .plan: try tellPlan(request, responder)
            }
        } catch {
            refuse(error, request, responder, as: .json)
        }
    }

    /// Tells what the operation of a request would cost, under the rules that hold for running it. Documents that cannot
    /// run are no failure here: people are still writing them.
    private func estimate(_ request: HTTPRequest, _ responder: HTTPResponder) throws(Refusal) {
        try checkContentType(request)
        let envelope: Envelope
        do { envelope = try Envelope(try readBody(request)) } catch {
            throw Refusal(.badRequest, error.message)
        }
        Exchange(request, responder, .json, self).run { [self] exchange in
            let makeContext: ContextMaker
            do throws(ConnectionRefused) { makeContext = try await service.connect(request) } catch {
                return exchange.refuse(Refusal(error))
            }
            let context = makeContext(LoadingContext.ofCurrentLoop())
            if let add = configuration.responseFields { exchange.addFields = { add(context, &$0) } }
            switch await service.estimate(envelope, in: context) {
            case .known(let estimate): exchange.send(.ok) { out in out.append(estimate.value.json) }
            case .refused(let response): exchange.send(response, .ok)
            case .throttled(let response): exchange.send(response, .tooManyRequests)
            }
        }
    }

    /// Tells the plan of a statement that a trace named.
    private func tellPlan(_ request: HTTPRequest, _ responder: HTTPResponder) throws(Refusal) {
        guard let plan = playground?.plan else { throw Refusal(.notFound, "No plans are told here.") }
        try checkContentType(request)
        let body: Value
        do throws(BadEnvelope) { body = try readBody(request) } catch { throw Refusal(.badRequest, error.message) }
        guard case .string(let name)? = body["plan"] else {
            throw Refusal(.badRequest, "Member \"plan\" must name a statement of a trace.")
        }
        Exchange(request, responder, .json, self).run { [self] exchange in
            do {
                guard let lines = try await plan(name) else {
                    return exchange.refuse(Refusal(.notFound, "The statement is not kept any more: run it again."))
                }
                let answer = Value.object([Value.Field("plan", .list(lines.map { .string($0) }))])
                exchange.send(.ok) { out in out.append(answer.json) }
            } catch {
                exchange.send(Response(refusing: [service.engine.present(error)]), .ok)
            }
        }
    }
}
