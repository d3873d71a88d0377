internal import Credentials
package import Data
internal import EventLoop
package import FileStore
package import PostgresClient

/// Addresses at which a file can be read for a while, by whoever has one.
package struct FileLink: Sendable {
    private let services: FileServices

    package init(_ services: FileServices) { self.services = services }

    /// - Parameter isInline: whether a browser may show it in its own window, if it is of a kind that may be shown.
    package func url(_ file: UUID, name: String, isInline: Bool, forSeconds seconds: Int) -> String {
        let disposition = isInline ? "inline" : "attachment"
        let path = "/files/\(GlobalID.text("file", file))/\(Self.encoded(name))?d=\(disposition)"
        let end = services.nowSeconds + Int64(seconds)
        return services.options.publicURL + services.links.sign("GET", path, untilSeconds: end)
    }

    /// A file that may be read.
    package struct Opened: Sendable {
        package let row: FileRow
        package let content: StoredContent
        /// The value of `Content-Disposition`.
        package let disposition: String
        /// What browsers are told that it is: nothing that could act.
        package let servedType: String
        fileprivate let storage: any FileStorage
        /// How long the address is still good.
        package let remainingSeconds: Int64

        /// The bytes of the range, read without holding up a loop.
        package func read(_ range: Range<Int>, of content: DiskFile) async throws -> [UInt8] {
            try await storage.pool.run { try content.bytes(range) }
        }
    }

    package enum Failure: Error, Sendable, Equatable {
        case forged
        case expired
        /// Deleted since.
        case gone
    }

    /// - Parameters:
    ///   - target: path and query of the request.
    ///   - wantsHead: whether only the head of the answer is wanted.
    package func open(_ target: String, wantsHead: Bool) async throws -> Result<Opened, Failure> {
        let now = services.nowSeconds
        switch services.links.check("GET", target, atSeconds: now) {
        case .forged: return .failure(.forged)
        case .expired: return .failure(.expired)
        case .good: break
        }
        let id = target.dropFirst("/files/".count).prefix { $0 != "/" }
        guard let id = GlobalID.uuid("file", String(id)), let row = try await services.database.session.readyFile(id)
        else { return .failure(.gone) }
        let type = FileType(mediaType: row.contentType)
        let isInline = target.contains("?d=inline&") && type?.mayBeShown == true
        let remaining = Self.end(of: target).map { max(0, $0 - now) } ?? 0
        let reader = FileReader(
            mediaType: Self.servedType(row, type),
            disposition: Self.disposition(of: row.filename, isInline: isInline),
            wantsHead: wantsHead,
            seconds: Int(remaining)
        )
        guard let content = try await services.storage.content(row.storageKey, for: reader) else {
            return .failure(.gone)
        }
        return .success(
            Opened(
                row: row,
                content: content,
                disposition: reader.disposition,
                servedType: reader.mediaType,
                storage: services.storage,
                remainingSeconds: remaining
            )
        )
    }

    private static func servedType(_ row: FileRow, _ type: FileType?) -> String {
        let served = type?.isActive ?? true ? "application/octet-stream" : row.contentType
        return served.hasPrefix("text/") ? served + "; charset=utf-8" : served
    }

    /// https://www.rfc-editor.org/rfc/rfc6266#section-4.1 and appendix D
    private static func disposition(of name: String, isInline: Bool) -> String {
        let plain = name.unicodeScalars.map { scalar in
            scalar.isASCII && scalar.value >= 0x20 && scalar.value != 0x7f && !"\"\\%".unicodeScalars.contains(scalar)
                ? Character(scalar) : "_"
        }
        return "\(isInline ? "inline" : "attachment"); filename=\"\(String(plain))\"; "
            + "filename*=UTF-8''\(encoded(name))"
    }

    private static func end(of target: String) -> Int64? {
        guard let range = target.ranges(of: "&exp=").last else { return nil }
        return Int64(target[range.upperBound...].prefix { $0.isNumber })
    }

    /// https://www.rfc-editor.org/rfc/rfc3986#section-2.3
    package static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.append(byte)
            default: result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
