/// Where mails go to, or come from. Nothing of it can end a line or a command.
package struct MailAddress: Sendable, Equatable {
    package let address: String
    /// What programs show in place of the address.
    package let name: String?

    /// Nil for what is no address of plain characters.
    package init?(_ address: String, name: String? = nil) {
        let marks = ".!#$%&'*+/=?^_`{|}~-"
        func isPlain(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: marks.utf8.contains(byte)
            }
        }
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        guard address.utf8.count <= 254, parts.count == 2,
            parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isPlain) })
        else { return nil }
        self.address = address
        self.name = name.map(HeaderText.line).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// `Name <address>`, or an address alone.
    package init?(text: String) {
        guard text.hasSuffix(">"), let start = text.lastIndex(of: "<") else {
            self.init(text)
            return
        }
        self.init(
            String(text[text.index(after: start)...].dropLast()),
            name: text[..<start].split(separator: " ").joined(separator: " ")
        )
    }

    /// As a field of a head has it.
    var field: String { name.map { "\(HeaderText.encoded($0)) <\(address)>" } ?? address }
}
