internal import PostgresClient

/// What the database has refused, as whoever asked is told.
///
/// Actions look before they change something, and say what is wrong with a path and a message. This is for what happens
/// between the look and the change, and for what they overlook: the last word is the database's.
package struct ConstraintViolation: Error, Sendable, Equatable {
    /// The codes of the schema's user errors.
    package enum Code: String, Sendable, CaseIterable {
        case invalidInput = "INVALID_INPUT"
        case notFound = "NOT_FOUND"
        case alreadyExists = "ALREADY_EXISTS"
        case nameTaken = "NAME_TAKEN"
        case emailTaken = "EMAIL_TAKEN"
        case usernameTaken = "USERNAME_TAKEN"
        case alreadyMember = "ALREADY_MEMBER"
        case lastOwner = "LAST_OWNER"
        case hasDependents = "HAS_DEPENDENTS"
        case invalidTransition = "INVALID_TRANSITION"
        case quotaExceeded = "QUOTA_EXCEEDED"
        case roomArchived = "ROOM_ARCHIVED"
        case slotUnavailable = "SLOT_UNAVAILABLE"
    }

    package let code: Code
    package let message: String
    /// Of the database; nil for what it refuses by a rule of its own.
    package let constraint: String?

    init(_ code: Code, _ message: String, by constraint: String? = nil) {
        self.code = code
        self.message = message
        self.constraint = constraint
    }

    /// Nil for errors that nobody can do anything about by asking otherwise.
    package init?(_ error: any Error) {
        guard let fault = (error as? PostgresError)?.fault else { return nil }
        let constraint = fault.constraint
        if let constraint, let known = KnownConstraints.told[constraint] {
            self.init(known.code, known.message, by: constraint)
            return
        }
        // One that only a mistake of the program's can break is no matter of whoever asked.
        if let constraint, KnownConstraints.untold.contains(constraint) { return nil }
        if let known = KnownConstraints.codes[fault.state.code] {
            self.init(known.code, known.message, by: constraint)
            return
        }
        switch fault.state {
        case .uniqueViolation: self.init(.alreadyExists, "There is one already.", by: constraint)
        case .foreignKeyViolation:
            if fault.message.hasPrefix("update or delete") {
                self.init(.hasDependents, "Other things depend on it.", by: constraint)
            } else {
                self.init(.notFound, "There is no such thing.", by: constraint)
            }
        case .checkViolation: self.init(.invalidInput, "This is out of bounds.", by: constraint)
        case .exclusionViolation: self.init(.slotUnavailable, "The time is taken.", by: constraint)
        default: return nil
        }
    }
}
