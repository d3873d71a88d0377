@testable import GraphQLTransport

/// What a parser made of a form, however its bytes were split.
struct MultipartOutcome: Equatable {
    struct Part: Equatable {
        let head: MultipartHead
        var content: [UInt8] = []
        var isComplete = false
    }

    var parts: [Part] = []
    var violation: MultipartViolation?

    /// Feeds the pieces one after another.
    init(_ pieces: [[UInt8]], boundary: String = "b", maximumHead: Int = 100) {
        var parser = MultipartParser(boundary: Array(boundary.utf8), maximumHead: maximumHead)
        do throws(MultipartViolation) {
            for piece in pieces {
                for event in try parser.next(piece) { take(event) }
            }
            try parser.finish()
        } catch {
            violation = error
        }
        // How much of a form is passed on before it proves to be none depends on how it was split.
        if violation != nil { parts = [] }
    }

    private mutating func take(_ event: MultipartParser.Event) {
        switch event {
        case .head(let head): parts.append(Part(head: head))
        case .data(let bytes): parts[parts.count - 1].content += bytes
        case .partEnd: parts[parts.count - 1].isComplete = true
        }
    }
}
