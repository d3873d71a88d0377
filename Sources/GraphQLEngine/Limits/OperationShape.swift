import GraphQLLanguage
import GraphQLSchema

/// How large an operation or fragment is with all fragments spread, without spreading them.
struct OperationShape {
    var depth = 0
    var introspectionDepth = 0
    var fields = 0
    /// Fields at the outermost level.
    var rootFields = 0
    var aliases = 0
    var directives = 0

    /// Counts a fragment in that is spread inside `level` fields.
    fileprivate mutating func spread(_ fragment: OperationShape, level: Int, introspectionLevel: Int?) {
        if let introspectionLevel {
            introspectionDepth = max(introspectionDepth, introspectionLevel + fragment.depth)
        } else {
            depth = max(depth, level + fragment.depth)
            introspectionDepth = max(introspectionDepth, fragment.introspectionDepth)
        }
        // Fragments that spread each other twice double the numbers each time: 64 of them would overflow a word.
        fields = fields.addingSaturating(fragment.fields)
        aliases = aliases.addingSaturating(fragment.aliases)
        directives = directives.addingSaturating(fragment.directives)
        if level == 0 { rootFields = rootFields.addingSaturating(fragment.rootFields) }
    }
}

/// Measures operations, each fragment once: the time is linear in the document, however often fragments are spread.
struct ShapeMeasurement {
    private let document: Document
    private var fragments: [String: Document.Index] = [:]
    private var shapes: [Document.Index: OperationShape] = [:]

    init(_ document: Document) {
        self.document = document
        for definition in document.children(of: 0) where document[definition].kind == .fragmentDefinition {
            fragments[document.text(of: definition)] = definition
        }
    }

    /// The shape of an operation.
    mutating func measure(_ operation: Document.Index) -> OperationShape {
        // Fragments before what spreads them. One that leads back to itself, which validation refuses, counts nothing.
        var open = [(definition: operation, next: operation)]
        var opened: Set<Document.Index> = [operation]
        while let (definition, start) = open.last {
            let end = Int(document[definition].next)
            let spread = (start..<end).first { node in
                fragment(spreadBy: node).map { !opened.contains($0) } ?? false
            }
            if let spread, let fragment = fragment(spreadBy: spread) {
                open[open.count - 1].next = spread + 1
                open.append((fragment, fragment))
                opened.insert(fragment)
            } else {
                shapes[definition] = shape(of: definition)
                open.removeLast()
            }
        }
        return shapes[operation] ?? OperationShape()
    }

    /// The fragment that a node spreads and that was not measured before.
    private func fragment(spreadBy node: Document.Index) -> Document.Index? {
        guard document[node].kind == .fragmentSpread, let fragment = fragments[document.text(of: node)] else {
            return nil
        }
        return shapes[fragment] == nil ? fragment : nil
    }

    private func shape(of definition: Document.Index) -> OperationShape {
        var shape = OperationShape()
        /// Where the subtrees of the fields around end, the innermost last.
        var ends: [Int] = []
        /// How many fields stand around the outermost introspection field.
        var introspection: Int?
        for node in definition..<Int(document[definition].next) {
            while let end = ends.last, node >= end { ends.removeLast() }
            if let outer = introspection, ends.count <= outer { introspection = nil }
            switch document[node].kind {
            case .field:
                shape.fields += 1
                if ends.isEmpty { shape.rootFields += 1 }
                if introspection == nil, isIntrospection(node) { introspection = ends.count }
                ends.append(Int(document[node].next))
                if let introspection {
                    shape.introspectionDepth = max(shape.introspectionDepth, ends.count - introspection)
                } else {
                    shape.depth = max(shape.depth, ends.count)
                }
            case .alias: shape.aliases += 1
            case .directive: shape.directives += 1
            case .fragmentSpread:
                guard let fragment = fragments[document.text(of: node)], let inner = shapes[fragment] else { continue }
                shape.spread(inner, level: ends.count, introspectionLevel: introspection.map { ends.count - $0 })
            default: continue
            }
        }
        return shape
    }

    private func isIntrospection(_ field: Document.Index) -> Bool {
        let name = document.text(of: field)
        return name == "__schema" || name == "__type"
    }
}

extension OperationLimits {
    /// The first limit that the shape of an operation is beyond.
    func violation(of shape: OperationShape, _ operation: Document.Index, in document: Document) -> GraphQLError? {
        let isMutation = document[operation].operation == .mutation
        let checks: [(code: LimitCode, actual: Int, limit: Int, what: (Int) -> String)] = [
            (.tooDeep, shape.depth, depth, { "is \($0) levels deep" }),
            (.tooDeep, shape.introspectionDepth, introspectionDepth, { "introspects \($0) levels deep" }),
            (.tooLarge, shape.fields, fields, { "has \($0) fields" }),
            (.tooComplex, shape.rootFields, isMutation ? mutations : rootFields, { "has \($0) root fields" }),
            (.tooComplex, shape.aliases, aliases, { "has \($0) aliases" }),
            (.tooComplex, shape.directives, directives, { "has \($0) directives" }),
        ]
        guard let broken = checks.first(where: { $0.actual > $0.limit }) else { return nil }
        return .exceeding(
            broken.code,
            broken.what(broken.actual),
            actual: .int(broken.actual),
            limit: .int(broken.limit),
            of: operation,
            in: document
        )
    }
}

extension Int {
    /// The sum, up to a number that stands for too many and to which more can be added.
    fileprivate func addingSaturating(_ other: Int) -> Int { Swift.min(self + other, 1 << 53) }
}
