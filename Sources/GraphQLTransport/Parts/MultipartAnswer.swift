import EventLoop
import GraphQLEngine
import HTTPServer

/// An answer in parts as `multipart/mixed`:
/// https://github.com/graphql/graphql-over-http/blob/main/rfcs/IncrementalDelivery.md
enum MultipartAnswer {
    /// The format of the parts that a client takes; nil if it takes none.
    ///
    /// `deferSpec=20220824` asks for the format of that draft. What a client takes for subscriptions alone is not meant.
    static func format(acceptedBy request: HTTPRequest) -> IncrementalFormat? {
        for value in request.values("accept") {
            for range in value.string.lowercased().split(separator: ",") {
                let parts = range.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" && $0 != "\"" } }
                guard parts.first == "multipart/mixed", !parts.contains(where: { $0.hasPrefix("subscriptionspec=") }),
                    !parts.contains(where: { $0.hasPrefix("q=") && (Double($0.dropFirst(2)) ?? 0) <= 0 })
                else { continue }
                return parts.contains("deferspec=20220824") ? .of2022 : .current
            }
        }
        return nil
    }

    static func contentType(_ format: IncrementalFormat) -> String {
        switch format {
        case .current: #"multipart/mixed; boundary="-""#
        case .of2022: #"multipart/mixed; boundary="-"; deferSpec=20220824"#
        }
    }
}

/// Writes the parts of a multipart answer. The boundary behind a part goes with it: it tells the client that the part is
/// whole.
struct MultipartWriter: PartsWriter {
    private let stream: HTTPResponseStream

    init(_ stream: HTTPResponseStream) {
        self.stream = stream
        stream.write("\r\n---")
    }

    func writable() async throws { try await stream.writable() }

    func next(_ part: Response) {
        stream.write { out in
            out.append("\r\ncontent-type: application/json; charset=utf-8\r\n\r\n")
            part.body.withBytes { out.append($0) }
            out.append("\r\n---")
        }
    }

    func complete() {
        stream.write("--\r\n")
        stream.finish()
    }
}
