extension TeamFault {
    /// Nil for what has no word among those of teams.
    init?(_ violation: ConstraintViolation) {
        let code: Code
        switch violation.code {
        case .invalidInput: code = .invalidInput
        case .notFound: code = .notFound
        case .nameTaken: code = .nameTaken
        case .alreadyExists: code = .alreadyExists
        case .alreadyMember: code = .alreadyMember
        case .lastOwner: code = .lastOwner
        case .invalidTransition: code = .invalidTransition
        default: return nil
        }
        self.init(code, [], violation.message)
    }
}

extension ChatFault {
    /// Nil for what has no word among those of chat.
    init?(_ violation: ConstraintViolation) {
        guard let code = Code(rawValue: violation.code.rawValue) else { return nil }
        self.init(code, [], violation.message)
    }
}
