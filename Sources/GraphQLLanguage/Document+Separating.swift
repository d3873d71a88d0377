extension Document {
    /// One operation of a document as a document of its own.
    public struct SeparatedOperation: Sendable {
        /// Empty for an operation without a name.
        public let name: String
        /// The operation and the fragments it needs, in their order in the original document. The text is the
        /// original one, so that locations stay what they were.
        public let document: Document
    }

    /// One document for each operation, with the fragments that it spreads, directly or through other fragments.
    ///
    /// Where several fragments have one name all of them are kept: to refuse that is the work of validation.
    public func separatedOperations() -> [SeparatedOperation] {
        let graph = SpreadGraph(self)
        return children(of: 0).filter { nodes[$0].kind == .operationDefinition }.map { operation in
            // Not all definitions are gone through for each operation: there may be thousands of both.
            let kept = graph.fragments(neededBy: operation) + [operation]
            return SeparatedOperation(name: text(of: operation), document: Document(self, keeping: kept.sorted()))
        }
    }

    /// A document with some of another's definitions.
    private init(_ original: Document, keeping definitions: [Index]) {
        var nodes = [original[0]]
        for definition in definitions {
            // The nodes behind a definition move as one, so their indices move by the same distance.
            let shift = UInt32(truncatingIfNeeded: definition - nodes.count)
            for index in definition..<Int(original[definition].next) {
                nodes.append(original[index])
                nodes[nodes.count - 1].next &-= shift
            }
        }
        nodes[0].next = UInt32(nodes.count)
        self.init(bytes: original.bytes, nodes: nodes)
    }
}

/// Which fragments a definition spreads.
private struct SpreadGraph {
    private let document: Document
    private var fragmentsByName: [String: [Document.Index]] = [:]

    init(_ document: Document) {
        self.document = document
        for definition in document.children(of: 0) where document[definition].kind == .fragmentDefinition {
            fragmentsByName[document.text(of: definition), default: []].append(definition)
        }
    }

    /// The fragments that can be reached from an operation; each is looked into once.
    func fragments(neededBy operation: Document.Index) -> [Document.Index] {
        var needed: [Document.Index] = []
        var seen: Set<Document.Index> = []
        var open = [operation]
        while let definition = open.popLast() {
            for index in definition..<Int(document[definition].next) where document[index].kind == .fragmentSpread {
                for fragment in fragmentsByName[document.text(of: index)] ?? [] where seen.insert(fragment).inserted {
                    needed.append(fragment)
                    open.append(fragment)
                }
            }
        }
        return needed
    }
}
