/// The negotiation of permessage-deflate (RFC 7692 section 7).
enum WebSocketExtensions {
    /// What was agreed on: the window we compress with, and the answer for the client.
    struct Agreement: Equatable {
        let windowBits: Int
        let answer: String
    }

    /// Takes the first offer that can be met. Both sides give up context takeover, which a server may ask for unasked.
    static func negotiate(_ offers: [String]) -> Agreement? {
        for field in offers {
            for offer in field.split(separator: ",") {
                if let agreement = accept(offer) { return agreement }
            }
        }
        return nil
    }

    private static func accept(_ offer: Substring) -> Agreement? {
        let parts = offer.split(separator: ";", omittingEmptySubsequences: false).map { trim($0) }
        guard parts.first?.lowercased() == "permessage-deflate" else { return nil }
        var windowBits = 15
        var seen: Set<String> = []
        var answersWindow = false
        for parameter in parts.dropFirst() {
            let pair = parameter.split(separator: "=", maxSplits: 1).map { trim($0) }
            guard let name = pair.first?.lowercased(), seen.insert(name).inserted else { return nil }
            let value = pair.count == 2 ? pair[1].filter { $0 != "\"" } : nil
            switch name {
            case "server_no_context_takeover", "client_no_context_takeover":
                guard value == nil else { return nil }
            case "client_max_window_bits":
                // Any window of the client fits into ours of 15 bits.
                if let value { guard let bits = Int(value), (8...15).contains(bits) else { return nil } }
            case "server_max_window_bits":
                // zlib cannot produce a raw stream with a window of 8 bits: such an offer is declined.
                guard let value, let bits = Int(value), (9...15).contains(bits) else { return nil }
                windowBits = bits
                answersWindow = true
            default: return nil
            }
        }
        var answer = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
        if answersWindow { answer += "; server_max_window_bits=\(windowBits)" }
        return Agreement(windowBits: windowBits, answer: answer)
    }

    private static func trim(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
