/// A parsed text: its bytes and its nodes.
///
/// Node 0 is the document itself (or the value or type that was parsed on its own). Nodes are named by their index.
public struct Document: Sendable {
    public typealias Index = Int

    public let bytes: [UInt8]
    public let nodes: [Node]

    init(bytes: [UInt8], nodes: [Node]) {
        self.bytes = bytes
        self.nodes = nodes
    }

    @inlinable public subscript(index: Index) -> Node { nodes[index] }

    /// The indices of a node's children, in order.
    @inlinable public func children(of index: Index) -> Children {
        Children(nodes: nodes, position: index + 1, end: Int(nodes[index].next))
    }

    /// The first child of a kind.
    @inlinable public func child(_ kind: Node.Kind, of index: Index) -> Index? {
        var child = index + 1
        let end = Int(nodes[index].next)
        while child < end {
            if nodes[child].kind == kind { return child }
            child = Int(nodes[child].next)
        }
        return nil
    }

    /// The child that is a type, of a node that has one.
    @inlinable public func type(of index: Index) -> Index? {
        children(of: index).first { nodes[$0].kind.isType }
    }

    /// The child that is a value: an argument's, or the default of a variable or input value.
    @inlinable public func value(of index: Index) -> Index? {
        var sawType = nodes[index].kind != .variableDefinition
        for child in children(of: index) {
            // A variable definition's first child is the variable it defines, which is no value of it.
            if nodes[child].kind.isType { sawType = true } else if sawType, nodes[child].kind.isValue { return child }
        }
        return nil
    }

    /// The node's own text, as it stands in the source.
    @inlinable public func text(of index: Index) -> String {
        String(decoding: bytes[textRange(of: index)], as: UTF8.self)
    }

    @inlinable public func textRange(of index: Index) -> Range<Int> {
        let node = nodes[index]
        return Int(node.textStart)..<Int(node.textEnd)
    }

    /// The key a field answers under: its alias, else its name.
    @inlinable public func responseKey(of field: Index) -> Index {
        field + 1 < nodes[field].next && nodes[field + 1].kind == .alias ? field + 1 : field
    }

    public func location(of index: Index) -> SourceLocation {
        SourceLocation(offset: Int(nodes[index].start), in: bytes)
    }

    /// The text of the description of a definition, if it has one.
    public func description(of index: Index) -> String? {
        child(.description, of: index).map(stringValue(of:))
    }

    @frozen public struct Children: Sequence, IteratorProtocol, Sendable {
        @usableFromInline let nodes: [Node]
        @usableFromInline var position: Int
        @usableFromInline let end: Int

        @inlinable init(nodes: [Node], position: Int, end: Int) {
            self.nodes = nodes
            self.position = position
            self.end = end
        }

        @inlinable public mutating func next() -> Index? {
            guard position < end else { return nil }
            defer { position = Int(nodes[position].next) }
            return position
        }
    }
}
