import GraphQLEngine
import GraphQLLanguage
import GraphQLSchema

/// The kinds `execute`, `introspect`, `incremental` and `subscribe`.
enum ExecuteCases {
    static func execute(_ input: Value) async -> Value? {
        guard let schema = try? Schema(unchecked: input.text("sdl")) else { return nil }
        let dynamic = DynamicSchema(schema, options: options(input))
        return json(await dynamic.execute(request(input), root: RootData().object(input["root"])))
    }

    static func incremental(_ input: Value) async -> Value? {
        guard let schema = try? Schema(unchecked: input.text("sdl")) else { return nil }
        let dynamic = DynamicSchema(schema, options: options(input))
        var parts: [Value] = []
        try? await dynamic.execute(request(input), root: RootData().object(input["root"]), as: .current) { part in
            parts.append(json(part))
        }
        guard parts.count > 1 else { return parts.first }
        return .object([.init("initial", parts[0]), .init("subsequent", .list(Array(parts.dropFirst())))])
    }

    static func subscribe(_ input: Value) async -> Value? {
        guard let schema = try? Schema(unchecked: input.text("sdl")) else { return nil }
        // The cases are those of a function that takes documents as valid.
        var options = options(input)
        options.validates = false
        let dynamic = DynamicSchema(schema, options: options)
        switch await dynamic.subscribe(request(input), root: RootData().object(input["root"])) {
        case .refused(let response):
            return .object([.init("response", json(response))])
        case .stream(let stream):
            var events: [Value] = []
            do {
                while let response = try await stream.next() { events.append(json(response)) }
                return .object([.init("events", .list(events)), .init("end", .string("complete"))])
            } catch {
                return .object([
                    .init("events", .list(events)), .init("end", .string("error")),
                    .init("endError", .string((error as? GraphQLError)?.message ?? "")),
                ])
            }
        }
    }

    private static func request(_ input: Value) -> Request {
        var name: String?
        if case .string(let text)? = input["operationName"] { name = text }
        return Request(
            document: Array(input.text("document").utf8),
            operationName: name,
            variables: input["variables"] ?? .null
        )
    }

    private static func options(_ input: Value) -> EngineOptions {
        var options = EngineOptions()
        options.parser = .standard
        options.limits = .none
        if input["validate"] == .boolean(false) { options.validates = false }
        return options
    }

    private static func json(_ response: Response) -> Value {
        (try? Value(json: response.bytes)) ?? .null
    }
}
