/// Something that can be set: by people for themselves, for a team, or for the platform.
package struct SettingDefinition: Sendable {
    package enum Scope: String, Sendable, CaseIterable {
        case user = "USER"
        case team = "TEAM"
        case application = "APPLICATION"
    }

    package enum Kind: Sendable {
        case boolean
        case integer(ClosedRange<Int>)
        case choice([String])
        /// One line of visible characters.
        case line(maximumLength: Int)
    }

    package let key: String
    package let scope: Scope
    package let kind: Kind
    package let standard: String
    /// What it does, for people.
    package let description: String
    /// Of the platform: whether strangers may know it.
    package let isPublic: Bool

    init(
        _ key: String,
        _ scope: Scope,
        _ kind: Kind,
        standard: String,
        isPublic: Bool = false,
        _ description: String
    ) {
        self.key = key
        self.scope = scope
        self.kind = kind
        self.standard = standard
        self.isPublic = isPublic
        self.description = description
    }

    /// Why a value cannot be taken; nil when it can.
    package func objection(to value: String) -> String? {
        switch kind {
        case .boolean: return ["true", "false"].contains(value) ? nil : "Must be true or false."
        case .integer(let range):
            // "+1" and "01" are numbers to Swift, and nobody's canonical form.
            if let number = Int(value), String(number) == value, range.contains(number) { return nil }
            return "Must be a whole number from \(range.lowerBound) to \(range.upperBound)."
        case .choice(let values):
            return values.contains(value) ? nil : "Must be one of " + values.joined(separator: ", ") + "."
        case .line(let maximum):
            if value.unicodeScalars.count <= maximum, VisibleText.isLine(value) || value.isEmpty { return nil }
            return "Must have at most \(maximum) characters, all of them visible."
        }
    }
}
