import EventLoop
import Glibc

/// The Date field in wire form, rendered once a second.
struct DateField: ~Copyable {
    private(set) var bytes = ByteBuffer()
    private var second: time_t = -1

    /// Renders anew when the second has changed.
    mutating func refresh() {
        let now = time(nil)
        guard now != second else { return }
        second = now
        bytes.clear()
        bytes.append("date: ")
        DateField.append(now, to: &bytes)
        bytes.append("\r\n")
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7), whatever the locale.
    static func append(_ time: time_t, to out: inout ByteBuffer) {
        var time = time
        var parts = tm()
        gmtime_r(&time, &parts)
        let days: [StaticString] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months: [StaticString] = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        func twoDigits(_ value: Int32) {
            if value < 10 { out.append("0") }
            out.append(decimal: Int(value))
        }
        out.append(days[Int(parts.tm_wday)])
        out.append(", ")
        twoDigits(parts.tm_mday)
        out.append(" ")
        out.append(months[Int(parts.tm_mon)])
        out.append(" ")
        out.append(decimal: Int(parts.tm_year) + 1900)
        out.append(" ")
        twoDigits(parts.tm_hour)
        out.append(":")
        twoDigits(parts.tm_min)
        out.append(":")
        twoDigits(parts.tm_sec)
        out.append(" GMT")
    }
}
