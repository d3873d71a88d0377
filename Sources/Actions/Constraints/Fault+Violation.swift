extension Fault {
    /// Nil for what has no word among those of the module.
    init?(_ violation: ConstraintViolation) {
        guard let code = Code(rawValue: violation.code.rawValue) else { return nil }
        self.init(code, [], violation.message)
    }
}

extension Faults {
    /// What an action has thrown, or the database has refused; nil for errors that whoever asks can do nothing about.
    init?(of error: any Error) {
        if let faults = error as? Faults {
            self = faults
        } else if let violation = ConstraintViolation(error), let fault = Fault<Code>(violation) {
            self.init(fault)
        } else {
            return nil
        }
    }
}
