import GraphQLSchema

extension [AppliedDirective] {
    subscript(name: String) -> AppliedDirective? { first { $0.name == name } }

    func has(_ name: String) -> Bool { self[name] != nil }
}

extension AppliedDirective {
    subscript(argument name: String) -> Value? { arguments.first { $0.name == name }?.value }

    func string(_ name: String) -> String? {
        guard case .string(let text)? = self[argument: name] else { return nil }
        return text
    }

    func strings(_ name: String) -> [String] {
        values(name).compactMap { if case .string(let text) = $0 { text } else { nil } }
    }

    /// Values of an enum.
    func names(_ name: String) -> [String] {
        values(name).compactMap { if case .enum(let name) = $0 { name } else { nil } }
    }

    /// The values of a list, for which one value may stand.
    private func values(_ name: String) -> [Value] {
        switch self[argument: name] {
        case .list(let values): values
        case let value?: [value]
        case nil: []
        }
    }
}
