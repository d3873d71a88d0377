/// Which part of a list is asked for: so many from an end, or next to a cursor.
///
/// The arguments are those of Relay: https://relay.dev/graphql/connections.htm
package struct PageRequest: Sendable {
    package static let sizes = 1...100
    package static let standardSize = 20

    package let size: Int
    /// Whether the page is the last one before its cursor, and not the first one after it.
    package let isBackward: Bool
    let cursor: String?
    /// Whether it goes on from a page that was had before.
    package var hasCursor: Bool { cursor != nil }
    let signer: CursorSigner

    /// A `last` makes it a page from the end, whatever `first` is: schemas give `first` a default.
    package init(
        first: Int32? = nil,
        after: String? = nil,
        last: Int32? = nil,
        before: String? = nil,
        signer: CursorSigner
    ) throws(PageFault) {
        if last != nil, after != nil { throw .mixed("last", "after") }
        if last == nil, before != nil { throw .mixed("first", "before") }
        size = Int(last ?? first ?? Int32(Self.standardSize))
        isBackward = last != nil
        guard Self.sizes.contains(size) else { throw .size(argument: isBackward ? "last" : "first") }
        cursor = isBackward ? before : after
        self.signer = signer
    }

    /// As many from the start behind another place.
    func moved<Key: PageKey>(behind key: Key, in purpose: String) -> PageRequest {
        PageRequest(size: size, cursor: signer.seal(key.bytes, for: purpose), signer: signer)
    }

    /// The next stretch of a list that is read through, of any size.
    package init(stretch size: Int, after cursor: String?, signer: CursorSigner) {
        self.init(size: size, cursor: cursor, signer: signer)
    }

    private init(size: Int, cursor: String?, signer: CursorSigner) {
        self.size = size
        self.cursor = cursor
        self.signer = signer
        isBackward = false
    }

    /// Where the cursor points; nil without one.
    func place<Key: PageKey>(in purpose: String, as type: Key.Type) throws(PageFault) -> Key? {
        guard let cursor else { return nil }
        guard let bytes = signer.open(cursor, for: purpose), let key = Key(bytes: bytes) else {
            throw .foreignCursor(argument: isBackward ? "before" : "after")
        }
        return key
    }
}

/// What is wrong with the arguments of a list: an error of the request, not of the person.
package enum PageFault: Error, Equatable, CustomStringConvertible {
    case size(argument: String)
    case mixed(String, String)
    /// It was changed, or is of another list or order.
    case foreignCursor(argument: String)

    package var description: String {
        switch self {
        case .size(let argument): "\"\(argument)\" must be from 1 to 100."
        case .mixed(let one, let other): "\"\(other)\" does not go with \"\(one)\"."
        case .foreignCursor(let argument): "\"\(argument)\" is no cursor of this list."
        }
    }
}
