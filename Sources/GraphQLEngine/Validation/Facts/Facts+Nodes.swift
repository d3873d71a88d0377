import GraphQLLanguage
import GraphQLSchema

extension Facts {
    /// The nodes inside of a selection set.
    func selections(_ selectionSet: Int32) -> Range<Int32> {
        (selectionSet + 1)..<Int32(bitPattern: nodes[Int(selectionSet)].next)
    }

    /// The selection set of an inline fragment, which always has one, as its last child.
    func selectionSet(of inlineFragment: Int32) -> Int32 {
        var child = inlineFragment + 1
        while nodes[Int(child)].kind != .selectionSet { child = Int32(bitPattern: nodes[Int(child)].next) }
        return child
    }

    /// The value of an argument of a directive.
    func argument(_ name: String, of directive: Int32) -> Int32? {
        var child = directive + 1
        while child < nodes[Int(directive)].next {
            if document.text(of: Int(child)) == name { return child + 1 }
            child = Int32(bitPattern: nodes[Int(child)].next)
        }
        return nil
    }
}

extension DocumentNames {
    /// Whether a name begins with two underscores: those are for introspection.
    func isReserved(_ name: NameID) -> Bool {
        let key = entries[Int(name)].key
        return key.length >= 2 && key.prefix & 0xFFFF == 0x5F5F
    }
}
