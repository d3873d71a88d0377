/// Writes HTML in which only what it is told to write can be markup.
struct HTMLWriter {
    private var bytes: [UInt8] = []

    var html: String { String(decoding: bytes, as: UTF8.self) }

    mutating func open(_ element: String, _ attributes: [(name: String, value: String)] = []) {
        write("<")
        write(element)
        for (name, value) in attributes {
            write(" ")
            write(name)
            write("=\"")
            text(value)
            write("\"")
        }
        write(">")
    }

    mutating func close(_ element: String) {
        write("</")
        write(element)
        write(">")
    }

    mutating func text(_ text: String) { escape(text.utf8) }

    /// Text in which addresses of the web become links.
    mutating func textWithLinks(_ text: String) {
        var rest = Substring(text)
        while let address = WebAddress.first(in: rest) {
            escape(rest[..<address.startIndex].utf8)
            link(to: String(address)) { $0.escape(address.utf8) }
            rest = rest[address.endIndex...]
        }
        escape(rest.utf8)
    }

    mutating func link(to address: String, _ content: (inout HTMLWriter) -> Void) {
        open("a", [("href", address), Self.untrusted])
        content(&self)
        close("a")
    }

    /// On every link: nothing is said for its target, and it learns nothing of the page.
    static let untrusted = (name: "rel", value: "nofollow noopener noreferrer")

    private mutating func write(_ markup: String) { bytes += markup.utf8 }

    private mutating func escape(_ text: some Sequence<UInt8>) {
        for byte in text {
            switch byte {
            case UInt8(ascii: "&"): write("&amp;")
            case UInt8(ascii: "<"): write("&lt;")
            case UInt8(ascii: ">"): write("&gt;")
            case UInt8(ascii: "\""): write("&quot;")
            case UInt8(ascii: "'"): write("&#39;")
            case UInt8(ascii: "\n"), UInt8(ascii: "\t"): bytes.append(byte)
            // Control characters are no text, and some readers make marks of them.
            case 0..<0x20, 0x7f: break
            case 0x80...0x9f where bytes.last == 0xc2: bytes.removeLast()
            default: bytes.append(byte)
            }
        }
    }
}
