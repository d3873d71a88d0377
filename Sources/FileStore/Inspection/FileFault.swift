/// Why a file is not taken.
package enum FileFault: String, Error, Sendable, CaseIterable {
    case empty = "EMPTY"
    case tooLarge = "TOO_LARGE"
    /// The name has parts that a file's name must not have.
    case badName = "NAME_INVALID"
    /// Of no type that is taken for this purpose.
    case typeNotAllowed = "TYPE_NOT_ALLOWED"
    /// The name says it is something else.
    case typeMismatch = "TYPE_MISMATCH"
    /// It begins as a file of its type does, and does not go on so.
    case damaged = "DAMAGED"
    /// An image of too many pixels, whatever it takes packed.
    case dimensions = "DIMENSIONS"
    /// An archive that would unpack to far more than it is.
    case expansion = "EXPANSION"
    /// A document with programs in it.
    case activeContent = "ACTIVE_CONTENT"
    /// Not the bytes that were announced.
    case checksum = "CHECKSUM_MISMATCH"
}

extension FileFault {
    /// For developers.
    package var message: String {
        switch self {
        case .empty: "The file has no bytes."
        case .tooLarge: "The file has more bytes than it may have."
        case .badName: "The name is no name of a file, or hides what kind of file it is."
        case .typeNotAllowed: "Files of this type are not taken here."
        case .typeMismatch: "The bytes are of another type than the name says."
        case .damaged: "The bytes break off or make no sense."
        case .dimensions: "The image has too many pixels."
        case .expansion: "The archive would unpack to far more than it is."
        case .activeContent: "The document has programs in it."
        case .checksum: "These are other bytes than were announced."
        }
    }
}
