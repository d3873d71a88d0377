import Testing

@testable import FileStore

@Suite(.timeLimit(.minutes(3))) struct FileNameTests {
    @Test(
        arguments: [
            ("a.png", "a.png", "png"), ("Report v1.2.PDF", "Report v1.2.PDF", "pdf"), ("README", "README", nil),
            ("  a.txt. . ", "a.txt", "txt"), ("日本語.txt", "日本語.txt", "txt"), ("a\u{202e}gpj.txt", "agpj.txt", "txt"),
            ("exe.png", "exe.png", "png"), ("html", "html", nil), ("archive.tar.zip", "archive.tar.zip", "zip"),
        ] as [(String, String, String?)]
    )
    func `an honest name is kept`(given: String, text: String, end: String?) throws {
        let name = try #require(FileName(given))
        #expect(name.text == text)
        #expect(name.extension == end)
    }

    @Test(arguments: [
        "", " ", ".", "..", ".env", "a/b", "a\\b", "/etc/passwd", "C:\\x", "a\0.png", "a\n.png", "a\u{85}b",
        "\u{e000}.png",
        "a.exe.png", "a.PhP.jpg", "x.html.txt", "a<b>.txt", "a|b", "what?.txt", "\u{2028}a.txt",
        String(repeating: "a", count: 256), String(repeating: "ä", count: 600),
    ])
    func `a name that is a path, hides something or is none is refused`(text: String) { #expect(FileName(text) == nil) }
}
