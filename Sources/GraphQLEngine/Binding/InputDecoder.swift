public import GraphQLSchema

/// Collects everything that is wrong with a request's input, each fault with its path, while inputs are decoded.
public struct InputDecoder {
    public private(set) var violations: [InputViolation] = []
    private var path: [GraphQLError.PathElement] = []

    /// Whether parts of the input did not fit their types and are null for that; it was said why.
    let isPartial: Bool

    /// The files that came with the request, by the keys that stand for them among the variables.
    let uploads: [String: Upload]

    public init() { self.init(uploads: [:]) }

    init(uploads: [String: Upload], isPartial: Bool = false) {
        self.uploads = uploads
        self.isPartial = isPartial
    }

    /// A list can break a constraint with each of its elements.
    static let mostViolations = 50

    public mutating func report(_ constraint: String, _ message: String) {
        guard violations.count < Self.mostViolations else { return }
        violations.append(InputViolation(path: path, constraint: constraint, message: message))
    }

    /// Decodes the value of an argument or input field, under its name in the path.
    public mutating func at<Decoded>(
        _ key: String,
        _ decode: (inout InputDecoder) -> Decoded
    ) -> Decoded {
        path.append(.key(key))
        defer { path.removeLast() }
        return decode(&self)
    }

    /// Decodes an element of a list, under its position in the path.
    public mutating func at<Decoded>(
        _ index: Int,
        _ decode: (inout InputDecoder) -> Decoded
    ) -> Decoded {
        path.append(.index(index))
        defer { path.removeLast() }
        return decode(&self)
    }
}

/// One fault of a request's input: a value out of the bounds that `@constraint` sets.
public struct InputViolation: Hashable, Sendable {
    public let path: [GraphQLError.PathElement]
    /// What was broken: `minLength`, `pattern`, `format` …
    public let constraint: String
    public let message: String
}
