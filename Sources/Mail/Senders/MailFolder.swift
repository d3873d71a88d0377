internal import Credentials
package import EventLoop
internal import Glibc

/// Puts mails into a folder, for development: each as `.eml`, for programs that read mails, and as `.json`, for the list of
/// them. Keeps the newest.
package struct MailFolder: MailSender {
    package struct Fault: Error, CustomStringConvertible {
        let path: String
        let code: Int32
        package var description: String { "\(path): \(String(cString: strerror(code)))" }
    }

    private let folder: String
    private let pool: BlockingPool
    private let limit: Int

    /// Makes the folder where it is missing.
    package init(_ folder: String, pool: BlockingPool, limit: Int = 200) throws {
        self.folder = folder
        self.pool = pool
        self.limit = limit
        var path = ""
        for part in folder.split(separator: "/", omittingEmptySubsequences: false) {
            path += part + "/"
            guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw Fault(path: path, code: errno) }
        }
    }

    package var name: String { "file" }

    package func send(_ message: MailMessage) async throws -> String? {
        // Names in the order of time.
        let stamp = String(message.seconds)
        let name = String(repeating: "0", count: max(0, 12 - stamp.utf8.count)) + stamp + "-" + message.id
        guard MailFolder.isName(name) else { throw MailFault.rejected("its id is no name of a file") }
        let json = JSONValue.json([
            ("id", .string(name)), ("date", .number(Double(message.seconds))), ("to", .string(message.to.address)),
            ("from", .string(message.from.address)), ("subject", .string(message.subject)),
            ("text", .string(message.text)), ("html", .string(message.html)),
            ("unsubscribing", message.unsubscribing.map(JSONValue.string) ?? .null),
        ])
        try await pool.run { [folder] in
            try MailFolder.write(message.encoded, to: "\(folder)/\(name).eml")
            try MailFolder.write(Array(json.utf8), to: "\(folder)/\(name).json")
            for old in try names().dropFirst(limit) {
                unlink("\(folder)/\(old).json")
                unlink("\(folder)/\(old).eml")
            }
        }
        return name
    }

    // MARK: Reading

    /// The mails there are, the newest first.
    package func mails() async throws -> [StoredMail] {
        try await pool.run { try names().prefix(100).compactMap(stored) }
    }

    /// Nil where there is none of that name.
    package func mail(_ name: String) async throws -> StoredMail? {
        guard MailFolder.isName(name) else { return nil }
        return try await pool.run { stored(name) }
    }

    private func stored(_ name: String) -> StoredMail? {
        MailFolder.read("\(folder)/\(name).json").flatMap { JSONValue(json: $0) }.flatMap(StoredMail.init)
    }

    private func names() throws -> [String] {
        guard let directory = opendir(folder) else { throw Fault(path: folder, code: errno) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(".json") { names.append(String(name.dropLast(5))) }
        }
        return names.sorted(by: >)
    }

    /// No path, and no hidden file.
    private static func isName(_ name: String) -> Bool {
        (1...100).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Fault(path: path, code: errno) }
        defer { close(descriptor) }
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else { throw Fault(path: path, code: errno) }
            done += max(0, count)
        }
    }

    /// Nil for what is not there, and beyond a megabyte.
    private static func read(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= 1 << 20 {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count == 0 { return bytes }
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
        }
        return nil
    }
}

/// A mail of the folder.
package struct StoredMail: Sendable, Equatable {
    package let id: String
    package let seconds: Int64
    package let to: String
    package let from: String
    package let subject: String
    package let text: String
    package let html: String
    package let unsubscribing: String?

    init?(_ value: JSONValue) {
        guard let fields = value.object, let id = fields["id"]?.string, let seconds = fields["date"]?.number,
            let to = fields["to"]?.string, let from = fields["from"]?.string, let subject = fields["subject"]?.string,
            let text = fields["text"]?.string, let html = fields["html"]?.string
        else { return nil }
        self.id = id
        self.seconds = Int64(seconds)
        self.to = to
        self.from = from
        self.subject = subject
        self.text = text
        self.html = html
        unsubscribing = fields["unsubscribing"]?.string
    }

    /// `2026-01-15T10:30:00Z`
    package var date: String {
        var time = time_t(seconds)
        var parts = tm()
        gmtime_r(&time, &parts)
        let numbers = [
            parts.tm_year + 1_900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
        ]
        let texts = numbers.map { ($0 < 10 ? "0" : "") + String($0) }
        return texts[..<3].joined(separator: "-") + "T" + texts[3...].joined(separator: ":") + "Z"
    }

    /// The addresses in its text, which stand on lines of their own.
    package var links: [String] {
        text.split(separator: "\n").filter { $0.hasPrefix("http://") || $0.hasPrefix("https://") }.map(String.init)
    }
}
