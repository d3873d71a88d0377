package typealias AccountFault = Fault<AccountFaultCode>
package typealias AccountFaults = Faults<AccountFaultCode>

package enum AccountFaultCode: String, FaultCode {
    case invalidInput = "INVALID_INPUT"
    case emailTaken = "EMAIL_TAKEN"
    case usernameTaken = "USERNAME_TAKEN"
    case weakPassword = "WEAK_PASSWORD"
}

extension AccountFaults {
    /// Neither means that whoever had one of them has just given up: the user name is the likelier.
    static func taken(email: Bool, username: Bool) -> AccountFaults {
        let address = AccountFault(.emailTaken, ["input", "email"], "Somebody has this address.")
        let name = AccountFault(.usernameTaken, ["input", "username"], "Somebody has this user name.")
        return AccountFaults((email ? [address] : []) + (username ? [name] : [])) ?? AccountFaults(name)
    }
}
