/// The formats that `@constraint(format:)` knows. They refuse what cannot be right; whether an address exists, only
/// a message to it can tell.
enum TextFormat: String, CaseIterable {
    case country = "COUNTRY"
    case currency = "CURRENCY"
    case e164 = "E164"
    case email = "EMAIL"
    case hexColor = "HEX_COLOR"
    case language = "LANGUAGE"
    case slug = "SLUG"
    case timeZone = "TIMEZONE"
    case url = "URL"
    case username = "USERNAME"
    case uuid = "UUID"

    func accepts(_ text: String) -> Bool { PatternCache.isFound(pattern, in: text) }

    var description: String {
        switch self {
        case .country: "an ISO 3166 country code of two letters"
        case .currency: "an ISO 4217 currency code"
        case .e164: "a phone number such as +4930123456"
        case .email: "an e-mail address"
        case .hexColor: "a color such as #0055ff"
        case .language: "a BCP 47 language tag"
        case .slug: "lower-case words with hyphens between them"
        case .timeZone: "an IANA time zone such as Europe/Berlin"
        case .url: "an http or https URL"
        case .username: "letters, digits, dots, hyphens and underscores, beginning with a letter or digit"
        case .uuid: "a UUID"
        }
    }

    /// White space, control characters, and what turns the direction of text: nobody sees them, and protocols that
    /// addresses go into give them a meaning.
    private var hidden: String { #"\s\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069"# }

    private var pattern: String {
        switch self {
        case .country: #"^[A-Z]{2}$"#
        case .currency: #"^[A-Z]{3}$"#
        case .e164: #"^\+[1-9][0-9]{1,14}$"#
        case .email:
            #"^[^\#(hidden)@<>()\[\],;:"\\]{1,64}@[^\#(hidden)@<>()\[\],;:"\\.]+(\.[^\#(hidden)@<>()\[\],;:"\\.]+)+$"#
        case .hexColor: #"^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})$"#
        case .language: #"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"#
        case .slug: #"^[a-z0-9]+(-[a-z0-9]+)*$"#
        case .timeZone: #"^[A-Za-z][A-Za-z0-9_+\-]*(/[A-Za-z0-9_+\-]+)*$"#
        case .url: #"^[hH][tT][tT][pP][sS]?://[^\#(hidden)/?#]+[^\#(hidden)]*$"#
        case .username: #"^[A-Za-z0-9][A-Za-z0-9_.\-]*$"#
        case .uuid: #"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"#
        }
    }
}
