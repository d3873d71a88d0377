import GraphQLEngine
import GraphQLSchema
import HTTPServer

/// What HTTP and sockets have in common: from an envelope to what comes of it.
final class GraphQLService: Sendable {
    let engine: Engine
    let configuration: GraphQLConfiguration
    let counters = GraphQLCounters()
    private let documents: DocumentLookup

    init(_ engine: Engine, _ configuration: GraphQLConfiguration) {
        self.engine = engine
        self.configuration = configuration
        documents = DocumentLookup(
            persisted: configuration.persistedQueries,
            trusted: configuration.trustedDocuments
        )
    }

    /// Asks the application who is there.
    ///
    /// - Parameter answer: takes fields for the answer to the request, where it is answered by what operations come to.
    func connect(
        _ request: HTTPRequest,
        payload: Value? = nil,
        answer: (any AnswerFields)? = nil
    ) async throws(ConnectionRefused) -> ContextMaker {
        do {
            return try await configuration.connect(Connecting(request: request, payload: payload, answer: answer))
        } catch let refused as ConnectionRefused {
            throw refused
        } catch {
            throw ConnectionRefused(failure: present(error, of: request))
        }
    }

    /// What is told of a fault of the application's own. While a socket introduces itself no operation runs that would say
    /// whose fault it is.
    private func present(_ error: any Error, of request: HTTPRequest) -> GraphQLError {
        guard configuration.tracksRequests else { return engine.present(error) }
        return ServedRequest.$current.withValue(ServedRequest(request)) { engine.present(error) }
    }

    /// Finds the document and the operation.
    func prepare(
        _ envelope: Envelope,
        in context: ExecutionContext,
        uploads: [String: Upload] = [:]
    ) async -> Preparation {
        let found: DocumentLookup.Found
        do { found = try await documents.find(envelope) } catch {
            loopCounters?.totals.add(.unknown, .invalidRequest)
            return .refused(engine.refuse(error, in: context))
        }
        let preparation = engine.prepare(request(envelope, found, uploads), in: context)
        if case .refused(let response) = preparation {
            loopCounters?.totals.add(.unknown, OperationCounters.Outcome(response.outcome))
        }
        if found.newID != nil, case .ready = preparation { await documents.keep(found) }
        return preparation
    }

    /// What an operation would cost; runs nothing, keeps no document for others, and counts as no request but against the
    /// limits of who asks. What is wrong with it counts as an error like any other.
    func estimate(_ envelope: Envelope, in context: ExecutionContext) async -> Estimation {
        do { try context.admit(nil) } catch {
            return .throttled(engine.refuse(error, .throttled, in: context))
        }
        do {
            let found = try await documents.find(envelope)
            switch engine.prepare(request(envelope, found, [:]), in: context) {
            case .ready(let prepared): return .known(engine.estimate(prepared))
            case .refused(let response): return .refused(response)
            }
        } catch {
            return .refused(engine.refuse(error, in: context))
        }
    }

    enum Estimation {
        case known(CostEstimate)
        case refused(Response)
        case throttled(Response)
    }

    private func request(
        _ envelope: Envelope,
        _ found: DocumentLookup.Found,
        _ uploads: [String: Upload]
    ) -> Request {
        Request(
            document: Array(found.text.utf8),
            operationName: envelope.operationName,
            variables: envelope.variables,
            onError: envelope.onError,
            uploads: uploads,
            asksForTrace: envelope.extensions["trace"] == .boolean(true)
        )
    }

    /// What is said of an operation beyond its time limit.
    func timedOut() -> Response {
        engine.refuse(GraphQLError("The operation took too long.", extensions: ["code": .string("TIMEOUT")]))
    }
}
