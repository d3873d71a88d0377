import HTTPServer

/// What an answer can be.
enum MediaType: CaseIterable {
    case graphQLResponse, json, eventStream

    var name: StaticString {
        switch self {
        case .graphQLResponse: "application/graphql-response+json"
        case .json: "application/json"
        case .eventStream: "text/event-stream"
        }
    }

    /// The type the client likes best (RFC 9110 section 12.5.1); nil when it accepts none of ours.
    ///
    /// Among equals the one of GraphQL comes first. Clients of the drafts that do not care get plain JSON.
    static func negotiate(_ request: HTTPRequest, _ edition: StatusCodes) -> MediaType? {
        let standard = edition == .legacy ? MediaType.json : .graphQLResponse
        if let accepted = request.sole("accept") {
            if accepted.equals("*/*") { return standard }
            for type in allCases where accepted.equals(type.name) { return type }
        }
        let values = request.values("accept")
        if values.isEmpty { return standard }
        let members = values.flatMap { $0.string.split(separator: ",") }
        if members.isEmpty { return standard }
        let ranges = members.compactMap(MediaRange.init)
        var best: (type: MediaType, rank: (Int, Int))?
        for type in allCases {
            guard let range = ranges.filter({ $0.covers(type) }).max(by: { $0.precision < $1.precision }),
                range.weight > 0
            else { continue }
            // A wildcard means the standard type; an event stream has to be asked for by its name.
            let isStandard = range.precision > 1 || type == standard
            if range.precision < 2, type == .eventStream { continue }
            let rank = (range.weight, isStandard ? 1 : 0)
            if best.map({ rank > $0.rank }) ?? true { best = (type, rank) }
        }
        // Who takes answers in parts only gets those that have none as plain ones.
        return best?.type ?? (MultipartAnswer.format(acceptedBy: request) == nil ? nil : standard)
    }

    /// Whether the client takes events, be it that it likes others better.
    static func takesEvents(_ request: HTTPRequest) -> Bool {
        let members = request.values("accept").flatMap { $0.string.split(separator: ",") }
        return members.compactMap(MediaRange.init).contains {
            $0.precision == 2 && $0.weight > 0 && $0.covers(.eventStream)
        }
    }

    /// Whether the client would rather have a page to look at: it names HTML, and none of ours that it likes as much.
    static func prefersPage(_ request: HTTPRequest) -> Bool {
        let members = request.values("accept").flatMap { $0.string.split(separator: ",") }
        let ranges = members.compactMap(MediaRange.init)
        guard let page = ranges.first(where: \.isPage), page.weight > 0 else { return false }
        return !ranges.contains { range in
            range.precision == 2 && range.weight >= page.weight && allCases.contains(where: range.covers)
        }
    }
}

/// One member of an Accept field.
private struct MediaRange {
    private let type: Substring
    private let subtype: Substring
    /// In thousandths.
    let weight: Int

    init?(_ text: Substring) {
        let parts = text.lowercased().split(separator: ";").map { $0.trimmingBlanks }
        guard let names = parts.first?.split(separator: "/", omittingEmptySubsequences: false), names.count == 2
        else { return nil }
        (type, subtype) = (names[0], names[1])
        var weight = 1_000
        for part in parts.dropFirst() {
            if part.hasPrefix("q=") {
                guard let value = Double(part.dropFirst(2)), value >= 0, value <= 1 else { return nil }
                weight = Int(value * 1_000)
            } else if part.hasPrefix("charset=") {
                guard part.dropFirst(8).isUTF8Name else { return nil }
            }
        }
        self.weight = weight
    }

    /// 2 for a whole type, 1 for `application/*`, 0 for `*/*`.
    var precision: Int { (type == "*" ? 0 : 1) + (subtype == "*" ? 0 : 1) }

    var isPage: Bool { type == "text" && subtype == "html" }

    func covers(_ media: MediaType) -> Bool {
        let names = media.name.description.split(separator: "/")
        return type == "*" && subtype == "*" || type == names[0] && (subtype == "*" || subtype == names[1])
    }
}

/// What a Content-Type field says.
enum ContentType {
    /// Whether it is JSON in UTF-8, which is the only encoding that JSON has between systems (RFC 8259 section 8.1).
    static func isJSON(_ field: HTTPBytes) -> Bool {
        if field.equals("application/json") { return true }
        let parts = field.string.lowercased().split(separator: ";").map { $0.trimmingBlanks }
        guard parts.first == "application/json" else { return false }
        return parts.dropFirst().allSatisfy { !$0.hasPrefix("charset=") || $0.dropFirst(8).isUTF8Name }
    }
}

extension Substring {
    fileprivate var trimmingBlanks: Substring {
        var text = drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }

    /// In lower case.
    fileprivate var isUTF8Name: Bool { ["utf-8", "\"utf-8\"", "utf8"].contains(self) }
}
