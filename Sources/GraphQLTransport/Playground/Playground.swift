import HTTPServer

/// Serves the page, at the address of GraphQL itself, and its files below that. It executes nothing, whatever the
/// address says: operations come from the page's scripts, by POST, under the rules that hold for all.
struct Playground: Sendable {
    private let files: PlaygroundFiles
    /// Such as `/graphql/playground/`.
    private let prefix: [UInt8]
    /// The same as seen from the page, so that a proxy may serve it under another path.
    private let relativePrefix: String
    /// What the page finds here besides its files, as JSON.
    let offers: String
    let plan: (@Sendable (String) async throws -> [String]?)?
    /// The page of the files in the binary, which never changes.
    private var page: PlaygroundFile?

    init(_ options: PlaygroundOptions, path: String) {
        files = options.developmentFolder.map(PlaygroundFiles.folder) ?? .embedded
        prefix = Array("\(path)/playground/".utf8)
        relativePrefix = "\(path.split(separator: "/").last ?? ".")/playground/"
        offers = PlaygroundOffers(options).json
        plan = options.plan
        if options.developmentFolder == nil { page = makePage() }
    }

    /// Whether the request is a browser's, whose user wants to see something.
    func isPageWanted(by request: HTTPRequest) -> Bool {
        (request.method == .get || request.method == .head) && MediaType.prefersPage(request)
    }

    func answerPage(_ request: HTTPRequest, _ responder: HTTPResponder) {
        guard let page = page ?? makePage() else { return responder.respond(.notFound) }
        send(page, "no-cache", request, responder)
    }

    private func makePage() -> PlaygroundFile? {
        guard let template = files.file("index.html") else { return nil }
        let base = "\(relativePrefix)\(files.version)/"
        let preloads = files.scripts.map { "<link rel=\"modulepreload\" href=\"\(base)\($0)\">" }
        var text = String(decoding: template.plain, as: UTF8.self)
        text = text.replacing("<!-- scripts -->", with: preloads.joined(separator: "\n"))
            .replacing("{base}", with: base)
        return PlaygroundFile(name: "index.html", Array(text.utf8))
    }

    /// What is at the addresses that are no files.
    enum Tool: String {
        /// What an operation would cost.
        case estimate
        /// What the page may offer to its user.
        case offers
        /// How a statement of a trace is run.
        case plan

        var method: HTTPMethod { self == .offers ? .get : .post }
    }

    func tool(of request: HTTPRequest) -> Tool? {
        guard request.path.withUnsafeBytes({ $0.starts(with: prefix) }) else { return nil }
        return Tool(rawValue: String(request.path.string.dropFirst(prefix.count)))
    }

    /// False when the request is for something else.
    func answerFile(_ request: HTTPRequest, _ responder: HTTPResponder) -> Bool {
        guard request.path.withUnsafeBytes({ $0.starts(with: prefix) }) else { return false }
        guard request.method == .get || request.method == .head else {
            responder.respond(.methodNotAllowed, HTTPFields(["allow": "GET, HEAD"]))
            return true
        }
        let parts = request.path.string.dropFirst(prefix.count).split(separator: "/", maxSplits: 1)
        guard parts.count == 2, let file = files.file(String(parts[1])) else {
            responder.respond(.notFound)
            return true
        }
        // The address of an older version gets the newer file, which nobody may keep under that name.
        let isCurrent = parts[0] == files.version && files.version != "development"
        send(file, isCurrent ? "public, max-age=31536000, immutable" : "no-cache", request, responder)
        return true
    }

    private func send(_ file: PlaygroundFile, _ caching: String, _ request: HTTPRequest, _ responder: HTTPResponder) {
        let gzip = request.acceptsGzip ? file.gzip : nil
        // Strong, so each encoding has one of its own (RFC 9110 section 8.8.3.3).
        let tag = gzip == nil ? "\"\(file.digest)\"" : "\"\(file.digest)-gzip\""
        var fields = Self.fields
        fields.add("content-type", file.type)
        fields.add("cache-control", caching)
        fields.add("etag", tag)
        fields.add("vary", "accept, accept-encoding")
        let known = request.values("if-none-match").flatMap { $0.string.split(separator: ",") }
        if known.contains(where: { $0.drop { $0 == " " } == tag || $0.hasSuffix("W/\(tag)") || $0 == "*" }) {
            return responder.respond(.notModified, fields)
        }
        if gzip != nil { fields.add("content-encoding", "gzip") }
        responder.respond(.ok, fields, body: gzip ?? file.plain)
    }

    /// The page runs its own files and talks to its own server, and nothing else: no script or style in the document, no
    /// frame around it, no text ever taken for markup.
    private static let fields = HTTPFields([
        "content-security-policy": """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
        base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
        trusted-types 'none'
        """,
        "x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin",
    ])
}
