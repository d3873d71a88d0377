import Mail
import Testing

@Suite(.timeLimit(.minutes(3))) struct MailMessageTests {
    @Test(arguments: [
        "ida", "@b.c", "a@", "a@b@c", "a b@c", "a@b\r\nc", "<a@b>", "a@b>", "ä@b.c", "a@b,c@d",
        String(repeating: "a", count: 251) + "@b.c",
    ])
    func `what is no plain address is none`(text: String) { #expect(MailAddress(text) == nil) }

    @Test(arguments: [
        ("a@b.c", "a@b.c", nil), ("Atrium <a@b.c>", "a@b.c", "Atrium"), ("<a@b.c>", "a@b.c", nil),
        ("A \r\n Bcc: d <a@b.c>", "a@b.c", "A Bcc: d"),
    ])
    func `an address may have a name, of one line`(text: String, address: String, name: String?) {
        let found = MailAddress(text: text)
        #expect(found?.address == address && found?.name == name)
    }

    @Test func `the bytes of a mail are short lines of ASCII, whatever it says`() throws {
        let text = String(repeating: "ä\r\n.\r\n\0", count: 500)
        let bytes = try message(subject: text, text: text).encoded
        #expect(bytes.allSatisfy { $0 == 13 || $0 == 10 || (0x20..<0x7f).contains($0) })
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
        #expect(lines.allSatisfy { $0.utf8.count <= 78 && !$0.contains("\n") && !$0.contains("\r") && $0 != "." })
    }

    @Test(arguments: [
        ("https://a.example/unsubscribe/x?exp=1&sig=y", true), ("https://a.example/>\r\nBcc: <a@b.c", false),
        ("https://a.example/a b", false), ("https://a.example/ä", false),
    ])
    func `a mail says how to end it, if that ends no line`(address: String, isSaid: Bool) throws {
        let text = String(decoding: try message(unsubscribing: address).encoded, as: UTF8.self)
        #expect(text.contains("\r\nList-Unsubscribe: <\(address)>\r\n") == isSaid)
        #expect(text.contains("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n") == isSaid)
        #expect(!text.contains("Bcc"))
    }
}
