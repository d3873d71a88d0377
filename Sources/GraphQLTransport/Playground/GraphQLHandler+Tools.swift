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
            do throws(ConnectionRefused) { makeContext = try await service.connect(request, payload: nil) } catch {
                return exchange.refuse(Refusal(error.status, error.message))
            }
            switch await service.estimate(envelope, in: makeContext(LoadingContext.ofCurrentLoop())) {
            case .known(let estimate): exchange.send(.ok) { out in out.append(estimate.value.json) }
            case .refused(let response): exchange.send(response, .ok)
            }
        }
    }
}
