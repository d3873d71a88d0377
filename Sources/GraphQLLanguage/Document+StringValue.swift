extension Document {
    /// The value of a string literal or description: escapes resolved, block strings without their indentation.
    public func stringValue(of index: Index) -> String {
        token(ofString: index).value(in: bytes)
    }

    /// The same as UTF-8.
    func stringValueBytes(of index: Index) -> [UInt8] {
        token(ofString: index).stringValue(in: bytes)
    }

    private func token(ofString index: Index) -> Token {
        let node = nodes[index]
        return Token(
            node.flags.contains(.block) ? .blockString : .string,
            Int(node.textStart),
            Int(node.textEnd),
            hasEscapes: node.flags.contains(.escapes)
        )
    }
}
