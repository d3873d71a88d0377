/// Which passwords are too easy to guess: https://pages.nist.gov/800-63-4/sp800-63b.html#password
///
/// Length and what is known of the person count; kinds of characters do not.
package enum PasswordRules {
    package enum Weakness: Sendable, Equatable {
        case tooShort(minimum: Int)
        case tooLong(maximum: Int)
        /// Few different characters, or steps along the alphabet or the digits.
        case tooRegular
        /// Holds the address, the user name or the name.
        case namesItsOwner
        case wellKnown
    }

    package static let minimumLength = 10
    package static let maximumLength = 200

    /// `names` are what others know of the person.
    package static func weakness(of password: String, names: [String]) -> Weakness? {
        let characters = Array(password.prefix(maximumLength + 1))
        if characters.count < minimumLength { return .tooShort(minimum: minimumLength) }
        if characters.count > maximumLength { return .tooLong(maximum: maximumLength) }
        let folded = password.lowercased()
        if Set(folded).count < 5 || isRegular(folded) { return .tooRegular }
        if isWellKnown(folded) { return .wellKnown }
        for name in names {
            for part in name.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }) where part.count >= 5
            {
                if folded.contains(part), folded.count < part.count + 8 { return .namesItsOwner }
            }
        }
        return nil
    }

    /// Whether nearly every character is the neighbour of the one before.
    private static func isRegular(_ text: String) -> Bool {
        let scalars = text.unicodeScalars.map { Int($0.value) }
        let steps = zip(scalars.dropFirst(), scalars).count { abs($0 - $1) <= 1 }
        return steps * 10 >= (scalars.count - 1) * 8
    }

    /// Those that head every list, with digits and signs around them.
    private static func isWellKnown(_ folded: String) -> Bool {
        let letters = String(
            folded.map { character -> Character in
                switch character {
                case "0": "o"
                case "1", "!": "i"
                case "3": "e"
                case "4", "@": "a"
                case "5", "$": "s"
                default: character
                }
            }
        )
        let core = letters.filter(\.isLetter)
        return common.contains { word in core.hasPrefix(word) && core.count <= word.count + 4 }
            || rows.contains { row in folded.hasPrefix(row) }
    }

    private static let common = [
        "password", "passwort", "letmein", "welcome", "iloveyou", "adminadmin", "administrator", "trustnoi", "changeme",
        "superman", "football", "baseball", "princess", "sunshine", "starwars", "whatever", "computer", "qwertyuiop",
    ]
    private static let rows = ["qwertyuiop", "1qaz2wsx", "qazwsxedc", "asdfghjkl", "zxcvbnm", "1q2w3e4r", "qwerty123"]
}
