internal import Credentials

/// What an account is known by, held against the rules.
struct AccountNames: Sendable {
    let email: String
    let displayName: String
    let username: String

    /// All that is wrong, the password included, or the names without space around them. Operators may take names that
    /// speak for the platform.
    static func check(
        email: String,
        displayName: String,
        username: String?,
        password: String,
        mayBeReserved: Bool = false
    ) -> Result<AccountNames, AccountFaults> {
        var faults: [AccountFault] = []
        let email = VisibleText.trimmed(email)
        if !isEmail(email) { faults.append(.invalid("email", "Must be an e-mail address of at most 254 characters.")) }
        let displayName = VisibleText.trimmed(displayName)
        if !isDisplayName(displayName) {
            faults.append(.invalid("displayName", "Must have from 1 to 80 characters, all of them visible."))
        }
        if let username, !isUsername(username) {
            faults.append(.invalid("username", usernameRule))
        } else if let username, !mayBeReserved, isReserved(username) {
            faults.append(.invalid("username", "Is reserved."))
        }
        let names = [email, displayName, username ?? ""]
        if let weakness = PasswordRules.weakness(of: password, names: names) { faults.append(fault(weakness)) }
        if let faults = AccountFaults(faults) { return .failure(faults) }
        return .success(
            AccountNames(email: email, displayName: displayName, username: username ?? madeUpUsername(for: email))
        )
    }

    static func fault(_ weakness: PasswordRules.Weakness, _ field: String = "password") -> AccountFault {
        let reason =
            switch weakness {
            case .tooShort(let minimum): "Must have at least \(minimum) characters."
            case .tooLong(let maximum): "Must have at most \(maximum) characters."
            case .tooRegular: "Repeats or counts; take several words instead."
            case .namesItsOwner: "Must be more than a name that others know."
            case .wellKnown: "Is on every list of passwords; take several words instead."
            }
        return AccountFault(.weakPassword, ["input", field], reason)
    }

    /// https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address, with a dot in the domain.
    static func isEmail(_ text: String) -> Bool {
        let utf8 = Array(text.utf8)
        guard utf8.count <= 254, let at = utf8.lastIndex(of: UInt8(ascii: "@")), (1...64).contains(at) else {
            return false
        }
        let marks = Array(".!#$%&'*+/=?^_`{|}~-".utf8)
        guard utf8[..<at].allSatisfy({ isAlphanumeric($0) || marks.contains($0) }) else { return false }
        let labels = utf8[(at + 1)...].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return labels.count >= 2
            && labels.allSatisfy { label in
                guard let first = label.first, let last = label.last, label.count <= 63 else { return false }
                return isAlphanumeric(first) && isAlphanumeric(last)
                    && label.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
            }
    }

    static func isDisplayName(_ text: String) -> Bool {
        (1...80).contains(text.unicodeScalars.count) && VisibleText.isLine(text)
    }

    static let usernameRule =
        "Must have from 3 to 30 letters, digits, dots, dashes and underscores, and no dot or dash at its ends."

    static func isUsername(_ text: String) -> Bool {
        let utf8 = Array(text.utf8)
        guard (3...30).contains(utf8.count), let first = utf8.first, let last = utf8.last else { return false }
        let underscore = UInt8(ascii: "_")
        return (isAlphanumeric(first) || first == underscore) && (isAlphanumeric(last) || last == underscore)
            && utf8.allSatisfy {
                isAlphanumeric($0) || [underscore, UInt8(ascii: "."), UInt8(ascii: "-")].contains($0)
            }
    }

    /// Names that would let somebody speak for the platform.
    static func isReserved(_ username: String) -> Bool {
        [
            "admin", "administrator", "api", "atrium", "everyone", "graphql", "help", "here", "moderator", "official",
            "root", "security", "staff", "support", "system", "team",
        ].contains(username.lowercased())
    }

    static func madeUpUsername(for email: String) -> String {
        let local = email.prefix { $0 != "@" && $0 != "+" }.lowercased().utf8.filter(isAlphanumeric).prefix(20)
        let start = local.count < 2 ? "user" : String(decoding: local, as: UTF8.self)
        return start + "_" + Base32.encode(SecureRandom.bytes(5)).lowercased()
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: false
        }
    }
}
