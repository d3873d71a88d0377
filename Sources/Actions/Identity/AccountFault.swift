/// Something that keeps an account from being made or changed, and that whoever asks can do something about.
package struct AccountFault: Sendable, Equatable {
    package enum Code: String, Sendable {
        case invalidInput = "INVALID_INPUT"
        case emailTaken = "EMAIL_TAKEN"
        case usernameTaken = "USERNAME_TAKEN"
        case weakPassword = "WEAK_PASSWORD"
    }

    package let code: Code
    package let path: [String]
    package let message: String

    static func invalid(_ field: String, _ message: String) -> AccountFault {
        AccountFault(code: .invalidInput, path: ["input", field], message: message)
    }
}

/// All of them, at least one.
package struct AccountFaults: Error, Sendable, Equatable {
    package let all: [AccountFault]

    static func taken(email: Bool, username: Bool) -> AccountFaults {
        var faults: [AccountFault] = []
        if email {
            faults.append(
                AccountFault(code: .emailTaken, path: ["input", "email"], message: "Somebody has this address.")
            )
        }
        // Neither means that whoever had one of them has just given up: the user name is the likelier.
        if username || !email {
            let message = "Somebody has this user name."
            faults.append(AccountFault(code: .usernameTaken, path: ["input", "username"], message: message))
        }
        return AccountFaults(all: faults)
    }
}
