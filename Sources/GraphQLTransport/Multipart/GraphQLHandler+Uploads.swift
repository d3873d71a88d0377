import GraphQLEngine
import GraphQLSchema
import HTTPServer

extension GraphQLHandler {
    /// Whether the request is a form that may bring files.
    func isUpload(_ request: HTTPRequest) -> Bool {
        guard uploads != nil, request.method == .post, let type = request["content-type"],
            !type.equals("application/json")
        else { return false }
        return type.string.prefix { $0 != ";" && $0 != " " && $0 != "\t" }.lowercased() == "multipart/form-data"
    }

    /// Answers a request of https://github.com/jaydenseric/graphql-multipart-request-spec: the files come first, then
    /// the operation runs like any other.
    func answerUpload(_ exchange: Exchange) throws(Refusal) {
        guard let desk = uploads, let body = exchange.request.bodyStream else {
            throw .badForm("The request has no body.")
        }
        let boundary = try boundary(of: exchange.request)
        if let length = exchange.request.contentLength, length > desk.limits.maximumBytes {
            throw desk.limits.bodyTooLarge
        }
        exchange.run(isTimed: false) { [self] exchange in
            do throws(UploadFailure) {
                let (makeContext, client) = try await connect(exchange, desk)
                do throws(Refusal) { try desk.enter(client) } catch { throw .refused(error) }
                defer { desk.leave(client) }
                exchange.limitBody(to: desk.limits.maximumTime) { desk.countLate() }
                var reader = UploadReader(
                    boundary: boundary,
                    maximumOperations: configuration.maximumBody,
                    desk.limits,
                    desk.pool
                )
                let input = try await reader.read(body)
                exchange.settle()
                exchange.uploads = input.uploads
                exchange.beginDeadline()
                await answer(input.operations, makeContext, exchange)
            } catch {
                if case .refused(let refusal) = error { exchange.refuse(refusal) }
            }
        }
    }

    /// Finds out who sends the request, before anything of it is read: whoever may bring no files takes no room.
    private func connect(
        _ exchange: Exchange,
        _ desk: UploadDesk
    ) async throws(UploadFailure) -> (ContextMaker, client: String) {
        let makeContext: ContextMaker
        do { makeContext = try await service.connect(exchange.request, answer: exchange) } catch {
            throw .refused(Refusal(error))
        }
        let context = makeContext(LoadingContext.ofCurrentLoop())
        if let error = await desk.refusal(of: context) { throw .refused(Refusal(.unauthorized, error)) }
        return (makeContext, exchange.request.client(in: context))
    }

    private func answer(_ operations: Value, _ makeContext: @escaping ContextMaker, _ exchange: Exchange) async {
        if case .list(let values) = operations {
            do throws(Refusal) { try checkBatch(values, exchange) } catch { return exchange.refuse(error) }
            return await answer(batch: values, makeContext, exchange)
        }
        let envelope: Envelope
        do throws(BadEnvelope) { envelope = try Envelope(operations) } catch {
            return exchange.refuse(Refusal(configuration.statusCodes.badEnvelope, error.message))
        }
        await answer(envelope, makeContext, exchange)
    }

    /// By RFC 2046 section 5.1.1: 1 to 70 characters of a small set.
    private func boundary(of request: HTTPRequest) throws(Refusal) -> [UInt8] {
        let type = request["content-type"].flatMap { FieldParameters($0.string) }
        let boundary = Array((type?["boundary"] ?? "").utf8)
        let allowed = "'()+_,-./:=? ".utf8
        let isGood = boundary.allSatisfy { byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                || allowed.contains(byte)
        }
        guard isGood, (1...70).contains(boundary.count), boundary.last != UInt8(ascii: " ") else {
            throw .badForm("The media type multipart/form-data needs a parameter \"boundary\" of 1 to 70 characters.")
        }
        return boundary
    }
}
