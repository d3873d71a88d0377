import Foundation
import SocketTesting

/// A response of plain HTTP.
struct RawAnswer {
    let status: Int
    let head: String
    let body: [UInt8]

    init(from socket: TestSocket, isHead: Bool = false) throws {
        head = try socket.receiveText(through: "\r\n\r\n")
        let parts = head.split(separator: " ", maxSplits: 2)
        guard parts.count > 1, let status = Int(parts[1]) else { throw SocketFailure(call: "status \(head)", code: 0) }
        self.status = status
        let field = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
        let length = field.flatMap { Int($0.dropFirst(15).filter(\.isNumber)) } ?? 0
        body = isHead || status == 304 || status == 204 ? [] : try socket.receive(exactly: length)
    }

    subscript(name: String) -> String? {
        for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix(name + ":") {
            return line.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces)
        }
        return nil
    }

    var text: String { String(decoding: body, as: UTF8.self) }
}

let fileFields = """
    id filename contentType byteSize sha256 purpose status rejection visibility image { width height } url
    """
let fileErrors = """
    userErrors { code message path
        ... on FileRejectedError { reason maxBytes allowedTypes } ... on QuotaExceededError { limit used feature } }
    """

extension APIServer {
    /// Sends a file by a multipart request.
    func upload(
        _ bytes: [UInt8],
        name: String,
        purpose: String = "ATTACHMENT",
        type: String = "application/octet-stream",
        token: String?
    ) throws -> APIAnswer {
        let query = """
            mutation ($file: Upload!, $purpose: FilePurpose!) {
                fileUpload(file: $file, purpose: $purpose) { file { \(fileFields) } \(fileErrors) }
            }
            """
        let socket = try socket()
        let operations = try JSONSerialization.data(
            withJSONObject: ["query": query, "variables": ["file": nil, "purpose": purpose] as [String: Any?]]
        )
        let boundary = "a-boundary-of-tests"
        var body = "--\(boundary)\r\ncontent-disposition: form-data; name=\"operations\"\r\n\r\n"
        body += String(decoding: operations, as: UTF8.self)
        body += "\r\n--\(boundary)\r\ncontent-disposition: form-data; name=\"map\"\r\n\r\n{\"0\":[\"variables.file\"]}"
        body += "\r\n--\(boundary)\r\ncontent-disposition: form-data; name=\"0\"; filename=\"\(name)\"\r\n"
        body += "content-type: \(type)\r\n\r\n"
        let end = "\r\n--\(boundary)--\r\n"
        var head = "POST /graphql HTTP/1.1\r\nhost: test\r\ngraphql-require-preflight: 1\r\n"
        head += "content-type: multipart/form-data; boundary=\(boundary)\r\n"
        head += "content-length: \(body.utf8.count + bytes.count + end.utf8.count)\r\n"
        if let token { head += "authorization: Bearer \(token)\r\n" }
        try socket.send(head + "\r\n" + body)
        for start in stride(from: 0, to: bytes.count, by: 65_536) {
            try socket.send(Array(bytes[start..<min(start + 65_536, bytes.count)]))
        }
        try socket.send(end)
        return try APIAnswer(from: socket)
    }

    /// Asks for an address as the application told it, with other fields and another method if need be.
    func fetch(_ url: String, method: String = "GET", _ fields: [String: String] = [:]) throws -> RawAnswer {
        let socket = try socket()
        var head = "\(method) \(path(url)) HTTP/1.1\r\nhost: test\r\n"
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) { head += "\(name): \(value)\r\n" }
        try socket.send(head + "\r\n")
        return try RawAnswer(from: socket, isHead: method == "HEAD")
    }

    func put(_ bytes: [UInt8], to url: String, length: Int? = nil) throws -> RawAnswer {
        let socket = try socket()
        try socket.send("PUT \(path(url)) HTTP/1.1\r\nhost: test\r\ncontent-length: \(length ?? bytes.count)\r\n\r\n")
        for start in stride(from: 0, to: bytes.count, by: 65_536) {
            try socket.send(Array(bytes[start..<min(start + 65_536, bytes.count)]))
        }
        return try RawAnswer(from: socket)
    }

    func path(_ url: String) -> String { url.replacingOccurrences(of: "https://api.example", with: "") }

    func start(
        _ name: String,
        size: Int,
        purpose: String = "ATTACHMENT",
        sha256: String? = nil,
        token: String
    ) throws -> APIAnswer {
        var input: [String: Any] = ["filename": name, "byteSize": "\(size)", "purpose": purpose]
        input["sha256"] = sha256
        return try ask(
            """
            mutation ($in: FileUploadStartInput!) { fileUploadStart(input: $in) {
                ticket { file { \(fileFields) } method url expiresAt } \(fileErrors)
            } }
            """,
            ["in": input],
            token: token
        )
    }

    func complete(_ id: String, token: String) throws -> APIAnswer {
        try ask(
            "mutation ($id: ID!) { fileUploadComplete(fileId: $id) { file { \(fileFields) } \(fileErrors) } }",
            ["id": id],
            token: token
        )
    }

    func delete(file id: String, token: String) throws -> APIAnswer {
        try ask(
            "mutation ($id: ID!) { fileDelete(id: $id) { deletedFileId \(fileErrors) } }",
            ["id": id],
            token: token
        )
    }

    /// Every file that is on the disk, from the folder of files.
    func filesOnDisk() throws -> [String] {
        let paths = FileManager.default.subpaths(atPath: fileFolder) ?? []
        return paths.filter { path in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: "\(fileFolder)/\(path)", isDirectory: &isFolder)
                && !isFolder.boolValue
        }.sorted()
    }
}

/// Files of tests, made by hand.
enum Sample {
    /// The header of a PNG of that size, and what looks like the rest of one.
    static func png(_ width: UInt32, _ height: UInt32, padding: Int = 20) -> [UInt8] {
        [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13] + Array("IHDR".utf8) + bigEndian(width)
            + bigEndian(height) + [8, 6, 0, 0, 0, 1, 2, 3, 4] + [UInt8](repeating: 0xab, count: padding)
    }

    static func text(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(ascii: "a") + UInt8($0 % 26) } }

    private static func bigEndian(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
}
