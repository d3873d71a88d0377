import Glibc

/// How serious a line of the log is.
public enum LogLevel: String, Sendable, CaseIterable, Comparable {
    /// For whoever looks for a fault: what goes on in detail.
    case debug
    case info
    case warning
    case error
    /// Somebody should be woken up.
    case critical

    var rank: Int {
        switch self {
        case .debug: 0
        case .info: 1
        case .warning: 2
        case .error: 3
        case .critical: 4
        }
    }

    public static func < (one: LogLevel, other: LogLevel) -> Bool { one.rank < other.rank }
}

/// One value of a line.
public enum LogValue: Sendable {
    /// May come from anywhere: whatever could break a line, a terminal or a reader's eye is escaped.
    case text(String)
    case number(Int)
    /// Shown in milliseconds.
    case nanoseconds(UInt64)
}

/// Lines of a log in one of two forms, without the end of line.
public enum LogLine {
    public enum Form: String, Sendable {
        /// For people.
        case text
        /// One JSON object a line, for programs.
        case json
        /// Requests in Apache's combined format, for programs that read that; other lines are text.
        case combined
    }

    /// Longer texts are cut.
    static let maximumText = 512

    static func render(
        _ form: Form,
        _ level: LogLevel,
        _ message: StaticString,
        _ values: [(StaticString, LogValue)],
        at time: timespec
    ) -> String {
        var line = ""
        switch form {
        case .json:
            line = "{\"time\":\"\(timestamp(time))\",\"level\":\"\(level.rawValue)\",\"message\":\"\(message)\""
            for (name, value) in values { line += ",\"\(name)\":\(json(value))" }
            line += "}"
        case .text, .combined:
            line = "\(timestamp(time)) \(level.rawValue) \(message)"
            for (name, value) in values { line += " \(name)=\(plain(value))" }
        }
        return line
    }

    /// A request as Apache's `combined` has it: https://httpd.apache.org/docs/current/logs.html#combined. Of the address that led
    /// here the query is left out, as that of the target is.
    static func combined(_ record: HTTPAccessRecord, client: String, at time: timespec) -> String {
        let parts = calendar(time)
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let date = "\(padded(parts.tm_mday, 2))/\(months[Int(parts.tm_mon)])/\(Int(parts.tm_year) + 1_900)"
        let line = record.request.map { request in
            "\(request.method.name) \(request.path.string) HTTP/1.\(request.minorVersion)"
        }
        let referer = record.request?["referer"]?.string.prefix { $0 != "?" && $0 != "#" }
        func quoted(_ text: String?) -> String { "\"\(escaped(text ?? "-", quotes: true))\"" }
        return "\(client) - - [\(date):\(clock(parts)) +0000] \(quoted(line)) \(record.status.code) "
            + (record.bodyBytes == 0 ? "-" : "\(record.bodyBytes)")
            + " \(quoted(referer.map(String.init))) \(quoted(record.request?["user-agent"]?.string))"
    }

    /// `2026-11-21T09:50:53.123Z`
    private static func timestamp(_ time: timespec) -> String {
        let parts = calendar(time)
        let date = "\(Int(parts.tm_year) + 1_900)-\(padded(parts.tm_mon + 1, 2))-\(padded(parts.tm_mday, 2))"
        return "\(date)T\(clock(parts)).\(padded(Int32(time.tv_nsec / 1_000_000), 3))Z"
    }

    private static func calendar(_ time: timespec) -> tm {
        var seconds = time.tv_sec
        var parts = tm()
        gmtime_r(&seconds, &parts)
        return parts
    }

    private static func clock(_ parts: tm) -> String {
        "\(padded(parts.tm_hour, 2)):\(padded(parts.tm_min, 2)):\(padded(parts.tm_sec, 2))"
    }

    private static func padded(_ number: Int32, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    private static func json(_ value: LogValue) -> String {
        switch value {
        case .text(let text): "\"\(escaped(text, quotes: true))\""
        case .number(let number): "\(number)"
        case .nanoseconds(let time): milliseconds(time)
        }
    }

    private static func plain(_ value: LogValue) -> String {
        switch value {
        case .text(let text):
            text.contains { $0 == " " || $0 == "=" || $0 == "\"" } || text.isEmpty
                ? "\"\(escaped(text, quotes: true))\"" : escaped(text, quotes: false)
        case .number(let number): "\(number)"
        case .nanoseconds(let time): "\(milliseconds(time))ms"
        }
    }

    private static func milliseconds(_ nanoseconds: UInt64) -> String {
        let micro = nanoseconds / 1_000
        let rest = String(micro % 1_000)
        return "\(micro / 1_000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
    }

    /// Controls, line separators and marks that turn the direction of writing become `\uXXXX`.
    private static func escaped(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        var count = 0
        for scalar in text.unicodeScalars {
            count += 1
            if count > maximumText { return escaped + "…" }
            switch scalar.value {
            case 0x22 where quotes: escaped += "\\\""
            case 0x5c: escaped += "\\\\"
            case 0..<0x20, 0x7f..<0xa0, 0xad, 0x61c, 0x200b...0x200f, 0x2028...0x202e, 0x2060...0x206f, 0xfeff:
                let digits = String(scalar.value, radix: 16)
                escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
