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
        package let type: FileType?
        package let isInline: Bool
        package let content: DiskFile
        fileprivate let storage: FolderStorage
        /// How long the address is still good.
        package let remainingSeconds: Int64

        /// The bytes of the range, read without holding up a loop.
        package func read(_ range: Range<Int>) async throws -> [UInt8] {
            try await storage.pool.run { [content] in try content.bytes(range) }
        }
    }

    package enum Failure: Error, Sendable, Equatable {
        case forged
        case expired
        /// Deleted since.
        case gone
    }

    /// - Parameter target: path and query of the request.
    package func open(_ target: String) async throws -> Result<Opened, Failure> {
        let now = services.nowSeconds
        switch services.links.check("GET", target, atSeconds: now) {
        case .forged: return .failure(.forged)
        case .expired: return .failure(.expired)
        case .good: break
        }
        let id = target.dropFirst("/files/".count).prefix { $0 != "/" }
        guard let id = GlobalID.uuid("file", String(id)),
            let row = try await services.database.session.readyFile(id),
            let content = try await services.storage.open(row.storageKey)
        else { return .failure(.gone) }
        let type = FileType(mediaType: row.contentType)
        return .success(
            Opened(
                row: row,
                type: type,
                isInline: target.contains("?d=inline&") && type?.mayBeShown == true,
                content: content,
                storage: services.storage,
                remainingSeconds: Self.end(of: target).map { max(0, $0 - now) } ?? 0
            )
        )
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
