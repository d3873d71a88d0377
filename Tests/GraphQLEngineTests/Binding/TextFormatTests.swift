import Testing

@testable import GraphQLEngine

@Suite struct TextFormatTests {
    @Test(arguments: [
        (
            "EMAIL",
            ["a@b.c", "first.last+tag@sub.example.org", "é@exämple.org", "\(String(repeating: "a", count: 64))@b.c"]
        ),
        ("URL", ["https://example.org", "HTTP://example.org:80/a?b#c", "http://[::1]/", "https://exämple.org/ä"]),
        ("USERNAME", ["a", "A.b-c_9", "9a"]),
        ("SLUG", ["a", "a-b-9", "2026"]),
        ("E164", ["+4930123456", "+12", "+123456789012345"]),
        ("HEX_COLOR", ["#fff", "#00AAff", "#00aaff80"]),
        ("CURRENCY", ["EUR"]), ("COUNTRY", ["DE"]),
        ("LANGUAGE", ["de", "de-AT", "zh-Hant-TW", "sl-rozaj-1994"]),
        ("TIMEZONE", ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "EST5EDT"]),
        ("UUID", ["01234567-89ab-cdef-0123-456789ABCDEF"]),
    ])
    func `a format takes what is of it`(name: String, texts: [String]) throws {
        let format = try #require(TextFormat(rawValue: name))
        for text in texts { #expect(format.accepts(text), "\(text)") }
    }

    @Test(arguments: [
        (
            "EMAIL",
            [
                "", "a", "@b.c", "a@", "a@b", "a@b.", "a@.c", "a b@c.d", "a@b c.d", "a@b.c\n", "a@b@c.d", "<a@b.c>",
                "a@b.c, d@e.f", "a\u{0}@b.c", "a\u{3000}@b.c", "a\u{202E}@b.c",
                "\(String(repeating: "a", count: 65))@b.c",
            ]
        ),
        (
            "URL",
            [
                "", "example.org", "ftp://example.org", "javascript:alert(1)", "https://", "https:///a", "https://?a",
                "https://a b", "https://a\n", " https://a", "https://a\u{0}", "https://a/\u{1B}",
            ]
        ),
        ("USERNAME", ["", ".a", "-a", "a b", "é", "a\n", "a/b"]),
        ("SLUG", ["", "A", "a_b", "-a", "a-", "a--b", "é", "a\n"]),
        ("E164", ["", "4930123456", "+0123", "+1", "+1234567890123456", "+49 30", "+49a"]),
        ("HEX_COLOR", ["", "fff", "#ff", "#fffff", "#ggg", "#fff\n"]),
        ("CURRENCY", ["", "eur", "EURO", "EU"]), ("COUNTRY", ["", "de", "DEU", "D1"]),
        ("LANGUAGE", ["", "d", "de_AT", "de-", "toolonglanguage", "de-toolongsub"]),
        ("TIMEZONE", ["", "/Berlin", "Europe/", "Europe Berlin", "5EST", "../../etc/passwd", "Europe//Berlin"]),
        (
            "UUID",
            [
                "", "0123456789abcdef0123456789abcdef", "01234567-89ab-cdef-0123-456789ABCDEG",
                "{01234567-89ab-cdef-0123-456789abcdef}",
            ]
        ),
    ])
    func `a format refuses what is not`(name: String, texts: [String]) throws {
        let format = try #require(TextFormat(rawValue: name))
        for text in texts { #expect(!format.accepts(text), "\(text)") }
    }

    @Test func `every format is tested, and gets through a long text`() {
        #expect(TextFormat.allCases.count == 11)
        for format in TextFormat.allCases {
            for text in ["a", "a.", "a@a.", "https://a", "Europe/", "+", "#", "-"] {
                let long = String(repeating: text, count: (1 << 12) / text.utf8.count)
                let time = ContinuousClock().measure { _ = format.accepts(long) }
                #expect(time < .seconds(1), "\(format) takes \(time) for \(text)…")
            }
        }
    }
}
