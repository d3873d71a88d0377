import Actions
import PostgresClient

extension UserError {
    init(_ failure: SignIn.Failure, _ path: [String] = ["input"]) {
        switch failure {
        case .invalidCredentials:
            self.init(.invalidCredentials, "Nobody has this name and this password.", path)
        case .accountLocked(let until):
            self.init(.accountLocked, "Too many failures; try again later.", path, retryAt: until)
        case .accountSuspended: self.init(.accountSuspended, "The account is suspended.", path)
        }
    }

    init(_ failure: SessionRefresh.Failure) {
        let path = ["input", "refreshToken"]
        switch failure {
        case .tokenInvalid: self.init(.tokenInvalid, "This is no token of a session that goes on.", path)
        case .tokenExpired: self.init(.tokenExpired, "The session has ended; sign in again.", path)
        case .tokenReused:
            self.init(.tokenReused, "The token was used before; its session has been ended.", path)
        }
    }

    init(_ fault: LinkTokenFault, _ path: [String]) {
        switch fault {
        case .invalid: self.init(.tokenInvalid, "This is no token of ours, or was used before.", path)
        case .expired: self.init(.tokenExpired, "Its time is over; ask for another one.", path)
        }
    }

    static func invalid(_ message: String, _ path: [String], _ code: UserErrorCode = .invalidInput) -> UserError {
        .invalidInputError(InvalidInputError(code: code, message: message, path: path))
    }

    static func notFound(_ path: [String]) -> UserError {
        .notFoundError(NotFoundError(code: .notFound, message: "There is no such thing.", path: path))
    }

    static func conflict(_ code: UserErrorCode, _ message: String, _ path: [String]) -> UserError {
        .conflictError(ConflictError(code: code, message: message, path: path))
    }

    init(_ code: UserErrorCode, _ message: String, _ path: [String], retryAt: Timestamp? = nil) {
        self = .authenticationError(
            AuthenticationError(code: code, message: message, path: path, retryAt: retryAt.map(DateTime.init))
        )
    }
}
